package io.millrace.srt.send;

import io.millrace.srt.packet.Payload;
import org.jspecify.annotations.Nullable;

/** The payload log of an ordinary sender, with nobody else reading it: a ring that forgets its oldest payload. */
public final class SendBuffer implements PayloadLog {
    private final @Nullable Payload[] ring;
    private long end;

    /** @param capacity payloads; a power of two */
    public SendBuffer(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
        }
        ring = new Payload[capacity];
    }

    /**
     * Appends a payload.
     *
     * @param originMicros when it was produced, on this process's clock; becomes its timestamp
     * @param bytes owned by the buffer from now on
     */
    public void append(long originMicros, byte[] bytes) {
        ring[slot(end)] = new Payload(end, originMicros, bytes);
        end++;
    }

    @Override
    public long arrivalEnd() {
        return end;
    }

    @Override
    public long oldestArrival() {
        return Math.max(0, end - ring.length);
    }

    @Override
    public long positionOfArrival(long arrival) {
        return arrival >= oldestArrival() ? arrival : -1;
    }

    @Override
    public @Nullable Payload payloadAt(long position) {
        Payload payload = ring[slot(position)];
        return payload != null && payload.position() == position ? payload : null;
    }

    @Override
    public long settledEnd() {
        return end;
    }

    private int slot(long position) {
        return (int) position & (ring.length - 1);
    }
}
