package io.millrace.relay.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches from a thread of its own whether the event loops still turn: each publishes its figures every second, and one
 * that hasn't for {@value #STUCK_SECONDS} s is stuck, which is logged once with what it is doing.
 */
public final class LoopWatch implements AutoCloseable {
    /**
     * SRT's usual time until a silent peer is given up. A loop that stood still for so long has lost its connections, so
     * a restart loses nothing more; the longest pause that a loop recovers from unnoticed is far shorter.
     */
    static final int STUCK_SECONDS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    private final Supplier<List<LoopStatistics>> statistics;
    private final IntFunction<StackTraceElement[]> stackTraces;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread created = new Thread(task, "loop-watch");
        created.setDaemon(true);
        return created;
    });
    private final List<Watched> loops = new ArrayList<>();
    private volatile List<StuckLoop> stuck = List.of();

    /**
     * A loop that does not turn.
     *
     * @param loop its number
     * @param seconds since when, not counting those in which the whole process stood still
     */
    public record StuckLoop(int loop, int seconds) {}

    /** What was seen of one loop. */
    private static final class Watched {
        private long takenMicros = Long.MIN_VALUE;
        private int unchangedSeconds;
    }

    /** Where a stuck loop is, in a form that the log can print. */
    private static final class StuckHere extends Exception {
        private static final long serialVersionUID = 1;

        StuckHere(int loop, StackTraceElement[] stackTrace) {
            super("event loop " + loop, null, false, true);
            setStackTrace(stackTrace);
        }
    }

    /** Watches until {@link #close}. */
    public LoopWatch(EventLoops loops) {
        this(loops::statistics, loops::stackTrace);
        // With a delay and not at a rate: after a pause of the whole process the missed looks must not be caught up on
        // before the loops have come to publish anything.
        var unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    LoopWatch(Supplier<List<LoopStatistics>> statistics, IntFunction<StackTraceElement[]> stackTraces) {
        this.statistics = statistics;
        this.stackTraces = stackTraces;
        statistics.get().forEach(loop -> loops.add(new Watched()));
    }

    /** The loops that are stuck now. Callable from any thread. */
    public List<StuckLoop> stuck() {
        return stuck;
    }

    /** Called once a second. */
    void look() {
        List<StuckLoop> now = new ArrayList<>();
        for (LoopStatistics loop : statistics.get()) {
            Watched watched = loops.get(loop.loop());
            if (watched.takenMicros == loop.takenMicros()) {
                watched.unchangedSeconds++;
            } else {
                if (watched.unchangedSeconds >= STUCK_SECONDS) {
                    LOG.warn("Event loop {} goes on after {} s", loop.loop(), watched.unchangedSeconds);
                }
                watched.takenMicros = loop.takenMicros();
                watched.unchangedSeconds = 0;
            }
            if (watched.unchangedSeconds == STUCK_SECONDS) {
                LOG.error(
                        "Event loop {} has been stuck for {} s: its connections are dead, and /health/live fails. This"
                                + " is a fault of the relay; report where it is",
                        loop.loop(),
                        STUCK_SECONDS,
                        new StuckHere(loop.loop(), stackTraces.apply(loop.loop())));
            }
            if (watched.unchangedSeconds >= STUCK_SECONDS) {
                now.add(new StuckLoop(loop.loop(), watched.unchangedSeconds));
            }
        }
        stuck = List.copyOf(now);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
