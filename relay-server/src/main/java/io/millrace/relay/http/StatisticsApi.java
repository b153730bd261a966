package io.millrace.relay.http;

import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.StreamHistories;
import io.millrace.relay.stats.StreamHistory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * Statistics over time: {@code GET /api/v1/ended-streams}, {@code GET /api/v1/connections/ID/statistics} and {@code .../history}, {@code GET
 * /api/v1/streams/NAME/history}, and marks to count from, set by {@code POST} to {@code .../mark} of a connection or stream, or
 * to {@code /api/v1/statistics/mark} for all. Slashes of a stream's name are written as {@code %2F}.
 */
final class StatisticsApi {
    private static final String CONNECTION = "/api/v1/connections/:id/";
    private static final String STREAM = "/api/v1/streams/:name/";
    private static final int MAX_ENDED = 100;

    private final ConnectionDirectory connections;
    private final StreamHistories histories;

    StatisticsApi(ConnectionDirectory connections, StreamHistories histories) {
        this.connections = connections;
        this.histories = histories;
    }

    void addTo(ApiRoutes routes) {
        routes.get(CONNECTION + "statistics", ApiScope.READ).handler(this::statistics);
        routes.get(CONNECTION + "history", ApiScope.READ).handler(this::connectionHistory);
        routes.get(STREAM + "history", ApiScope.READ).handler(this::streamHistory);
        routes.get("/api/v1/ended-streams", ApiScope.READ).handler(request -> JsonAnswer.build(request, this::ended));
        routes.post(CONNECTION + "mark", ApiScope.OPERATE).handler(this::markConnection);
        routes.post(STREAM + "mark", ApiScope.OPERATE).handler(this::markStream);
        routes.post("/api/v1/statistics/mark", ApiScope.OPERATE).handler(request -> mark(request, one -> true));
    }

    private void statistics(RoutingContext request) {
        ConnectionInfo connection = ConnectionApi.connection(request, connections);
        JsonAnswer.build(request, () -> LinkReportJson.of(connection));
    }

    private void connectionHistory(RoutingContext request) {
        HistoryQuery query = HistoryQuery.ofConnection(request);
        ConnectionInfo connection = ConnectionApi.connection(request, connections);
        JsonAnswer.build(request, () -> HistoryJson.of(connection, query));
    }

    private void streamHistory(RoutingContext request) {
        HistoryQuery query = HistoryQuery.ofStream(request);
        String name = PathParameter.text(request, "name");
        StreamHistory kept = histories.of(name);
        // A stream's first second has not passed yet.
        StreamHistory history = kept == null && isOpen(name) ? StreamHistory.ofNothing() : kept;
        if (history == null) {
            throw noStream(name, "had a connection in the last day, or its history had to make room");
        }
        JsonAnswer.build(request, () -> HistoryJson.of(name, history, query));
    }

    private boolean isOpen(String stream) {
        return connections.connections().stream()
                .anyMatch(connection -> connection.facts().stream().equals(stream));
    }

    private JsonArray ended() {
        JsonArray list = new JsonArray();
        histories
                .ended(MAX_ENDED)
                .forEach(stream -> list.add(new JsonObject()
                        .put("name", stream.stream())
                        .put("ended", stream.ended().toString())));
        return list;
    }

    private void markConnection(RoutingContext request) {
        mark(request, ConnectionApi.connection(request, connections)::equals);
    }

    private void markStream(RoutingContext request) {
        String name = PathParameter.text(request, "name");
        Predicate<ConnectionInfo> ofStream = one -> one.facts().stream().equals(name);
        if (connections.connections().stream().noneMatch(ofStream)) {
            throw noStream(name, "has a connection");
        }
        mark(request, ofStream);
    }

    private void mark(RoutingContext request, Predicate<ConnectionInfo> which) {
        JsonAnswer.build(request, () -> {
            Instant now = Instant.now();
            List<ConnectionInfo> marked =
                    connections.connections().stream().filter(which).toList();
            marked.forEach(one -> one.mark(now));
            return new JsonObject().put("mark", now.toString()).put("connections", marked.size());
        });
    }

    private static ProblemException noStream(String name, String what) {
        return new ProblemException(Problem.notFound("no stream of the name \"" + LoggableStreamId.of(name) + "\" "
                + what + "; see /api/v1/streams, and write slashes in names as %2F"));
    }
}
