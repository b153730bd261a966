package io.millrace.relay.stream;

import io.millrace.srt.packet.Payload;
import io.millrace.srt.send.PayloadLog;
import org.jspecify.annotations.Nullable;

/**
 * A stream's log for receivers that can't bear holes ({@code holes: hold}): a payload counts as arrived once everything
 * before it has arrived or is given up, so all leave in order, at most the publisher's latency late.
 */
record InOrderLog(StreamLog log) implements PayloadLog {
    @Override
    public long arrivalEnd() {
        return Math.min(log.settledEnd(), log.end());
    }

    @Override
    public long oldestArrival() {
        return Math.max(0, log.end() - log.capacity());
    }

    @Override
    public long positionOfArrival(long arrival) {
        return arrival >= oldestArrival() ? arrival : -1;
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
