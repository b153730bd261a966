package io.millrace.relay.listener;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.Node;
import io.millrace.cluster.NodeIdentity;
import io.millrace.relay.config.IpLiteral;
import io.millrace.relay.net.LoopClock;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other nodes that live, by what a datagram tells of them. Usable on any thread; whom it names may have died a moment
 * ago.
 */
final class OtherNodes {
    /** For what is asked with each datagram. */
    private static final long FRESH_MICROS = 250_000;

    private final Cluster cluster;
    private final @Nullable InetAddress own;
    private volatile View view;

    /** @param addresses of those that can be reached, by incarnation */
    private record View(long atMicros, Set<String> incarnations, Map<String, InetAddress> addresses) {}

    OtherNodes(Cluster cluster) {
        this.cluster = cluster;
        own = IpLiteral.address(cluster.self().srtAddress().getHostString());
        view = look(LoopClock.nowMicros());
    }

    /** Whether the other node lived a moment ago. */
    boolean lives(String incarnation, long nowMicros) {
        return recent(nowMicros).incarnations.contains(incarnation);
    }

    /** Whether the other node lives, as far as is known at all. */
    boolean livesNow(String incarnation, long nowMicros) {
        view = look(nowMicros);
        return view.incarnations.contains(incarnation);
    }

    /** Where other nodes reach this one; null if it doesn't live or its address is a name, which takes time. */
    @Nullable
    InetAddress addressOf(String incarnation) {
        return view.addresses.get(incarnation);
    }

    /** Where this node is reached by others, and sends to them from; null if it has no others. */
    @Nullable
    InetAddress ownAddress() {
        return own;
    }

    /** Whether another node sends from there. */
    boolean isAt(InetAddress address) {
        return recent(LoopClock.nowMicros()).addresses.containsValue(address);
    }

    private View recent(long nowMicros) {
        View seen = view;
        if (nowMicros - seen.atMicros >= FRESH_MICROS) {
            seen = look(nowMicros);
            view = seen;
        }
        return seen;
    }

    private View look(long nowMicros) {
        Set<String> incarnations = new HashSet<>();
        Map<String, InetAddress> addresses = new HashMap<>();
        for (Node node : cluster.nodes().all()) {
            NodeIdentity identity = node.identity();
            if (!identity.isSameAs(cluster.self())) {
                incarnations.add(identity.incarnation());
                InetAddress address = IpLiteral.address(identity.srtAddress().getHostString());
                if (address != null) {
                    addresses.put(identity.incarnation(), address);
                }
            }
        }
        return new View(nowMicros, Set.copyOf(incarnations), Map.copyOf(addresses));
    }
}
