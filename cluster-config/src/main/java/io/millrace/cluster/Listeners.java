package io.millrace.cluster;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to be told, in the order in which things are said. */
final class Listeners<L> {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<L> listeners = new CopyOnWriteArrayList<>();
    private final Executor executor;

    /** @param executor carries out one task after the other */
    Listeners(Executor executor) {
        this.executor = executor;
    }

    void add(L listener) {
        listeners.add(listener);
    }

    void tell(Consumer<L> message) {
        try {
            executor.execute(() -> listeners.forEach(listener -> tell(listener, message)));
        } catch (RejectedExecutionException e) {
            LOG.trace("nobody is told any more, the node has left", e);
        }
    }

    private void tell(L listener, Consumer<L> message) {
        try {
            message.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("a listener to the cluster failed", e);
        }
    }
}
