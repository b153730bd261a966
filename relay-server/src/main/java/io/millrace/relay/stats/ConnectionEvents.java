package io.millrace.relay.stats;

import io.millrace.relay.access.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Where the listeners tell what happens to connections: for each of them, and for each stream's publishers, in its order. */
public final class ConnectionEvents {
    private final List<Consumer<ConnectionEvent>> watchers = new CopyOnWriteArrayList<>();

    /** @param watcher called on the loops of the listeners, so it neither blocks nor takes long */
    public void watch(Consumer<ConnectionEvent> watcher) {
        watchers.add(watcher);
    }

    /** A caller became a connection. */
    public void opened(ConnectionInfo connection) {
        tell(new ConnectionEvent.Opened(Instant.now(), connection));
    }

    /** A connection ended; the parameters are those of the event. */
    public void closed(ConnectionInfo connection, String reason, long durationSeconds, long bytes) {
        tell(new ConnectionEvent.Closed(Instant.now(), connection, reason, durationSeconds, bytes));
    }

    /** A caller was turned away. */
    public void refused(Attempt.Caller caller, Refusal refusal) {
        tell(new ConnectionEvent.Refused(Instant.now(), caller, refusal));
    }

    private void tell(ConnectionEvent event) {
        for (Consumer<ConnectionEvent> watcher : watchers) {
            watcher.accept(event);
        }
    }
}
