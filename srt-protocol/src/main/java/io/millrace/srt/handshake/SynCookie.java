package io.millrace.srt.handshake;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie that proves that a caller receives what is sent to its address, so that a listener keeps nothing before a
 * valid conclusion. draft-sharabayko-srt §4.3.1.
 *
 * <p>A keyed hash of address, port and minute; the minute that has just passed is valid too. Not thread-safe.
 */
public final class SynCookie {
    private static final long PERIOD_MICROS = 60_000_000;

    private final Mac mac;
    private final ByteBuffer input = ByteBuffer.allocate(16 + 4 + 8);

    /** @param random source of the secret */
    public SynCookie(RandomGenerator random) {
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** The cookie for a caller at this address at this time. */
    public int of(InetSocketAddress caller, long nowMicros) {
        return hash(caller, Math.floorDiv(nowMicros, PERIOD_MICROS));
    }

    /** Whether the caller at this address was given this cookie in this minute or the one before. */
    public boolean isValid(int cookie, InetSocketAddress caller, long nowMicros) {
        long period = Math.floorDiv(nowMicros, PERIOD_MICROS);
        // Both are computed, so that the time taken says nothing about which one it was.
        return (cookie == hash(caller, period)) | (cookie == hash(caller, period - 1));
    }

    private int hash(InetSocketAddress caller, long period) {
        input.clear();
        input.put(caller.getAddress().getAddress()).putInt(caller.getPort()).putLong(period);
        mac.update(input.array(), 0, input.position());
        int hash = ByteBuffer.wrap(mac.doFinal()).getInt();
        // 0 is what a caller without a cookie sends.
        return hash == 0 ? 1 : hash;
    }
}
