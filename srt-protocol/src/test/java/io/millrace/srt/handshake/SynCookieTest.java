package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

            assertThat(cookies.issuer(cookie, CALLER, minute + afterMicros)).isZero();
        }
    }

    @Test
    void isNotValidTwoMinutesLaterOrBeforeItsTime() {
        int cookie = cookies.of(CALLER, 7 * MINUTE_MICROS);

        assertThat(cookies.issuer(cookie, CALLER, 9 * MINUTE_MICROS)).isEqualTo(SynCookie.INVALID);
        assertThat(cookies.issuer(cookie, CALLER, 7 * MINUTE_MICROS - 1)).isEqualTo(SynCookie.INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:40001", "192.0.2.2:40000", "::ffff:c000:0202:40000", "2001:db8::1:40000"})
    void isNotValidForAnotherCaller(String other) {
        int colon = other.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(other.substring(0, colon), Integer.parseInt(other.substring(colon + 1)));
        int cookie = cookies.of(CALLER, 0);

        assertThat(cookies.issuer(cookie, address, 0)).isEqualTo(SynCookie.INVALID);
        assertThat(cookies.issuer(cookies.of(address, 0), address, 0)).isZero();
    }

    @Test
    void zeroAndGuessesAreNotValid() {
        SplittableRandom random = new SplittableRandom(2);

        assertThat(cookies.issuer(0, CALLER, 0)).isEqualTo(SynCookie.INVALID);
        for (int i = 0; i < 1_000; i++) {
            assertThat(cookies.issuer(random.nextInt(), CALLER, 0)).isEqualTo(SynCookie.INVALID);
        }
    }

    @Test
    void theSecretDecides() {
        SynCookie restarted = new SynCookie(new SplittableRandom(3));

        assertThat(restarted.issuer(cookies.of(CALLER, 0), CALLER, 0)).isEqualTo(SynCookie.INVALID);
        assertThat(new SynCookie(new SplittableRandom(1)).of(CALLER, 0)).isEqualTo(cookies.of(CALLER, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {-10, -1, 0, 1, 10})
    void machinesThatShareAKeyKnowEachOthersWhateverTheirOwnClocksSay(long aheadSeconds) {
        byte[] key = {1, 2, 3};
        long skewMicros = 10_000_000;
        SynCookie here = new SynCookie(new SynCookie.Secret(key, "main"), 3, 256, () -> 5_000_000_000L, skewMicros);
        SynCookie there =
                new SynCookie(new SynCookie.Secret(key, "main"), 0, 256, () -> aheadSeconds * 1_000_000, skewMicros);
        for (long second = 0; second < 120; second++) {
            int cookie = here.of(CALLER, second * 1_000_000);

            assertThat(there.issuer(cookie, CALLER, (5_000 + second) * 1_000_000))
                    .isEqualTo(3);
            assertThat(there.issuer(cookie, CALLER, (5_030 + second) * 1_000_000))
                    .isEqualTo(3);
        }
    }

    @Test
    void listenersOfOneKeyHaveSecretsOfTheirOwn() {
        byte[] key = {1, 2, 3};
        SynCookie main = new SynCookie(new SynCookie.Secret(key, "main"), 0, 1);
        SynCookie other = new SynCookie(new SynCookie.Secret(key, "other"), 0, 1);

        assertThat(other.issuer(main.of(CALLER, 0), CALLER, 0)).isEqualTo(SynCookie.INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 255})
    void tellsWhichOfThoseThatShareTheSecretGaveIt(int issuer) {
        SynCookie.Secret secret = new SynCookie.Secret(new SplittableRandom(4));
        SynCookie other = new SynCookie(secret, 3, 256);
        for (int port = 1; port < 1_000; port++) {
            InetSocketAddress caller = new InetSocketAddress(CALLER.getAddress(), port);
            int cookie = new SynCookie(secret, issuer, 256).of(caller, 0);

            assertThat(cookie).isNotZero();
            assertThat(other.issuer(cookie, caller, 0)).isEqualTo(issuer);
            assertThat(other.issuer(cookie, caller, MINUTE_MICROS)).isEqualTo(issuer);
        }
    }

    @Test
    void issuersThatDoNotExistGiveNoCookies() {
        SynCookie.Secret secret = new SynCookie.Secret(new SplittableRandom(4));
        int cookie = new SynCookie(secret, 2, 3).of(CALLER, 0);

        assertThat(new SynCookie(secret, 0, 2).issuer(cookie, CALLER, 0)).isEqualTo(SynCookie.INVALID);
        assertThatIllegalArgumentException().isThrownBy(() -> new SynCookie(secret, 2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new SynCookie(secret, 0, 257));
    }
}
