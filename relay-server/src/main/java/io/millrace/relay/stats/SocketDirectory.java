package io.millrace.relay.stats;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The open sockets of this node's listeners, each with its newest snapshot. Callable from any thread. */
public final class SocketDirectory {
    private final Map<Object, SocketInfo> sockets = new ConcurrentHashMap<>();

    /** Publishes a newer snapshot of the socket that {@code owner} owns. */
    public void update(Object owner, SocketInfo newest) {
        sockets.put(owner, newest);
    }

    /** Forgets a closed socket. */
    public void closed(Object owner) {
        sockets.remove(owner);
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
