package io.millrace.srt.send;

import io.millrace.srt.packet.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A log as a sender sees it while it catches up: with another beginning, and dated for that.
 *
 * <p>What was produced at {@code origin} is due at {@code start + (origin - first origin) / speed}, which comes to the present
 * in the end. By its own date it would reach its receiver too late, and to be played at once: a packet that is lost would be
 * skipped before it could be asked for. So it is dated to be played half the latency after it is due. That half is what the
 * first picture is late by, and what is left to recover a loss. Dates never run backwards and approach the real ones, which
 * they have reached before the sender has caught up: from there on the latency is what was agreed on.
 */
final class CatchUpLog implements PayloadLog {
    /** What is due so soon may leave already: one wake-up for many packets. */
    private static final long EARLY_MICROS = 2_000;

    /** What comes right behind the grant meets a peer that is not ready for it, and libsrt's drops it where it blocks. */
    private static final long SETTLE_MICROS = 10_000;

    private final Backlog backlog;
    private final PayloadLog log;
    private final long startMicros;
    private final long firstOriginMicros;
    private final long leadMicros;
    /** What is not older than this is due when it comes. */
    private final long presentMicros;

    CatchUpLog(Backlog backlog, long nowMicros, long latencyMicros) {
        this.backlog = backlog;
        log = backlog.log();
        startMicros = nowMicros + SETTLE_MICROS;
        firstOriginMicros = backlog.beginning().get(0).originMicros();
        leadMicros = latencyMicros / 2;
        double factor = backlog.speed() / (backlog.speed() - 1);
        presentMicros = firstOriginMicros + (long) (Math.max(0, startMicros - firstOriginMicros) * factor);
    }

    /** Whether the payload at this position may be sent. */
    boolean isDue(long position, long nowMicros) {
        return dueMicros(position) <= nowMicros + EARLY_MICROS;
    }

    /** When the payload at this position, which is there, is to be sent. */
    long dueMicros(long position) {
        Payload payload = ownPayload(position);
        return payload == null ? Long.MIN_VALUE : due(payload.originMicros());
    }

    /** Whether all from this position on is the log's own, with its own date. */
    boolean isOver(long position) {
        Payload payload = position > backlog.lastOwnPosition() ? log.payloadAt(position) : null;
        return payload != null && payload.originMicros() >= presentMicros;
    }

    /** What it goes through. */
    Backlog backlog() {
        return backlog;
    }

    /** What it is made of. */
    PayloadLog log() {
        return log;
    }

    @Override
    public long arrivalEnd() {
        return log.arrivalEnd();
    }

    @Override
    public long oldestArrival() {
        return log.oldestArrival();
    }

    @Override
    public long positionOfArrival(long arrival) {
        return arrival < backlog.firstArrival()
                ? backlog.firstPosition() + arrival - backlog.arrivalBeforeLog()
                : log.positionOfArrival(arrival);
    }

    @Override
    public @Nullable Payload payloadAt(long position) {
        Payload payload = ownPayload(position);
        if (payload == null || payload.originMicros() >= presentMicros) {
            return payload;
        }
        long dated = Math.max(payload.originMicros(), due(payload.originMicros()) - leadMicros);
        return new Payload(position, dated, payload.bytes());
    }

    @Override
    public long settledEnd() {
        return log.settledEnd();
    }

    private @Nullable Payload ownPayload(long position) {
        if (position > backlog.lastOwnPosition() || position < backlog.firstPosition()) {
            return log.payloadAt(position);
        }
        return backlog.beginning().get((int) (position - backlog.firstPosition()));
    }

    private long due(long originMicros) {
        return startMicros + (long) ((originMicros - firstOriginMicros) / backlog.speed());
    }
}
