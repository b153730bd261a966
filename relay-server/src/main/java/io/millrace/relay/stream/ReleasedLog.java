package io.millrace.relay.stream;

import io.millrace.srt.packet.Payload;
import io.millrace.srt.send.PayloadLog;
import org.jspecify.annotations.Nullable;

/** A log that shows what has arrived only when it is released, so that several payloads leave together. One loop's. */
final class ReleasedLog implements PayloadLog {
    private final PayloadLog log;
    private long arrivalEnd;

    ReleasedLog(PayloadLog log) {
        this.log = log;
        release();
    }

    /** Shows all that has arrived by now. */
    void release() {
        arrivalEnd = log.arrivalEnd();
    }

    @Override
    public long arrivalEnd() {
        return arrivalEnd;
    }

    @Override
    public long oldestArrival() {
        return log.oldestArrival();
    }

    @Override
    public long positionOfArrival(long arrival) {
        return log.positionOfArrival(arrival);
    }

    @Override
    public @Nullable Payload payloadAt(long position) {
        return log.payloadAt(position);
    }

    @Override
    public long settledEnd() {
        return log.settledEnd();
    }
}
