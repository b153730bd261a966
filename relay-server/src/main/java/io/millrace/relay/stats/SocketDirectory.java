package io.millrace.relay.stats;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The open sockets of this node's listeners, each with its newest snapshot. Callable from any thread. */
public final class SocketDirectory {
    private final Map<Object, SocketInfo> sockets = new ConcurrentHashMap<>();
    /** Of the sockets that are closed, by listener; guarded by itself. */
    private final Map<String, ListenerTotals> closed = new TreeMap<>();

    /** Publishes a newer snapshot of the socket that {@code owner} owns. */
    public void update(Object owner, SocketInfo newest) {
        sockets.put(owner, newest);
    }

    /** Forgets a closed socket, but for what it counted up to its newest snapshot. */
    public void closed(Object owner) {
        // At once, or totals() would find it in neither place and be less than before, or in both.
        synchronized (closed) {
            SocketInfo last = sockets.remove(owner);
            if (last != null) {
                add(last, closed);
            }
        }
    }

    /** What the listeners' sockets have counted since the start, closed ones included, by listener; it never gets less. */
    public List<ListenerTotals> totals() {
        Map<String, ListenerTotals> totals;
        synchronized (closed) {
            totals = new TreeMap<>(closed);
            sockets.values().forEach(socket -> add(socket, totals));
        }
        return List.copyOf(totals.values());
    }

    private static void add(SocketInfo socket, Map<String, ListenerTotals> totals) {
        totals.put(
                socket.listener(),
                totals.getOrDefault(socket.listener(), ListenerTotals.none(socket.listener()))
                        .plus(socket));
    }

    /** The snapshots, by listener, address and loop. */
    public List<SocketInfo> sockets() {
        Collection<SocketInfo> snapshots = sockets.values();
        return snapshots.stream()
                .sorted(Comparator.comparing(SocketInfo::listener)
                        .thenComparing(socket -> socket.local().toString())
                        .thenComparing(SocketInfo::loop))
                .toList();
    }
}
