package io.millrace.srt.endpoint;

import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Keeps what it receives and checks what a connection promises its receiver. */
final class StrictReceiver implements PayloadReceiver {
    private final Delivery delivery;
    private final Map<Long, ByteBuffer> payloads = new TreeMap<>();
    private long lastOffset = -1;
    private long settled;

    StrictReceiver(Delivery delivery) {
        this.delivery = delivery;
    }

    /** What was received, by offset. */
    Map<Long, ByteBuffer> payloads() {
        return payloads;
    }

    @Override
    public void received(long offset, long originMicros, byte[] payload) {
        require(offset >= 0, "a negative offset", offset);
        if (delivery == Delivery.BY_TIMESTAMP) {
            require(offset > lastOffset, "delivered out of order", offset);
        } else {
            require(offset >= settled, "received although it was settled", offset);
        }
        lastOffset = offset;
        require(payloads.put(offset, ByteBuffer.wrap(payload)) == null, "received twice", offset);
    }

    @Override
    public void settled(long offset) {
        require(offset > settled, "settled again", offset);
        settled = offset;
    }

    // Called for millions of packets, for which assertions with descriptions take too long.
    private static void require(boolean condition, String fault, long offset) {
        if (!condition) {
            throw new AssertionError(fault + ": " + offset);
        }
    }
}
