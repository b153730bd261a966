package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.LoopStatistics;
import io.millrace.relay.net.LoopWatch;
import io.millrace.relay.role.ClusterView.NodeState;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.SocketInfo;
import io.millrace.srt.connection.Statistic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The nodes: this one, of which all is known, and then the others. */
final class NodeApi {
    private final ApiServices services;

    NodeApi(ApiServices services) {
        this.services = services;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/nodes", ApiScope.READ).handler(request -> JsonAnswer.build(request, this::nodes));
    }

    private JsonArray nodes() {
        JsonArray list = new JsonArray();
        JsonArray others = new JsonArray();
        for (NodeState node : services.cluster().nodes()) {
            if (node.isSelf()) {
                list.add(ClusterJson.addTo(thisNode(), node));
            } else {
                others.add(ClusterJson.withLoad(node));
            }
        }
        return list.addAll(others);
    }

    private JsonObject thisNode() {
        NodeInfo node = services.node();
        JsonArray notReady = notReady();
        JsonObject json = new JsonObject()
                .put("id", node.id())
                .put("version", node.version())
                .put("java", System.getProperty("java.version"))
                .put("since", node.since().toString())
                .put(
                        "uptimeSeconds",
                        Duration.between(node.since(), Instant.now()).toSeconds())
                .put("ready", notReady.isEmpty())
                .put("notReady", notReady)
                .put("listeners", listeners())
                .put("openToEverybody", services.config().get().letsEverybodyIn())
                .put("streams", services.streams().streams().size());
        addTraffic(json);
        return json.put("refusedLastMinute", services.attempts().refusedLastMinute())
                .put("busiestLoop", busiestLoop())
                .put("heap", heap());
    }

    private void addTraffic(JsonObject json) {
        Collection<ConnectionInfo> open = services.connections().connections();
        List<ConnectionInfo> publishers = ofRole(open, ConnectionInfo.Role.PUBLISHER);
        List<ConnectionInfo> subscribers = ofRole(open, ConnectionInfo.Role.SUBSCRIBER);
        json.put("connections", open.size())
                .put("publishers", callers(publishers))
                .put("subscribers", callers(subscribers))
                .put("inBitRate", StreamFigures.bitRate(publishers, Statistic.mbpsRecvRate))
                .put("outBitRate", StreamFigures.bitRate(subscribers, Statistic.mbpsSendRate));
    }

    private static List<ConnectionInfo> ofRole(Collection<ConnectionInfo> connections, ConnectionInfo.Role role) {
        return connections.stream()
                .filter(connection -> connection.facts().role() == role)
                .toList();
    }

    /** Other nodes are none. */
    private static long callers(List<ConnectionInfo> connections) {
        return connections.stream()
                .filter(connection -> !connection.facts().isBetweenNodes())
                .count();
    }

    /** Why callers should not be sent here, a sentence each; empty if they may. */
    private JsonArray notReady() {
        JsonArray reasons = new JsonArray();
        if (services.readiness().isDraining()) {
            reasons.add("The node is being drained.");
        }
        for (Readiness.Item item : services.readiness().items()) {
            if (!item.ready()) {
                reasons.add(
                        item.kind().equals("cluster")
                                ? "The node has not joined its cluster; see that the nodes reach each other."
                                : "Listener " + item.name() + " is not bound; the log says why.");
            }
        }
        for (LoopWatch.StuckLoop loop : services.watch().stuck()) {
            reasons.add(
                    "Event loop " + loop.loop() + " has been stuck for " + loop.seconds() + " s; the log says where.");
        }
        return reasons;
    }

    private JsonArray listeners() {
        RelayConfig config = services.config().get();
        JsonArray listeners = new JsonArray();
        services.readiness()
                .items()
                .forEach(item -> config.listeners().stream()
                        .filter(listener -> listener.name().equals(item.name()))
                        .map(listener ->
                                listener(listener, item.ready(), config.srt().latencyMillis()))
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
        return services.sockets().sockets().stream()
                .filter(socket -> socket.listener().equals(listener))
                .map(SocketInfo::local)
                .map(local -> local.getPort())
                .findFirst()
                .orElse(null);
    }

    private double busiestLoop() {
        double busiest = services.loops().statistics().stream()
                .map(LoopStatistics::lastSecond)
                .mapToDouble(second -> second.utilisation())
                .max()
                .orElse(0);
        return Math.round(busiest * 1000) / 1000.0;
    }

    private static JsonObject heap() {
        Runtime runtime = Runtime.getRuntime();
        return new JsonObject()
                .put("usedBytes", runtime.totalMemory() - runtime.freeMemory())
                .put("maxBytes", runtime.maxMemory());
    }
}
