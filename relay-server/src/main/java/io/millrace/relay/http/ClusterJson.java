package io.millrace.relay.http;

import io.millrace.cluster.NodeLoad;
import io.millrace.cluster.PulledStream;
import io.millrace.relay.config.ClusterConfig;
import io.millrace.relay.role.ClusterView;
import io.millrace.relay.role.ClusterView.NodeState;
import io.millrace.relay.role.ClusterView.RoleState;
import io.millrace.relay.role.ClusterView.StreamState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The cluster as the API shows it. */
final class ClusterJson {
    private ClusterJson() {}

    /** All that is known of it. */
    static JsonObject of(ClusterView cluster, ClusterConfig config) {
        JsonArray absent = new JsonArray();
        cluster.absent()
                .forEach(node -> absent.add(new JsonObject()
                        .put("id", node.nodeId())
                        .put("since", node.since().toString())
                        .put("drained", node.wasDraining())));
        JsonArray nodes = new JsonArray();
        cluster.nodes().forEach(node -> nodes.add(withLoad(node)));
        JsonArray streams = new JsonArray();
        cluster.streams().forEach(stream -> streams.add(stream(stream)));
        return new JsonObject()
                .put("mode", config.mode().name().toLowerCase(Locale.ROOT))
                .put("name", config.hasOthers() ? config.name() : null)
                .put("self", cluster.self())
                .put("joined", cluster.hasJoined())
                .put("hasQuorum", cluster.hasQuorum())
                .put("quorum", cluster.quorum())
                .put("configured", cluster.configured())
                .put("nodes", nodes)
                .put("absent", absent)
                .put("roles", roles(cluster.roles()))
                .put("streams", streams);
    }

    static JsonArray roles(List<RoleState> roles) {
        JsonArray list = new JsonArray();
        roles.forEach(role -> list.add(role(role)));
        return list;
    }

    static JsonObject role(RoleState role) {
        return new JsonObject()
                .put("name", role.name())
                .put("owner", role.owner())
                .put("epoch", role.epoch())
                .put("preferred", new JsonArray(role.preferred()));
    }

    /** A node with what it told of its load. */
    static JsonObject withLoad(NodeState state) {
        NodeLoad load = state.node().load();
        return addTo(new JsonObject().put("id", state.node().nodeId()), state)
                .put("since", state.since().toString())
                .put("outBitRate", load.egressBitsPerSecond())
                .put("publishers", load.publishers())
                .put("subscribers", load.subscribers());
    }

    /** What every node says of itself to the others, but for its load. */
    static JsonObject addTo(JsonObject json, NodeState state) {
        return json.put("self", state.isSelf())
                .put("draining", state.node().draining())
                .put("srtAddress", address(state.node().identity().srtAddress()))
                .put("httpAddress", address(state.node().identity().httpAddress()))
                .put("published", state.published())
                .put("pulls", state.node().load().pulls().size())
                .put("served", state.served())
                .put("roles", new JsonArray(state.roles()));
    }

    private static JsonObject stream(StreamState stream) {
        JsonArray pulls = new JsonArray();
        for (ClusterView.Pull pull : stream.pulls()) {
            PulledStream pulled = pull.stream();
            pulls.add(new JsonObject()
                    .put("node", pull.nodeId())
                    .put("from", pulled.fromNodeId())
                    .put("rttMillis", pulled.rttMicros() / 1e3)
                    .put("lostPercent", pulled.lostPerMillion() / 1e4)
                    .put("bitRate", pulled.bitsPerSecond()));
        }
        return new JsonObject()
                .put("name", stream.name())
                .put("node", stream.nodeId())
                .put("pulls", pulls);
    }

    /** Null where nobody can call it: a node that is alone has none, and a free port isn't known beforehand. */
    private static @Nullable String address(InetSocketAddress address) {
        String host = address.getHostString();
        if (address.getPort() == 0) {
            return null;
        }
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
