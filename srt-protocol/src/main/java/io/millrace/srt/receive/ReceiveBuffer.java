package io.millrace.srt.receive;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The receiver's buffer and loss list in one structure: a ring of slots, each missing or received, from the first packet
 * that is not settled to the newest one received. draft-sharabayko-srt §4.4, §4.6, §4.8.
 *
 * <p>All places are 64-bit offsets from the connection's first sequence number. The ring grows to what the stream needs,
 * up to its capacity. With {@link Delivery#ON_ARRIVAL} the payloads are with the relay already, and a slot is free as
 * soon as nothing before it is missing.
 */
final class ReceiveBuffer {
    private static final int INITIAL_SLOTS = 256;
    /** A time before every other: of a report not made, of the origin of a packet given up. Bears arithmetic. */
    static final long NEVER = Long.MIN_VALUE / 2;

    /** What became of a packet. */
    enum Insertion {
        ACCEPTED,
        /** Accepted, and packets before it are newly missing. */
        ACCEPTED_AFTER_GAP,
        DUPLICATE,
        /** Given up or delivered before it came. */
        BELATED,
        /** Further ahead than the buffer reaches. */
        BEYOND_CAPACITY
    }

    private final int capacity;
    private final boolean keepsPayloads;

    private int mask;
    private boolean[] received;
    private long[] originMicros;
    /** When a missing slot was last reported, or {@link #NEVER}. */
    private long[] reportedMicros;

    private byte[] @Nullable [] payloads;

    /** First slot in the ring: everything before it is delivered or given up. */
    private long start;
    /** First missing slot, or {@link #end}: what an ACK says. */
    private long firstMissing;
    /** One past the newest packet received. */
    private long end;

    private int missing;
    private long heldBytes;

    /** @param capacity packets that it can hold at most; a power of two */
    ReceiveBuffer(int capacity, Delivery delivery) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
        }
        this.capacity = capacity;
        keepsPayloads = delivery == Delivery.BY_TIMESTAMP;
        int slots = Math.min(INITIAL_SLOTS, capacity);
        mask = slots - 1;
        received = new boolean[slots];
        originMicros = new long[slots];
        reportedMicros = new long[slots];
        payloads = keepsPayloads ? new byte[slots][] : new byte[0][];
    }

    /** Takes a packet. The payload is only kept (and only needed) for delivery by timestamp. */
    Insertion insert(long offset, long origin, byte @Nullable [] payload) {
        if (offset < start) {
            return Insertion.BELATED;
        }
        if (offset >= start + capacity) {
            return Insertion.BEYOND_CAPACITY;
        }
        if (offset < end && received[slot(offset)]) {
            return isHeld(offset) ? Insertion.DUPLICATE : Insertion.BELATED;
        }
        boolean gap = offset > end;
        if (offset >= end) {
            extendTo(offset + 1);
        }
        int slot = slot(offset);
        received[slot] = true;
        originMicros[slot] = origin;
        missing--;
        if (keepsPayloads && payload != null) {
            payloads[slot] = payload;
            heldBytes += payload.length;
        }
        if (offset == firstMissing) {
            advanceFirstMissing();
        }
        return gap ? Insertion.ACCEPTED_AFTER_GAP : Insertion.ACCEPTED;
    }

    /** Empties the buffer and goes on at {@code offset}, for a sender that jumped further ahead than it reaches. */
    void restartAt(long offset) {
        start = offset;
        firstMissing = offset;
        end = offset;
        missing = 0;
        heldBytes = 0;
        Arrays.fill(received, false);
        if (keepsPayloads) {
            Arrays.fill(payloads, null);
        }
    }

    /** First missing offset, or one past the newest: what is acknowledged. */
    long firstMissing() {
        return firstMissing;
    }

    /** One past the newest packet received. */
    long end() {
        return end;
    }

    /** Offsets that were passed over and have not come. */
    int missing() {
        return missing;
    }

    /** Packets that it can still take behind the newest one. */
    int available() {
        return capacity - (int) (end - start);
    }

    /**
     * Packets that it has room for from the first missing one on: what an ACK offers. What came behind a gap lies within
     * that room and takes nothing of it away.
     */
    int window() {
        return capacity - (int) (firstMissing - start);
    }

    int capacity() {
        return capacity;
    }

    /** Packets that wait for delivery. */
    int held() {
        return (int) (end - start) - missing;
    }

    /** Bytes that wait for delivery. */
    long heldBytes() {
        return heldBytes;
    }

    /** Time from the oldest to the newest packet held, microseconds. */
    long heldMicros() {
        long oldest = start;
        while (oldest < end && !isHeld(oldest)) {
            oldest++;
        }
        long newest = end - 1;
        while (newest > oldest && !isHeld(newest)) {
            newest--;
        }
        return newest > oldest ? Math.max(0, originMicros[slot(newest)] - originMicros[slot(oldest)]) : 0;
    }

    /**
     * Origin time of the first packet that came behind the first gap, or {@link Long#MAX_VALUE} where nothing is missing
     * or nothing came behind it.
     */
    long firstGapEndOriginMicros() {
        if (missing > 0) {
            for (long offset = firstMissing; offset < end; offset++) {
                if (isHeld(offset)) {
                    return originMicros[slot(offset)];
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /** Gives up what is missing before the first packet that came behind a gap; returns how many packets that were. */
    int giveUpFirstGap() {
        long gapEnd = firstMissing;
        while (gapEnd < end && !isHeld(gapEnd)) {
            gapEnd++;
        }
        return giveUpTo(gapEnd);
    }

    /**
     * Gives up every missing packet before {@code to} (at most {@link #end}): they count as settled, as if they had come
     * empty. Returns how many there were.
     */
    int giveUpTo(long to) {
        return giveUp(firstMissing, to);
    }

    /** Gives up every missing packet from {@code from} to before {@code to}; returns how many there were. */
    int giveUp(long first, long last) {
        long from = Math.max(first, firstMissing);
        long to = Math.min(last, end);
        int count = 0;
        for (long offset = from; offset < to; offset++) {
            int slot = slot(offset);
            if (!received[slot]) {
                received[slot] = true;
                originMicros[slot] = NEVER;
                missing--;
                count++;
            }
        }
        if (count > 0) {
            advanceFirstMissing();
        }
        return count;
    }

    /**
     * Gives up the packets from {@link #end} to before {@code to}, which the sender will never send. What is missing
     * before them stays so.
     */
    void skipTo(long to) {
        long from = end;
        long limited = Math.min(to, start + capacity);
        if (limited > from) {
            extendTo(limited);
            giveUp(from, limited);
        }
    }

    /** Whether this slot, between {@link #firstMissing} and {@link #end}, is missing. */
    boolean isMissing(long offset) {
        return !received[slot(offset)];
    }

    /** Offset of the first packet behind a missing slot that is there, given up or not; there is always one. */
    long gapEnd(long missingOffset) {
        long offset = missingOffset + 1;
        while (!received[slot(offset)]) {
            offset++;
        }
        return offset;
    }

    /** Origin time of a packet that came; a time before every other for one that was given up. */
    long originMicros(long offset) {
        return originMicros[slot(offset)];
    }

    /** Whether a missing slot was not reported since {@code sinceMicros}. */
    boolean isReportDue(long offset, long sinceMicros) {
        return reportedMicros[slot(offset)] <= sinceMicros;
    }

    /** Notes that a missing slot is reported now. */
    void reported(long offset, long nowMicros) {
        reportedMicros[slot(offset)] = nowMicros;
    }

    /** Origin time of the packet that is to be delivered next, or {@link Long#MAX_VALUE} if it is not there. */
    long nextDeliveryOriginMicros() {
        if (start >= firstMissing) {
            return Long.MAX_VALUE;
        }
        return originMicros[slot(start)];
    }

    /** Offset that {@link #deliver} handles next. */
    long nextDelivery() {
        return start;
    }

    /** Frees the next slot and returns its payload; null if it was given up. */
    byte @Nullable [] deliver() {
        int slot = slot(start);
        byte[] payload = payloads[slot];
        payloads[slot] = null;
        received[slot] = false;
        start++;
        if (payload != null) {
            heldBytes -= payload.length;
        }
        return payload;
    }

    /** Whether this slot, between {@link #start} and {@link #end}, has a packet and was not given up. */
    private boolean isHeld(long offset) {
        return received[slot(offset)] && originMicros[slot(offset)] != NEVER;
    }

    private int slot(long offset) {
        return (int) offset & mask;
    }

    private void extendTo(long newEnd) {
        while (newEnd - start > mask + 1) {
            grow();
        }
        for (long offset = end; offset < newEnd; offset++) {
            received[slot(offset)] = false;
            reportedMicros[slot(offset)] = NEVER;
        }
        missing += (int) (newEnd - end);
        end = newEnd;
    }

    private void advanceFirstMissing() {
        long offset = firstMissing;
        while (offset < end && received[slot(offset)]) {
            offset++;
        }
        firstMissing = offset;
        if (!keepsPayloads) {
            start = offset;
        }
    }

    private void grow() {
        int oldMask = mask;
        int slots = (mask + 1) * 2;
        boolean[] newReceived = new boolean[slots];
        long[] newOrigins = new long[slots];
        long[] newReported = new long[slots];
        byte[] @Nullable [] newPayloads = keepsPayloads ? new byte[slots][] : new byte[0][];
        for (long offset = start; offset < end; offset++) {
            int from = (int) offset & oldMask;
            int to = (int) offset & (slots - 1);
            newReceived[to] = received[from];
            newOrigins[to] = originMicros[from];
            newReported[to] = reportedMicros[from];
            if (keepsPayloads) {
                newPayloads[to] = payloads[from];
            }
        }
        mask = slots - 1;
        received = newReceived;
        originMicros = newOrigins;
        reportedMicros = newReported;
        payloads = newPayloads;
    }
}
