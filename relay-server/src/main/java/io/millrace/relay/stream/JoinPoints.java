package io.millrace.relay.stream;

import io.millrace.relay.ts.RandomAccessPoint;
import io.millrace.relay.ts.TablePackets;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Where new readers of a log may begin, and what the log has to keep for them. Used by the thread that looks at the stream;
 * the newest point may be asked for by any.
 */
final class JoinPoints {
    /** Of sound alone there are many; one in so long is enough to keep the log by. */
    private static final long KEPT_APART_MICROS = 100_000;
    /** Beyond what catching up takes: what may be asked for once more, and the log keeps of itself in any case. */
    private static final long MARGIN_MICROS = 500_000;

    private final StreamLog log;
    /** Oldest first: those from which somebody may be reading still. */
    private final ArrayDeque<JoinPoint> kept = new ArrayDeque<>();

    private long keptUntilMicros = Long.MAX_VALUE;

    private volatile @Nullable JoinPoint newest;

    JoinPoints(StreamLog log) {
        this.log = log;
    }

    /** The newest one; null if none is known. */
    @Nullable
    JoinPoint newest() {
        return newest;
    }

    /** A random access point was found. */
    void found(RandomAccessPoint point) {
        TablePackets tables = point.tables();
        if (tables == null) {
            return;
        }
        JoinPoint before = newest;
        long arrival = log.arrivalFrom(point.position(), before == null ? 0 : before.arrival());
        JoinPoint found = new JoinPoint(point.position(), point.offset(), arrival, point.micros(), tables);
        if (kept.isEmpty() || found.originMicros() - kept.getLast().originMicros() >= KEPT_APART_MICROS) {
            kept.add(found);
            keep();
        }
        newest = found;
    }

    /** The stream has been looked at up to this origin time. */
    void passed(long micros) {
        while (micros > keptUntilMicros) {
            kept.remove();
            keep();
        }
    }

    /** There is nothing to begin with any more. */
    void forget() {
        newest = null;
        kept.clear();
        keep();
    }

    /** Keeps the oldest one until nobody begins with it any more, and who did so last has caught up. */
    private void keep() {
        Iterator<JoinPoint> oldestFirst = kept.iterator();
        if (!oldestFirst.hasNext()) {
            keptUntilMicros = Long.MAX_VALUE;
            log.keepFrom(Long.MAX_VALUE);
            return;
        }
        JoinPoint oldest = oldestFirst.next();
        long behindMicros = Joins.MAX_BEHIND_MICROS;
        if (oldestFirst.hasNext()) {
            behindMicros = Math.min(behindMicros, oldestFirst.next().originMicros() - oldest.originMicros());
        }
        long caughtUpMicros = (long) (behindMicros * Joins.LEAST_SPEED / (Joins.LEAST_SPEED - 1));
        keptUntilMicros = oldest.originMicros() + caughtUpMicros + MARGIN_MICROS;
        log.keepFrom(oldest.position());
    }
}
