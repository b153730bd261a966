package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stats.SocketInfo;
import io.millrace.relay.stream.StreamDirectory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The nodes: this one, which is a cluster of its own. */
final class NodeApi {
    private final NodeInfo node;
    private final Readiness readiness;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;
    private final SocketDirectory sockets;
    private final Supplier<RelayConfig> config;

    NodeApi(
            NodeInfo node,
            Readiness readiness,
            StreamDirectory streams,
            ConnectionDirectory connections,
            SocketDirectory sockets,
            Supplier<RelayConfig> config) {
        this.node = node;
        this.readiness = readiness;
        this.streams = streams;
        this.connections = connections;
        this.sockets = sockets;
        this.config = config;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/nodes", ApiScope.READ)
                .handler(request -> JsonAnswer.build(request, () -> new JsonArray().add(thisNode())));
    }

    private JsonObject thisNode() {
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
                .put("listeners", listeners())
                .put("streams", streams.streams().size())
                .put("connections", open.size())
                .put("publishers", publishers)
                .put("subscribers", open.size() - publishers);
    }

    private JsonArray listeners() {
        RelayConfig current = config.get();
        JsonArray listeners = new JsonArray();
        readiness.items().forEach(item -> current.listeners().stream()
                .filter(listener -> listener.name().equals(item.name()))
                .map(listener -> listener(listener, item.ready(), current.srt().latencyMillis()))
                .forEach(listeners::add));
        return listeners;
    }

    /** What a caller has to know of it, but for the passphrase itself. */
    private JsonObject listener(ListenerConfig listener, boolean ready, int latencyMillis) {
        return new JsonObject()
                .put("name", listener.name())
                .put("ready", ready)
                .put("host", listener.host())
                .put("port", boundPort(listener.name()))
                .put("encrypted", listener.passphrase() != null)
                .put("latencyMillis", latencyMillis)
                .put("stream", listener.stream())
                .put("mode", listener.mode().name().toLowerCase(Locale.ROOT));
    }

    /** Not the configured one, which may be 0; null while it isn't bound. */
    private @Nullable Integer boundPort(String listener) {
        return sockets.sockets().stream()
                .filter(socket -> socket.listener().equals(listener))
                .map(SocketInfo::local)
                .map(local -> local.getPort())
                .findFirst()
                .orElse(null);
    }
}
