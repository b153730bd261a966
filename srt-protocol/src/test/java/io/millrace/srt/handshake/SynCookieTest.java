package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.3.1. */
class SynCookieTest {
    private static final long MINUTE_MICROS = 60_000_000;
    private static final InetSocketAddress CALLER = new InetSocketAddress("192.0.2.1", 40_000);

    private final SynCookie cookies = new SynCookie(new SplittableRandom(1));

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 59_999_999, 60_000_000, 119_999_999})
    void isValidInItsMinuteAndTheNext(long afterMicros) {
        // On some platforms the monotonic clock starts below zero.
        for (long minute : new long[] {7 * MINUTE_MICROS, 0, -7 * MINUTE_MICROS}) {
            int cookie = cookies.of(CALLER, minute);

            assertThat(cookies.isValid(cookie, CALLER, minute + afterMicros)).isTrue();
        }
    }

    @Test
    void isNotValidTwoMinutesLaterOrBeforeItsTime() {
        int cookie = cookies.of(CALLER, 7 * MINUTE_MICROS);

        assertThat(cookies.isValid(cookie, CALLER, 9 * MINUTE_MICROS)).isFalse();
        assertThat(cookies.isValid(cookie, CALLER, 7 * MINUTE_MICROS - 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:40001", "192.0.2.2:40000", "::ffff:c000:0202:40000", "2001:db8::1:40000"})
    void isNotValidForAnotherCaller(String other) {
        int colon = other.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(other.substring(0, colon), Integer.parseInt(other.substring(colon + 1)));
        int cookie = cookies.of(CALLER, 0);

        assertThat(cookies.isValid(cookie, address, 0)).isFalse();
        assertThat(cookies.isValid(cookies.of(address, 0), address, 0)).isTrue();
    }

    @Test
    void zeroAndGuessesAreNotValid() {
        SplittableRandom random = new SplittableRandom(2);

        assertThat(cookies.isValid(0, CALLER, 0)).isFalse();
        for (int i = 0; i < 1_000; i++) {
            assertThat(cookies.isValid(random.nextInt(), CALLER, 0)).isFalse();
        }
    }

    @Test
    void theSecretDecides() {
        SynCookie restarted = new SynCookie(new SplittableRandom(3));

        assertThat(restarted.isValid(cookies.of(CALLER, 0), CALLER, 0)).isFalse();
        assertThat(new SynCookie(new SplittableRandom(1)).of(CALLER, 0)).isEqualTo(cookies.of(CALLER, 0));
    }
}
