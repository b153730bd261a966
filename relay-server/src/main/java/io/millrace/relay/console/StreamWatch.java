package io.millrace.relay.console;

import io.millrace.relay.net.LoopClock;
import io.millrace.relay.tool.StopSignal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Looks at a stream once a second and shows it, through restarts of the relay. */
final class StreamWatch {
    private static final long PERIOD_MICROS = 1_000_000;
    private static final long RESUMED_MICROS = 10 * PERIOD_MICROS;
    private static final long NEVER = Long.MIN_VALUE;

    private final StreamPoll poll;
    private final StopSignal stop;
    private final long endMicros;

    /** Since when there is no answer; {@link #NEVER} while there is one. */
    private long outageMicros = NEVER;

    private long resumedMicros = NEVER;
    private long outageSeconds;

    /** @param seconds after which it ends by itself; null for never */
    StreamWatch(StreamPoll poll, StopSignal stop, @Nullable Double seconds) {
        this.poll = poll;
        this.stop = stop;
        endMicros = seconds == null ? Long.MAX_VALUE : LoopClock.nowMicros() + (long) (seconds * 1e6);
    }

    /** The first look, at a relay that has to be there. */
    Observation first() throws ApiException {
        return Observation.of(Instant.now(), poll.next());
    }

    /**
     * Shows it until the end.
     *
     * @throws ApiException if the relay doesn't let us look any more
     */
    void run(Observation first, WatchDisplay display) throws ApiException {
        long nextMicros = LoopClock.nowMicros();
        display.show(first);
        while (true) {
            nextMicros = Math.max(nextMicros + PERIOD_MICROS, LoopClock.nowMicros() + PERIOD_MICROS / 2);
            if (stop.sleepUntil(Math.min(nextMicros, endMicros)) || LoopClock.nowMicros() >= endMicros) {
                return;
            }
            display.show(look(LoopClock.nowMicros()));
        }
    }

    private Observation look(long nowMicros) throws ApiException {
        try {
            StreamSnapshot snapshot = poll.next();
            if (outageMicros != NEVER) {
                outageMicros = NEVER;
                resumedMicros = nowMicros;
            }
            boolean resumed = resumedMicros != NEVER && nowMicros - resumedMicros < RESUMED_MICROS;
            return new Observation(Instant.now(), snapshot, "", outageSeconds, resumed);
        } catch (ApiException e) {
            if (!e.isTemporary()) {
                throw e;
            }
            String why = e.getMessage();
            return without(why == null ? "" : why, nowMicros);
        }
    }

    private Observation without(String why, long nowMicros) {
        if (outageMicros == NEVER) {
            outageMicros = nowMicros;
            poll.startAgain();
        }
        outageSeconds = (LoopClock.nowMicros() - outageMicros) / PERIOD_MICROS;
        return new Observation(Instant.now(), null, why, outageSeconds, false);
    }
}
