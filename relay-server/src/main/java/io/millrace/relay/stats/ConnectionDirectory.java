package io.millrace.relay.stats;

import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The open connections of this node, and how many there may be. Callable from any thread. */
public final class ConnectionDirectory {
    private final int maximum;
    private final HistoryMemory historyMemory;
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentHashMap<Long, ConnectionInfo> connections = new ConcurrentHashMap<>();

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
        ConnectionInfo info = new ConnectionInfo(lastId.incrementAndGet(), facts, historyMemory);
        connections.put(info.id(), info);
        return info;
    }

    /** Removes a connection and gives its place back. */
    public void closed(ConnectionInfo info) {
        if (connections.remove(info.id()) != null) {
            places.decrementAndGet();
        }
    }

    /** The open connection of this number; null if there is none. */
    public @Nullable ConnectionInfo connection(long id) {
        return connections.get(id);
    }

    /** The open connections, oldest first. */
    public Collection<ConnectionInfo> connections() {
        return connections.values().stream()
                .sorted(Comparator.comparingLong(ConnectionInfo::id))
                .toList();
    }
}
