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
    private final long firstPosition;

    /** Position − offset. */
    private long shift;
    /** Offsets before this belong to the time before a jump, and to no position. */
    private long firstOffset;
    /** One past the newest offset received. */
    private long end;

    private long settled;
    /** Read by the stream's own context. */
    private volatile long lastReceivedMicros;

    private boolean changed;
    private Runnable onChange = () -> {};

    PublisherSlot(StreamLog log, LongSupplier nowMicros) {
        this.log = log;
        this.nowMicros = nowMicros;
        shift = log.end();
        firstPosition = shift;
    }

    /** Position of the first payload of this publisher. */
    long firstPosition() {
        return firstPosition;
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
        markChanged();
        if (payload.length > 0) {
            log.put(shift + offset, originMicros, payload, lastReceivedMicros);
        }
    }

    @Override
    public void settled(long offset) {
        settled = offset;
        if (offset <= end) {
            log.settle(shift + offset);
            markChanged();
        }
    }

    /** Sets what is called, on the publisher's loop, with the first change of a batch. */
    public void onChange(Runnable action) {
        onChange = action;
    }

    /** Ends a batch: the next change is the first one of another. */
    public void batchEnded() {
        changed = false;
    }

    /** When the last payload came, microseconds on this process's clock; 0 if none has. */
    long lastReceivedMicros() {
        return lastReceivedMicros;
    }

    private void markChanged() {
        if (!changed) {
            changed = true;
            onChange.run();
        }
    }

    /** The publisher is gone: what it still owed will not come. */
    void end() {
        log.settle(log.end());
    }
}
