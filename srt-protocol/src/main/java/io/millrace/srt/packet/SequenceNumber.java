package io.millrace.srt.packet;

/**
 * 31-bit circular packet sequence numbers, held as {@code int}. draft-sharabayko-srt §3.1.
 *
 * <p>There is no ordering ({@code Comparable}) on purpose: circular order is not transitive. Where an order over a long
 * time is needed, numbers are unwrapped to 64-bit offsets with {@link #unwrap}.
 */
public final class SequenceNumber {
    /** The greatest number; the next one is 0. */
    public static final int MAX = 0x7FFF_FFFF;

    private SequenceNumber() {}

    /** The number after {@code sequence}. */
    public static int next(int sequence) {
        return (sequence + 1) & MAX;
    }

    /** The number {@code packets} further (or, if negative, earlier). */
    public static int plus(int sequence, long packets) {
        return (int) (sequence + packets) & MAX;
    }

    /** Packets from {@code from} to {@code to}, negative if {@code to} is earlier; within ±2^30. */
    public static int distance(int from, int to) {
        // Shifting bit 30 into the sign bit and back extends the sign of the 31-bit difference.
        return (to - from) << 1 >> 1;
    }

    /** Whether {@code a} comes before {@code b}, if they are less than 2^30 apart. */
    public static boolean isBefore(int a, int b) {
        return distance(a, b) > 0;
    }

    /** Whether {@code word} can be a sequence number: bit 31 clear. */
    public static boolean isValid(int word) {
        return word >= 0;
    }

    /**
     * The 64-bit offset of {@code sequence}, counted from {@code first} (which has offset 0), that lies nearest to {@code
     * near}.
     */
    public static long unwrap(int first, int sequence, long near) {
        return near + distance(plus(first, near), sequence);
    }
}
