package io.millrace.relay.stream;

import io.millrace.srt.receive.PayloadReceiver;
import java.util.function.LongSupplier;

/**
 * Writes what one publisher sends into the stream's log: maps offsets of its connection to positions, which go on from
 * where the publisher before it ended. Lives on the publisher's loop.
 */
public final class PublisherSlot implements PayloadReceiver {
    /**
     * A sender that jumped further ahead than this leaves no hole: its subscribers would take a hole that large for the
     * end of the connection.
     */
    private static final long MAX_HOLE = 8192;

    private final StreamLog log;
    private final LongSupplier nowMicros;

    /** Position − offset. */
    private long shift;
    /** Offsets before this belong to the time before a jump, and to no position. */
    private long firstOffset;
    /** One past the newest offset received. */
    private long end;

    private long settled;
    /** Read by the stream's own context. */
    private volatile long lastReceivedMicros;
    private boolean dirty;

    PublisherSlot(StreamLog log, LongSupplier nowMicros) {
        this.log = log;
        this.nowMicros = nowMicros;
        shift = log.end();
    }

    @Override
    public void received(long offset, long originMicros, byte[] payload) {
        lastReceivedMicros = nowMicros.getAsLong();
        if (offset < firstOffset) {
            return;
        }
        if (offset - end > MAX_HOLE && settled >= offset) {
            shift = log.end() - offset;
            firstOffset = offset;
        }
        end = Math.max(end, offset + 1);
        dirty = true;
        if (payload.length > 0) {
            log.put(shift + offset, originMicros, payload, lastReceivedMicros);
        }
    }

    @Override
    public void settled(long offset) {
        settled = offset;
        if (offset <= end) {
            log.settle(shift + offset);
        }
    }

    /** When the last payload came, microseconds on this process's clock; 0 if none has. */
    long lastReceivedMicros() {
        return lastReceivedMicros;
    }

    /** Whether something came since the last call. */
    boolean takeDirty() {
        boolean was = dirty;
        dirty = false;
        return was;
    }

    /** The publisher is gone: what it still owed will not come. */
    void end() {
        log.settle(log.end());
    }
}
