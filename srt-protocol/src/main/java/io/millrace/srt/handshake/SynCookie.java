package io.millrace.srt.handshake;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie that proves that a caller receives what is sent to its address, so that a listener keeps nothing before a
 * valid conclusion. draft-sharabayko-srt §4.3.1.
 *
 * <p>A keyed hash of address, port and minute; the minute that has just passed is valid too. Endpoints that stand for one
 * listener share the secret, and each puts its number into its cookies: wherever the conclusion arrives, it tells whose
 * caller it is. Endpoints of several machines need a clock that is the same for all. A guess is right once in 2^31 divided by the number of endpoints. Not thread-safe.
 */
public final class SynCookie {
    /** What {@link #issuer} says of a cookie that nobody gave to this caller. */
    public static final int INVALID = -1;

    /** Endpoints that may share a secret. */
    public static final int MAX_ISSUERS = 256;

    private static final long PERIOD_MICROS = 60_000_000;

    private final Mac mac;
    private final ByteBuffer input = ByteBuffer.allocate(16 + 4 + 8);
    private final int issuer;
    private final int issuers;
    private final LongSupplier offsetMicros;
    private final long skewMicros;

    /** What makes cookies hard to forge. The same for all endpoints of a listener. */
    public static final class Secret {
        private final byte[] bytes = new byte[32];

        public Secret(RandomGenerator random) {
            random.nextBytes(bytes);
        }

        /**
         * The secret of all who know this key and call the listener so. Cookies are seen by everybody: the key must be
         * strong, or have been made so at great cost.
         */
        public Secret(byte[] key, String listener) {
            byte[] derived = keyed(key).doFinal(listener.getBytes(StandardCharsets.UTF_8));
            System.arraycopy(derived, 0, bytes, 0, bytes.length);
        }
    }

    /** Cookies of an endpoint that shares its callers with nobody. */
    public SynCookie(RandomGenerator random) {
        this(new Secret(random), 0, 1);
    }

    /**
     * Cookies of one of several endpoints.
     *
     * @param issuer its number, from 0
     * @param issuers how many there are
     */
    public SynCookie(Secret secret, int issuer, int issuers) {
        this(secret, issuer, issuers, () -> 0, 0);
    }

    /**
     * Cookies of one of several endpoints on several machines.
     *
     * @param issuer its number, from 0; endpoints of different machines may have the same one
     * @param issuers how many numbers there are, the same on all machines
     * @param offsetMicros what makes a time on this machine's clock one on the clock that they share
     * @param skewMicros by how much another machine may be ahead; cookies are valid for so much less
     */
    public SynCookie(Secret secret, int issuer, int issuers, LongSupplier offsetMicros, long skewMicros) {
        if (issuer < 0 || issuer >= issuers || issuers > MAX_ISSUERS) {
            throw new IllegalArgumentException("issuer " + issuer + " of " + issuers);
        }
        this.issuer = issuer;
        this.issuers = issuers;
        this.offsetMicros = offsetMicros;
        this.skewMicros = skewMicros;
        mac = keyed(secret.bytes);
    }

    private static Mac keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** The cookie for a caller at this address at this time. */
    public int of(InetSocketAddress caller, long nowMicros) {
        return hash(caller, Math.floorDiv(nowMicros + offsetMicros.getAsLong(), PERIOD_MICROS)) ^ issuer;
    }

    /** Who gave this cookie to the caller at this address in this minute or the one before, or {@link #INVALID}. */
    public int issuer(int cookie, InetSocketAddress caller, long nowMicros) {
        long period = Math.floorDiv(nowMicros + offsetMicros.getAsLong() + skewMicros, PERIOD_MICROS);
        // Both are computed, so that the time taken says nothing about which one it was.
        int present = cookie ^ hash(caller, period);
        int past = cookie ^ hash(caller, period - 1);
        if (isIssuer(present)) {
            return present;
        }
        return isIssuer(past) ? past : INVALID;
    }

    private boolean isIssuer(int number) {
        return number >= 0 && number < issuers;
    }

    private int hash(InetSocketAddress caller, long period) {
        input.clear();
        input.put(caller.getAddress().getAddress()).putInt(caller.getPort()).putLong(period);
        mac.update(input.array(), 0, input.position());
        int hash = ByteBuffer.wrap(mac.doFinal()).getInt();
        // 0 is what a caller without a cookie sends: no issuer's number may lead there.
        return hash >>> 8 == 0 ? hash | 0x100 : hash;
    }
}
