package io.millrace.srt.send;

import java.util.Arrays;

/**
 * The sender's loss list: what the receiver has reported missing and has not acknowledged. draft-sharabayko-srt §4.8.2.
 *
 * <p>Sorted arrays that exist only while something is missing: a subscriber without loss owns nothing here. An entry
 * stays after its retransmission, so that a report that crossed it on the way is recognised.
 *
 * <p>The first report of a packet is answered with one copy; a repeated one, which means that an answer was lost, with
 * one more each time, spread over a part of the round trip. Repeated losses are rare, so this costs little, and the
 * packet that was unlucky twice has no time for a third round.
 */
final class RetransmitList {
    /** Entries at most; what is reported beyond is left to the next report. */
    static final int CAPACITY = 8192;

    private static final int INITIAL_CAPACITY = 32;
    private static final int MAX_COPIES = 4;
    private static final long NEVER = Long.MIN_VALUE;

    private long[] positions = new long[0];
    private long[] sentMicros = new long[0];
    private long[] dueMicros = new long[0];
    /** Reports answered so far. */
    private byte[] rounds = new byte[0];
    /** Copies of the present round that are still to be sent. */
    private byte[] copies = new byte[0];

    private int size;
    private int pending;

    /**
     * Takes the report that a position is missing.
     *
     * @param suppressMicros a report sooner than this after the last copy crossed it on the way and is ignored
     * @param urgent whether there may be no time for another round, so that one more copy is worth its cost
     * @return whether the position will be sent again
     */
    boolean report(long position, long nowMicros, long suppressMicros, boolean urgent) {
        int index = size > 0 && positions[size - 1] < position ? -size - 1 : indexOf(position);
        if (index < 0) {
            index = -index - 1;
            if (size == CAPACITY) {
                return false;
            }
            insert(index, position);
        } else if (copies[index] > 0
                || (sentMicros[index] != NEVER && nowMicros - sentMicros[index] < suppressMicros)) {
            return false;
        }
        rounds[index] = (byte) Math.min(rounds[index] + 1, MAX_COPIES);
        copies[index] = (byte) Math.min(rounds[index] + (urgent ? 1 : 0), MAX_COPIES);
        dueMicros[index] = nowMicros;
        pending++;
        return true;
    }

    /** Whether a position was reported already, or is sent again unasked. */
    boolean has(long position) {
        return size > 0 && positions[size - 1] >= position && indexOf(position) >= 0;
    }

    /** Notes a first transmission that comes too late for many rounds: a copy follows it unasked. */
    void follow(long position, long nowMicros, long spreadMicros) {
        if (report(position, nowMicros, 0, false)) {
            int index = indexOf(position);
            sentMicros[index] = nowMicros;
            dueMicros[index] = nowMicros + spreadMicros;
        }
    }

    /** Whether any position waits for a retransmission, now or later. */
    boolean isPending() {
        return pending > 0;
    }

    /** Index of the first entry from {@code index} on that is due, or -1. */
    int nextDue(int index, long nowMicros) {
        for (int i = index; pending > 0 && i < size; i++) {
            if (copies[i] > 0 && dueMicros[i] <= nowMicros) {
                return i;
            }
        }
        return -1;
    }

    /** When the next entry is due; {@link Long#MAX_VALUE} if none is pending. */
    long nextDueMicros() {
        long next = Long.MAX_VALUE;
        for (int i = 0; pending > 0 && i < size; i++) {
            if (copies[i] > 0) {
                next = Math.min(next, dueMicros[i]);
            }
        }
        return next;
    }

    long position(int index) {
        return positions[index];
    }

    /** Notes that a copy was sent; the next one of this round, if any, follows {@code spreadMicros} later. */
    void sent(int index, long nowMicros, long spreadMicros) {
        sentMicros[index] = nowMicros;
        dueMicros[index] = nowMicros + spreadMicros;
        if (--copies[index] == 0) {
            pending--;
        }
    }

    /** Gives an entry up that can't be sent any more. */
    void cancel(int index) {
        copies[index] = 0;
        pending--;
    }

    /** Forgets everything before {@code position}: it is acknowledged or dropped. */
    void forgetBefore(long position) {
        if (size == 0 || positions[0] >= position) {
            return;
        }
        int index = indexOf(position);
        int count = index < 0 ? -index - 1 : index;
        for (int i = 0; i < count; i++) {
            pending -= copies[i] > 0 ? 1 : 0;
        }
        size -= count;
        if (size == 0) {
            release();
            return;
        }
        System.arraycopy(positions, count, positions, 0, size);
        System.arraycopy(sentMicros, count, sentMicros, 0, size);
        System.arraycopy(dueMicros, count, dueMicros, 0, size);
        System.arraycopy(rounds, count, rounds, 0, size);
        System.arraycopy(copies, count, copies, 0, size);
    }

    private int indexOf(long position) {
        return Arrays.binarySearch(positions, 0, size, position);
    }

    private void insert(int index, long position) {
        if (size == positions.length) {
            int capacity = Math.max(INITIAL_CAPACITY, size * 2);
            positions = Arrays.copyOf(positions, capacity);
            sentMicros = Arrays.copyOf(sentMicros, capacity);
            dueMicros = Arrays.copyOf(dueMicros, capacity);
            rounds = Arrays.copyOf(rounds, capacity);
            copies = Arrays.copyOf(copies, capacity);
        }
        int tail = size - index;
        System.arraycopy(positions, index, positions, index + 1, tail);
        System.arraycopy(sentMicros, index, sentMicros, index + 1, tail);
        System.arraycopy(dueMicros, index, dueMicros, index + 1, tail);
        System.arraycopy(rounds, index, rounds, index + 1, tail);
        System.arraycopy(copies, index, copies, index + 1, tail);
        positions[index] = position;
        sentMicros[index] = NEVER;
        rounds[index] = 0;
        copies[index] = 0;
        size++;
    }

    /** Gives large arrays back after a bad spell; small ones are kept, loss comes again. */
    private void release() {
        if (positions.length > INITIAL_CAPACITY) {
            positions = new long[0];
            sentMicros = new long[0];
            dueMicros = new long[0];
            rounds = new byte[0];
            copies = new byte[0];
        }
    }
}
