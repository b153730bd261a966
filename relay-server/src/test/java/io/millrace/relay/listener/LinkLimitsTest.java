package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.access.GrantLimits;
import io.millrace.relay.stats.ConnectionInfo.Role;
import org.junit.jupiter.api.Test;

class LinkLimitsTest {
    private static final long OPENED_MICROS = 1_000_000_000_000L;
    private static final long MEGABIT_BYTES = 125_000;

    @Test
    void withoutLimitsNothingIsExceeded() {
        LinkLimits limits = new LinkLimits(GrantLimits.NONE, Role.PUBLISHER, OPENED_MICROS);

        assertThat(limits.exceeded(at(1_000_000_000), Long.MAX_VALUE / 8_000_000))
                .isNull();
    }

    @Test
    void timeIsOverWhenItIs() {
        LinkLimits limits = new LinkLimits(new GrantLimits(0, 0, 60, 0), Role.SUBSCRIBER, OPENED_MICROS);

        assertThat(limits.exceeded(at(60) - 1, 0)).isNull();
        assertThat(limits.exceeded(at(60), 0)).isEqualTo("it was granted 60 s, and they are over");
    }

    @Test
    void publisherMayBeAboveItsBitRateForSomeSeconds() {
        LinkLimits limits = publisher(1_000_000);

        assertThat(limits.exceeded(at(1), 5 * MEGABIT_BYTES)).isNull();
        assertThat(limits.exceeded(at(9), 9 * MEGABIT_BYTES)).isNull();
        assertThat(limits.exceeded(at(10), 10 * MEGABIT_BYTES)).isNull();
        // Its next ten seconds begin with nothing.
        assertThat(limits.exceeded(at(11), 20 * MEGABIT_BYTES)).isNull();
        assertThat(limits.exceeded(at(20), 20 * MEGABIT_BYTES)).isNull();
    }

    @Test
    void publisherThatStaysAboveItsBitRateIsClosedWithBothRates() {
        LinkLimits limits = publisher(1_000_000);

        assertThat(limits.exceeded(at(10), 10 * MEGABIT_BYTES)).isNull();
        assertThat(limits.exceeded(at(19), 30 * MEGABIT_BYTES)).isNull();
        assertThat(limits.exceeded(at(20), 35 * MEGABIT_BYTES))
                .isEqualTo("it sent 2,500,000 bit/s, and was granted 1,000,000; lower the encoder's bit rate or raise"
                        + " the limit");
    }

    @Test
    void rateIsThatOfTheTimeThatHasPassedThoughSomebodyAsksLate() {
        LinkLimits limits = publisher(1_000_000);

        assertThat(limits.exceeded(at(25), 25 * MEGABIT_BYTES)).isNull();
        assertThat(limits.exceeded(at(35), 36 * MEGABIT_BYTES)).contains("1,100,000");
    }

    @Test
    void subscriberIsNotClosedForItsBitRate() {
        LinkLimits limits = new LinkLimits(new GrantLimits(0, 1_000_000, 0, 0), Role.SUBSCRIBER, OPENED_MICROS);

        assertThat(limits.exceeded(at(10), 100 * MEGABIT_BYTES)).isNull();
    }

    private static LinkLimits publisher(long bitRate) {
        return new LinkLimits(new GrantLimits(0, bitRate, 0, 0), Role.PUBLISHER, OPENED_MICROS);
    }

    private static long at(long seconds) {
        return OPENED_MICROS + seconds * 1_000_000;
    }
}
