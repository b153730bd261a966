package io.millrace.srt.packet;

/**
 * The 32-bit timestamp of a packet header: microseconds since the sender's connection start, modulo 2^32 (71 minutes
 * and 35 seconds). draft-sharabayko-srt §3.
 */
public final class PacketTimestamp {
    private PacketTimestamp() {}

    /** The header field of {@code micros} since connection start. */
    public static int of(long micros) {
        return (int) micros;
    }

    /** The 64-bit time, in microseconds since connection start, that has this field and lies nearest to {@code near}. */
    public static long unwrap(int timestamp, long near) {
        return near + (timestamp - (int) near);
    }
}
