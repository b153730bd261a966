package io.millrace.relay.metrics;

import io.millrace.cluster.PulledStream;
import io.millrace.relay.role.ClusterView;
import io.millrace.relay.role.ClusterView.NodeState;
import io.millrace.relay.role.ClusterView.RoleState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The nodes that work together, as this one sees them; one series for each node or role, and none for a stream. */
final class ClusterMetrics {
    private ClusterMetrics() {}

    static void collect(Samples samples, ClusterView cluster) {
        List<NodeState> nodes = cluster.nodes();
        samples.gauge("millrace_cluster_nodes", "Nodes that this one sees, itself among them", nodes.size());
        samples.gauge(
                "millrace_cluster_nodes_configured",
                "Nodes that there are when all are up (cluster.nodes); 1 for a node that is alone",
                cluster.configured());
        samples.gauge(
                "millrace_cluster_quorum",
                "1 while enough nodes hear each other for listeners with an exclusive role to be served",
                cluster.hasQuorum() ? 1 : 0);
        for (NodeState node : nodes) {
            samples.gauge(
                    "millrace_cluster_streams",
                    "Streams that are published to each node, as this one sees it",
                    node.published(),
                    "node",
                    node.node().nodeId());
            if (node.isSelf()) {
                collectPulls(samples, node.node().load().pulls());
            }
        }
        collectServed(samples, cluster.self(), nodes);
        collectRoles(samples, cluster);
    }

    private static void collectPulls(Samples samples, List<PulledStream> pulls) {
        Map<String, List<PulledStream>> byNode = pulls.stream()
                .collect(Collectors.groupingBy(PulledStream::fromNodeId, TreeMap::new, Collectors.toList()));
        byNode.forEach((node, from) -> {
            samples.gauge("millrace_pulls", "Streams that are taken from each other node", from.size(), "from", node);
            samples.gauge(
                    "millrace_pull_rtt_seconds",
                    "Round-trip time to the node that streams are taken from, of the stream that has the longest",
                    greatest(from, PulledStream::rttMicros) / 1e6,
                    "from",
                    node);
            samples.gauge(
                    "millrace_pull_lost_ratio",
                    "What had to be sent again of the packets of the last second, of the stream that lost most",
                    greatest(from, PulledStream::lostPerMillion) / 1e6,
                    "from",
                    node);
        });
    }

    private static void collectServed(Samples samples, String self, List<NodeState> nodes) {
        for (NodeState node : nodes) {
            long served = node.node().load().pulls().stream()
                    .filter(pull -> pull.fromNodeId().equals(self))
                    .count();
            if (served > 0) {
                samples.gauge(
                        "millrace_pulls_served",
                        "Streams that each other node takes from this one",
                        served,
                        "to",
                        node.node().nodeId());
            }
        }
    }

    private static void collectRoles(Samples samples, ClusterView cluster) {
        for (RoleState role : cluster.roles()) {
            boolean isHeld = cluster.self().equals(role.owner());
            samples.gauge(
                    "millrace_role_held",
                    "1 while this node has the exclusive role of the listener",
                    isHeld ? 1 : 0,
                    "role",
                    role.name());
            Long epoch = role.epoch();
            if (epoch != null) {
                samples.gauge(
                        "millrace_role_epoch",
                        "Under what the owner of the role has it, as this node sees it; grows with each take-over",
                        epoch,
                        "role",
                        role.name());
            }
        }
    }

    private static long greatest(List<PulledStream> pulls, ToLongFunction<PulledStream> value) {
        return pulls.stream().mapToLong(value).max().orElse(0);
    }
}
