package io.millrace.relay.stats;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the statistics collected at the beginning of every second of the clock, so that all nodes' rows are of the same times. */
public final class StatisticsVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(StatisticsVerticle.class);
    private static final long SECOND_MILLIS = 1_000;
    /** A timer that rings this much early still means the second that is about to begin. */
    private static final long EARLY_MILLIS = 200;

    private final StatisticsCollector collector;
    private final Clock clock;
    private long timer;
    private boolean stopped;

    public StatisticsVerticle(StatisticsCollector collector, Clock clock) {
        this.collector = collector;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        arm();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return Future.succeededFuture();
    }

    private void arm() {
        if (stopped) {
            return;
        }
        long delay = SECOND_MILLIS - Math.floorMod(clock.millis() + EARLY_MILLIS, SECOND_MILLIS) + EARLY_MILLIS;
        timer = vertx.setTimer(delay, id -> collect());
    }

    /** The next one is armed when this one is done: on a machine that is too slow there are fewer, and never two at once. */
    private void collect() {
        vertx.executeBlocking(
                        () -> {
                            collector.secondPassed(clock.instant());
                            return null;
                        },
                        false)
                .onFailure(failure -> LOG.error("collecting statistics failed", failure))
                .onComplete(done -> arm());
    }
}
