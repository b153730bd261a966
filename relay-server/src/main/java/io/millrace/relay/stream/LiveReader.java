package io.millrace.relay.stream;

import io.millrace.srt.packet.Payload;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one publisher sends as bytes in order, for somebody who watches a stream without SRT. It begins with PAT, PMT
 * and the newest random access point, or at the live edge where none is known. What is missing is waited for as long as the
 * publisher's leg waits for it, and left out then.
 *
 * <p>It owns a position in the stream's log and nothing else. Who asks it so seldom that it falls behind is brought to the
 * newest random access point. Used by one thread; whoever publishes never waits for it.
 */
public final class LiveReader {
    /** What it may fall behind, beyond what it is behind without any fault of the one who asks. */
    private static final long MAX_LAG_MICROS = 2_000_000;

    private final StreamLog log;
    private final Publication publication;
    private final Supplier<@Nullable Publication> current;
    private final Supplier<@Nullable JoinPoint> joinPoint;
    private final Runnable onSkip;

    /** Position of the next payload; -1 before the first. */
    private long next = -1;
    /** The last payload that was read: while the log has it, it has all behind it that ever came. -1 for none. */
    private long anchor = -1;
    /** Lag from which on it skips: at first it is behind by as much as the random access point is old. */
    private long toleratedLagMicros = Long.MAX_VALUE;
    /** One past the publisher's last position; -1 while it publishes. */
    private long end = -1;

    /**
     * @param current gives who publishes now
     * @param joinPoint gives the newest random access point
     * @param onSkip is called each time that something is left out because this was read too slowly
     */
    LiveReader(
            StreamLog log,
            Publication publication,
            Supplier<@Nullable Publication> current,
            Supplier<@Nullable JoinPoint> joinPoint,
            Runnable onSkip) {
        this.log = log;
        this.publication = publication;
        this.current = current;
        this.joinPoint = joinPoint;
        this.onSkip = onSkip;
    }

    /**
     * What has come since it was asked last.
     *
     * @param mostBytes after which nothing more is added; what is left comes with the next call
     * @param nowMicros of the clock of the payloads' times
     */
    public Buffer read(int mostBytes, long nowMicros) {
        long available = available();
        if (next >= available) {
            return Buffer.buffer();
        }
        Buffer bytes = Buffer.buffer();
        if (next < 0) {
            join(bytes, nowMicros);
        } else if (lagMicros(available, nowMicros) > toleratedLagMicros && hasNewer()) {
            skip(bytes, nowMicros);
        }
        while (next < available && bytes.length() < mostBytes) {
            Payload payload = log.payloadAt(next);
            if (payload != null) {
                bytes.appendBytes(payload.bytes());
                anchor = next++;
            } else if (isLapped()) {
                skip(bytes, nowMicros);
            } else {
                next++;
            }
        }
        if (next == available) {
            toleratedLagMicros = publication.publisher().latencyMillis() * 1_000L + MAX_LAG_MICROS;
        }
        return bytes;
    }

    /** Whether its publisher is gone and all that it sent has been read. */
    public boolean hasEnded() {
        return end >= 0 && next >= end;
    }

    /** One past the last position that is settled and this publisher's. */
    private long available() {
        if (end >= 0) {
            return end;
        }
        // In this order: a publisher that is gone has left nothing unsettled.
        Publication present = current.get();
        long settled = settledEnd();
        if (present == publication) {
            return settled;
        }
        end = present == null ? settled : Math.min(settled, present.slot().firstPosition());
        return end;
    }

    private long settledEnd() {
        return Math.min(log.settledEnd(), log.end());
    }

    private void skip(Buffer bytes, long nowMicros) {
        onSkip.run();
        join(bytes, nowMicros);
    }

    /** Goes to the newest random access point that is ahead, else to the live edge. */
    private void join(Buffer bytes, long nowMicros) {
        JoinPoint point = joinPoint.get();
        Payload first = point == null || !isAhead(point) ? null : log.payloadAt(point.position());
        if (point == null || first == null) {
            next = Math.max(next, settledEnd());
            anchor = -1;
            return;
        }
        bytes.appendBytes(point.tables().bytes())
                .appendBytes(first.bytes(), point.offset(), first.length() - point.offset());
        next = point.position() + 1;
        anchor = point.position();
        toleratedLagMicros = nowMicros - point.originMicros() + MAX_LAG_MICROS;
    }

    private boolean hasNewer() {
        JoinPoint point = joinPoint.get();
        return point != null && isAhead(point);
    }

    private boolean isAhead(JoinPoint point) {
        return point.position() >= Math.max(next, publication.slot().firstPosition())
                && (end < 0 || point.position() < end);
    }

    private long lagMicros(long available, long nowMicros) {
        Payload oldest = null;
        for (long position = next; oldest == null && position < available; position++) {
            oldest = log.payloadAt(position);
        }
        return oldest == null ? 0 : nowMicros - oldest.originMicros();
    }

    private boolean isLapped() {
        return anchor >= 0 && log.payloadAt(anchor) == null;
    }
}
