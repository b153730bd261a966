package io.millrace.relay.stream;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has all streams of the node looked at, ten times a second, on one thread that carries no media: however much there is to
 * look at, it takes no more than that thread.
 */
public final class AnalysisVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(AnalysisVerticle.class);
    /** Payloads are kept for more than a second, so that a turn may come much too late before anything is left out. */
    private static final long TURN_MILLIS = 100;

    private static final long NEXT_TURN_MILLIS = 1;

    private final StreamDirectory streams;
    private @Nullable WorkerExecutor worker;
    private boolean stopped;

    public AnalysisVerticle(StreamDirectory streams) {
        this.streams = streams;
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("ts-analysis", 1);
        arm(TURN_MILLIS);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        return worker == null ? Future.succeededFuture() : worker.close();
    }

    private void arm(long delayMillis) {
        if (!stopped) {
            vertx.setTimer(delayMillis, id -> turn());
        }
    }

    /** The next one is armed when this one is done. */
    private void turn() {
        WorkerExecutor executor = worker;
        if (stopped || executor == null) {
            return;
        }
        executor.executeBlocking(this::advance, false)
                .onSuccess(more -> arm(more ? NEXT_TURN_MILLIS : TURN_MILLIS))
                .onFailure(failure -> {
                    LOG.error("looking at the streams failed", failure);
                    arm(TURN_MILLIS);
                });
    }

    /** Returns whether there is more to look at already. */
    private boolean advance() {
        boolean more = false;
        boolean wanted = streams.settings().analysis();
        for (StreamVerticle stream : streams.streams()) {
            if (wanted) {
                more |= stream.analysis().advance(stream.publication());
            } else {
                stream.analysis().stop();
            }
        }
        return more;
    }
}
