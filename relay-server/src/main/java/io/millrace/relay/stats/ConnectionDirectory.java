package io.millrace.relay.stats;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open connections of this node, and how many there may be. Callable from any thread. */
public final class ConnectionDirectory {
    private final HistoryMemory historyMemory;
    private volatile int maximum;
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentHashMap<Long, ConnectionInfo> connections = new ConcurrentHashMap<>();
    /** Of the connections that are closed; guarded by itself. */
    private final ConnectionTotals closed = new ConnectionTotals();

    /**
     * @param maximum connections at once, callers that wait for a decision included
     * @param historyMemory of all of them together
     */
    public ConnectionDirectory(int maximum, HistoryMemory historyMemory) {
        this.maximum = maximum;
        this.historyMemory = historyMemory;
    }

    /** Most connections at once. */
    public int maximum() {
        return maximum;
    }

    /** From now on there may be so many; who is there already stays. */
    public void maximum(int changed) {
        maximum = changed;
    }

    /** Takes a place for a connection to be; false if the node is full. */
    public boolean takePlace() {
        if (places.incrementAndGet() > maximum) {
            places.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Gives a place back that came to no connection. */
    public void givePlaceBack() {
        places.decrementAndGet();
    }

    /**
     * Adds a connection, on a place taken before.
     *
     * @param closing ends the connection if it is still open, from any thread; takes the reason, for the log
     */
    public ConnectionInfo opened(ConnectionInfo.Facts facts, Consumer<String> closing) {
        ConnectionInfo info = new ConnectionInfo(lastId.incrementAndGet(), facts, closing, historyMemory);
        connections.put(info.id(), info);
        return info;
    }

    /** Removes a connection, whose last snapshot has been published, and gives its place back. */
    public void closed(ConnectionInfo info) {
        // At once, or totals() would find it in neither place and be less than before, or in both.
        synchronized (closed) {
            if (connections.remove(info.id()) == null) {
                return;
            }
            closed.add(info.statistics());
        }
        places.decrementAndGet();
    }

    /** What the connections of this node have counted since its start, closed ones included; it never gets less. */
    public ConnectionTotals totals() {
        List<ConnectionInfo> open;
        ConnectionTotals totals;
        synchronized (closed) {
            open = List.copyOf(connections.values());
            totals = closed.copy();
        }
        open.forEach(connection -> totals.add(connection.statistics()));
        return totals;
    }

    /** The open connection of this number; null if there is none. */
    public @Nullable ConnectionInfo connection(long id) {
        return connections.get(id);
    }

    /** The connection that publishes a stream; null if there is none. */
    public @Nullable ConnectionInfo publisherOf(String stream) {
        return connections.values().stream()
                .filter(connection -> connection.facts().role() == ConnectionInfo.Role.PUBLISHER
                        && connection.facts().stream().equals(stream))
                .findFirst()
                .orElse(null);
    }

    /** The open connections, oldest first. */
    public Collection<ConnectionInfo> connections() {
        return connections.values().stream()
                .sorted(Comparator.comparingLong(ConnectionInfo::id))
                .toList();
    }
}
