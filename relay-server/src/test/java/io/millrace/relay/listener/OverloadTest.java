package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OverloadTest {
    private static final long MILLI = 1_000;

    private final Overload overload = new Overload(60);

    @Test
    void onePauseIsNoOverload() {
        overload.secondPassed(0);
        overload.secondPassed(500 * MILLI);
        overload.secondPassed(0);

        assertThat(overload.refusesRequests()).isFalse();
        assertThat(overload.newestWaitMicros()).isZero();
    }

    @Test
    void threeSecondsOfItAre() {
        assertThat(overload.secondPassed(61 * MILLI)).isFalse();
        assertThat(overload.secondPassed(70 * MILLI)).isFalse();
        assertThat(overload.secondPassed(65 * MILLI)).isTrue();

        assertThat(overload.refusesRequests()).isTrue();
        assertThat(overload.refusesPublishers()).isFalse();
        assertThat(overload.leastWaitMillis()).isEqualTo(61);
    }

    @Test
    void publishersAreRefusedAtTwiceTheLimit() {
        for (int second = 0; second < 3; second++) {
            overload.secondPassed(121 * MILLI);
        }

        assertThat(overload.refusesPublishers()).isTrue();
    }

    @Test
    void oneGoodSecondEndsIt() {
        for (int second = 0; second < 5; second++) {
            overload.secondPassed(200 * MILLI);
        }

        assertThat(overload.secondPassed(60 * MILLI)).isTrue();
        assertThat(overload.refusesRequests()).isFalse();
        assertThat(overload.refusesPublishers()).isFalse();
    }

    @Test
    void aLimitOfZeroRefusesNobody() {
        Overload unlimited = new Overload(0);
        for (int second = 0; second < 5; second++) {
            assertThat(unlimited.secondPassed(10_000 * MILLI)).isFalse();
        }

        assertThat(unlimited.refusesRequests()).isFalse();
        assertThat(unlimited.refusesPublishers()).isFalse();
    }
}
