package io.millrace.relay.stream;

import io.millrace.relay.ts.TsAnalyser;
import io.millrace.relay.ts.TsJournal;
import io.millrace.relay.ts.TsSnapshot;
import io.millrace.srt.packet.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What is in one stream: reads its log behind the publisher, in the order of the positions, and has each payload looked at.
 * One thread advances it and any may ask; whoever publishes or subscribes never waits for it. When it falls so far behind
 * that the log has released what comes next, it goes on with what there is, and says so.
 */
public final class StreamAnalysis {
    /** Payloads of one turn, so that a stream that overruns it doesn't keep the others waiting. */
    private static final int MAX_PAYLOADS = 4_096;

    private final StreamLog log;
    private final TsJournal journal = new TsJournal();
    private @Nullable Publication publication;
    private @Nullable TsAnalyser analyser;
    private long next;
    /** Position behind the last payload that was looked at. */
    private long expected;
    /**
     * The last payload that was looked at. While the log still has it, it has all behind it that ever came; once it has
     * not, or where there is none, this is -1.
     */
    private long anchor = -1;

    private final JoinPoints joinPoints;

    StreamAnalysis(StreamLog log) {
        this.log = log;
        joinPoints = new JoinPoints(log);
    }

    /**
     * Looks at what has come.
     *
     * @param current who publishes; null for nobody
     * @return whether there is more
     */
    synchronized boolean advance(@Nullable Publication current) {
        if (current == null || current == publication) {
            boolean more = lookUntil(settledEnd());
            if (current == null) {
                joinPoints.forget();
            }
            return more;
        }
        long start = current.slot().firstPosition();
        if (publication != null && lookUntil(Math.min(start, settledEnd()))) {
            return true;
        }
        publication = current;
        joinPoints.forget();
        analyser = new TsAnalyser(journal, joinPoints::found);
        next = start;
        expected = start;
        anchor = -1;
        return lookUntil(settledEnd());
    }

    /** It is switched off: nothing is kept, and it begins anew when it is switched on. */
    synchronized void stop() {
        publication = null;
        analyser = null;
        joinPoints.forget();
    }

    /** What was seen since the publisher began, or of the last one; null while nothing was looked at. */
    public synchronized @Nullable TsSnapshot snapshot() {
        return analyser == null ? null : analyser.snapshot();
    }

    /**
     * The newest place in the log at which a new reader may begin; null if none is known of the present publisher. Callable
     * from any thread, and costs its caller nothing.
     */
    public @Nullable JoinPoint newestJoinPoint() {
        return joinPoints.newest();
    }

    private long settledEnd() {
        return Math.min(log.settledEnd(), log.end());
    }

    private boolean lookUntil(long end) {
        TsAnalyser looking = analyser;
        if (looking == null) {
            return false;
        }
        if (next < end - log.capacity()) {
            anchor = -1;
            next = end - log.capacity();
        }
        for (int i = 0; i < MAX_PAYLOADS && next < end; i++) {
            Payload payload = log.payloadAt(next);
            if (payload != null) {
                look(looking, payload);
            } else if (anchor >= 0 && log.payloadAt(anchor) == null) {
                anchor = -1;
            }
            next++;
        }
        return next < end;
    }

    private void look(TsAnalyser looking, Payload payload) {
        long absent = next - expected;
        if (absent > 0 && anchor >= 0) {
            looking.missing(absent, payload.originMicros());
        } else if (absent > 0) {
            looking.skip(absent, payload.originMicros());
        }
        looking.take(payload.bytes(), next, payload.originMicros());
        joinPoints.passed(payload.originMicros());
        anchor = next;
        expected = next + 1;
    }
}
