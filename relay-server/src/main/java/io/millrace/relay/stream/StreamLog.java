package io.millrace.relay.stream;

import io.millrace.srt.packet.Payload;
import io.millrace.srt.send.PayloadLog;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The media of one stream on this node, stored once: a ring of payloads addressed by position, and the order in which
 * they arrived. One writer, the loop of the publisher; any number of readers on any loop, without locks.
 *
 * <p>A payload is released when nobody can still be sent it, by age, or when the stream exceeds its bound of bytes. The
 * ring grows to what that takes. A reader that fell behind finds the payload gone and moves on.
 */
public final class StreamLog implements PayloadLog {
    private static final int INITIAL_CAPACITY = 1024;
    /** However long nobody says what else is to be kept. */
    private static final long MAX_KEPT_MICROS = 2 * Joins.MAX_BEHIND_MICROS;

    private static final VarHandle PAYLOADS = MethodHandles.arrayElementVarHandle(Payload[].class);
    private static final VarHandle ARRIVALS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long maximumBytes;

    private volatile Ring ring = new Ring(INITIAL_CAPACITY);
    private volatile long arrivalEnd;
    private volatile long end;
    private volatile long settledEnd;

    /** How long payloads are kept, by their origin time. Written by any loop, read by the writer. */
    private volatile long spanMicros;

    /** From here on payloads are kept for whoever begins here. Written by any loop, read by the writer. */
    private volatile long keptFrom = Long.MAX_VALUE;

    /** Writer only: everything before this is released. */
    private long tail;
    /** Writer only. */
    private long heldBytes;

    /** Both arrays have the same power-of-two length. Replaced as a whole when it grows, so that readers see one size. */
    private static final class Ring {
        final @Nullable Payload[] payloads;
        final long[] arrivals;
        final int mask;

        Ring(int capacity) {
            payloads = new Payload[capacity];
            arrivals = new long[capacity];
            mask = capacity - 1;
        }

        int capacity() {
            return mask + 1;
        }

        @Nullable
        Payload payload(long position) {
            return (Payload) PAYLOADS.getAcquire(payloads, (int) position & mask);
        }

        void payload(long position, @Nullable Payload payload) {
            PAYLOADS.setRelease(payloads, (int) position & mask, payload);
        }
    }

    /**
     * @param maximumBytes payload bytes that it holds at most
     * @param spanMicros how long payloads are kept at first
     */
    public StreamLog(long maximumBytes, long spanMicros) {
        this.maximumBytes = maximumBytes;
        this.spanMicros = spanMicros;
    }

    /** Keeps payloads at least this long from now on, for a reader with a longer latency. */
    public void keepFor(long micros) {
        if (micros > spanMicros) {
            spanMicros = micros;
        }
    }

    /** Keeps payloads from this position on, however old, until another position is named; not for ever. */
    void keepFrom(long position) {
        keptFrom = position;
    }

    /** Writer: puts a payload at a position, ahead of the end or into a hole. What is there already stays. */
    void put(long position, long originMicros, byte[] bytes, long nowMicros) {
        releaseOld(nowMicros);
        if (position < tail) {
            return;
        }
        makeRoom(position);
        Ring current = ring;
        if (position < end && current.payload(position) != null) {
            return;
        }
        current.payload(position, new Payload(position, originMicros, bytes));
        heldBytes += bytes.length;
        if (position >= end) {
            end = position + 1;
        }
        long arrival = arrivalEnd;
        ARRIVALS.setRelease(current.arrivals, (int) arrival & current.mask, position);
        // Published after each payload: readers rely on at most one slot being ahead of this.
        arrivalEnd = arrival + 1;
    }

    /** Writer: nothing before this position is still awaited. */
    void settle(long position) {
        if (position > settledEnd) {
            settledEnd = position;
        }
    }

    /** One past the newest position. */
    public long end() {
        return end;
    }

    @Override
    public long arrivalEnd() {
        return arrivalEnd;
    }

    @Override
    public long oldestArrival() {
        // One slot less than the ring has: the writer may be filling the oldest one again.
        return Math.max(0, arrivalEnd - ring.capacity() + 1);
    }

    @Override
    public long positionOfArrival(long arrival) {
        while (true) {
            Ring current = ring;
            long position = (long) ARRIVALS.getAcquire(current.arrivals, (int) arrival & current.mask);
            if (arrival > arrivalEnd - current.capacity()) {
                return position;
            }
            // A reader that was held up meanwhile may have looked into a ring that the log has outgrown.
            if (current == ring) {
                return -1;
            }
        }
    }

    /**
     * The first arrival from this one on whose payload lies at this position or behind it; {@link #arrivalEnd} if none is
     * known. Looks at what is in between one by one.
     */
    long arrivalFrom(long position, long firstArrival) {
        long newest = arrivalEnd;
        long arrival = Math.max(firstArrival, oldestArrival());
        while (arrival < newest && positionOfArrival(arrival) < position) {
            arrival++;
        }
        return arrival;
    }

    @Override
    public @Nullable Payload payloadAt(long position) {
        while (true) {
            Ring current = ring;
            Payload payload = current.payload(position);
            if (payload != null && payload.position() == position) {
                return payload;
            }
            // As above.
            if (current == ring) {
                return null;
            }
        }
    }

    @Override
    public long settledEnd() {
        return settledEnd;
    }

    /** Positions that it reaches back at most. */
    int capacity() {
        return ring.capacity();
    }

    /** Payload bytes held; for statistics, on the writer's loop. */
    long heldBytes() {
        return heldBytes;
    }

    private void releaseOld(long nowMicros) {
        long oldest = nowMicros - spanMicros;
        long oldestKept = Math.min(oldest, nowMicros - MAX_KEPT_MICROS);
        long kept = keptFrom;
        while (tail < end) {
            // A hole has no age of its own: it goes with the payload behind it, or when nobody waits for it any more.
            long next = tail;
            Payload payload = ring.payload(next);
            while (payload == null && next + 1 < end) {
                payload = ring.payload(++next);
            }
            if (payload == null
                    || (payload.originMicros() >= (next < kept ? oldest : oldestKept) && heldBytes <= maximumBytes)) {
                tail = Math.max(tail, Math.min(next, settledEnd));
                return;
            }
            release(next, payload);
            tail = next + 1;
        }
    }

    /** Makes sure that the ring reaches from the tail to this position: by growing, else by releasing the oldest. */
    private void makeRoom(long position) {
        int needed = (int) Math.min(position + 1 - tail, Integer.MAX_VALUE);
        while (needed > ring.capacity() && mayGrow()) {
            grow();
        }
        long newTail = Math.min(position + 1 - ring.capacity(), end);
        while (tail < newTail) {
            release(tail, ring.payload(tail));
            tail++;
        }
        tail = Math.max(tail, position + 1 - ring.capacity());
    }

    private boolean mayGrow() {
        // Even payloads of one TS packet: more slots than that could not be filled within the bound of bytes.
        return (long) ring.capacity() * 188 < maximumBytes;
    }

    private void grow() {
        Ring old = ring;
        Ring grown = new Ring(old.capacity() * 2);
        for (long position = tail; position < end; position++) {
            grown.payload(position, old.payload(position));
        }
        long newest = arrivalEnd;
        for (long arrival = Math.max(0, newest - old.capacity()); arrival < newest; arrival++) {
            grown.arrivals[(int) arrival & grown.mask] = old.arrivals[(int) arrival & old.mask];
        }
        ring = grown;
    }

    private void release(long position, @Nullable Payload payload) {
        if (payload != null) {
            heldBytes -= payload.length();
            ring.payload(position, null);
        }
    }
}
