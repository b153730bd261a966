package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.StreamDirectory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** The nodes: this one, which is a cluster of its own. */
final class NodeApi {
    private final NodeInfo node;
    private final Readiness readiness;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;

    NodeApi(NodeInfo node, Readiness readiness, StreamDirectory streams, ConnectionDirectory connections) {
        this.node = node;
        this.readiness = readiness;
        this.streams = streams;
        this.connections = connections;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/nodes", ApiScope.READ)
                .handler(request -> JsonAnswer.build(request, () -> new JsonArray().add(thisNode())));
    }

    private JsonObject thisNode() {
        JsonArray listeners = new JsonArray();
        readiness
                .items()
                .forEach(item ->
                        listeners.add(new JsonObject().put("name", item.name()).put("ready", item.ready())));
        Collection<ConnectionInfo> open = connections.connections();
        long publishers = open.stream()
                .filter(connection -> connection.facts().role() == ConnectionInfo.Role.PUBLISHER)
                .count();
        return new JsonObject()
                .put("id", node.id())
                .put("version", node.version())
                .put("java", System.getProperty("java.version"))
                .put("since", node.since().toString())
                .put(
                        "uptimeSeconds",
                        Duration.between(node.since(), Instant.now()).toSeconds())
                .put("listeners", listeners)
                .put("streams", streams.streams().size())
                .put("connections", open.size())
                .put("publishers", publishers)
                .put("subscribers", open.size() - publishers);
    }
}
