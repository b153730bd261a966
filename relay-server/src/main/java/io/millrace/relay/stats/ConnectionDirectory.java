package io.millrace.relay.stats;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The open connections of this node, and how many there may be. Callable from any thread. */
public final class ConnectionDirectory {
    private final int maximum;
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentHashMap<Long, ConnectionInfo> connections = new ConcurrentHashMap<>();
    /** Of the connections that are closed; guarded by itself. */
    private final ConnectionTotals closed = new ConnectionTotals();

    /** @param maximum connections at once, callers that wait for a decision included */
    public ConnectionDirectory(int maximum) {
        this.maximum = maximum;
    }

    /** Most connections at once. */
    public int maximum() {
        return maximum;
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

    /** Adds a connection, on a place taken before. */
    public ConnectionInfo opened(ConnectionInfo.Facts facts) {
        ConnectionInfo info = new ConnectionInfo(lastId.incrementAndGet(), facts);
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

    /** The open connections, oldest first. */
    public Collection<ConnectionInfo> connections() {
        return connections.values().stream()
                .sorted(Comparator.comparingLong(ConnectionInfo::id))
                .toList();
    }
}
