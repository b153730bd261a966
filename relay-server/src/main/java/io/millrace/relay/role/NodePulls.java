package io.millrace.relay.role;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.Node;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.PulledStream;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stream.Elsewhere;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Takes streams from the nodes that have them, each once, however many watch it here. The node that publishes a stream is
 * asked first; when as many nodes take it from there as may, one that has it from there.
 */
public final class NodePulls implements Elsewhere {
    private final Cluster cluster;
    private final List<PullSocket> sockets;
    private final EventLoops loops;
    private final AtomicInteger next = new AtomicInteger();

    /** @param config as it is at present */
    public NodePulls(
            Cluster cluster,
            Supplier<RelayConfig> config,
            EventLoops loops,
            UdpTransport transport,
            ConnectionDirectory connections) {
        this.cluster = cluster;
        this.loops = loops;
        List<PullSocket> onLoops = new ArrayList<>();
        for (LoopExecutor loop : loops.all()) {
            onLoops.add(new PullSocket(loop, transport, config, cluster.self().nodeId(), connections));
        }
        sockets = List.copyOf(onLoops);
    }

    /** Opens what pulls need. */
    public Future<?> start() {
        return Future.join(loops.all().stream()
                .map(loop -> sockets.get(loop.index()).start())
                .toList());
    }

    /** Ends all pulls. */
    public Future<?> stop() {
        return Future.join(sockets.stream().map(PullSocket::stop).toList());
    }

    @Override
    public boolean lives(Claim claim) {
        return !claim.node().isSameAs(cluster.self()) && isAlive(claim.node());
    }

    @Override
    public Pull pull(String stream, Target target) {
        PullSocket socket = sockets.get(Math.floorMod(next.getAndIncrement(), sockets.size()));
        NodePull pull = new NodePull(stream, target, socket, () -> nodesToAsk(stream));
        pull.begin();
        return pull;
    }

    /** The streams that come from other nodes at present. */
    public List<PulledStream> pulled() {
        return sockets.stream().flatMap(socket -> socket.pulled().stream()).toList();
    }

    /** Nodes that have the stream, and may send it: who publishes it, then those that take it from fewest others. */
    List<NodeIdentity> nodesToAsk(String stream) {
        List<NodeIdentity> asked = new ArrayList<>();
        NodeIdentity origin = cluster.streams()
                .known(stream)
                .filter(this::lives)
                .map(Claim::node)
                .orElse(null);
        if (origin == null) {
            return asked;
        }
        asked.add(origin);
        asked.addAll(copies(stream, origin, cluster.self(), cluster.nodes().all()));
        return asked;
    }

    /** Who has the stream by way of other nodes that lead to its origin and not to this one: no loops. */
    static List<NodeIdentity> copies(String stream, NodeIdentity origin, NodeIdentity self, Collection<Node> nodes) {
        Map<String, String> parents = new LinkedHashMap<>();
        Map<String, Integer> children = new LinkedHashMap<>();
        for (Node node : nodes) {
            for (PulledStream pull : node.load().pulls()) {
                if (pull.streamName().equals(stream)) {
                    parents.put(node.nodeId(), pull.fromNodeId());
                    children.merge(pull.fromNodeId(), 1, Integer::sum);
                }
            }
        }
        return nodes.stream()
                .filter(node -> !node.draining() && !node.nodeId().equals(self.nodeId()))
                .filter(node -> leadsTo(origin.nodeId(), node.nodeId(), self.nodeId(), parents))
                .sorted(Comparator.comparingInt((Node node) -> children.getOrDefault(node.nodeId(), 0))
                        .thenComparing(Node::nodeId))
                .map(Node::identity)
                .toList();
    }

    private static boolean leadsTo(String origin, String node, String self, Map<String, String> parents) {
        Set<String> passed = new HashSet<>();
        String at = parents.get(node);
        while (at != null && !at.equals(self) && passed.add(at)) {
            if (at.equals(origin)) {
                return true;
            }
            at = parents.get(at);
        }
        return false;
    }

    private boolean isAlive(NodeIdentity node) {
        return cluster.nodes().all().stream()
                .anyMatch(living -> living.identity().isSameAs(node));
    }
}
