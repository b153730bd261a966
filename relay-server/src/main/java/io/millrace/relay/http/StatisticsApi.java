package io.millrace.relay.http;

import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.StreamHistories;
import io.millrace.relay.stats.StreamHistory;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Statistics over time: {@code GET /api/v1/connections/ID/statistics} and {@code .../history}, {@code GET
 * /api/v1/streams/NAME/history}, and marks to count from, set by {@code POST} to {@code .../mark} of a connection or stream, or
 * to {@code /api/v1/statistics/mark} for all. Slashes of a stream's name are written as {@code %2F}.
 */
final class StatisticsApi {
    private static final String CONNECTION = "/api/v1/connections/:id/";
    private static final String STREAM = "/api/v1/streams/:name/";

    private final Vertx vertx;
    private final ConnectionDirectory connections;
    private final StreamHistories histories;

    StatisticsApi(Vertx vertx, ConnectionDirectory connections, StreamHistories histories) {
        this.vertx = vertx;
        this.connections = connections;
        this.histories = histories;
    }

    void addTo(Router router) {
        router.get(CONNECTION + "statistics").handler(this::statistics);
        router.get(CONNECTION + "history").handler(refusingBadQueries(this::connectionHistory));
        router.get(STREAM + "history").handler(refusingBadQueries(this::streamHistory));
        router.post(CONNECTION + "mark").handler(new OwnPages()).handler(this::markConnection);
        router.post(STREAM + "mark").handler(new OwnPages()).handler(this::markStream);
        router.post("/api/v1/statistics/mark").handler(new OwnPages()).handler(request -> answer(request, this::mark));
    }

    private void statistics(RoutingContext request) {
        ConnectionInfo connection = connection(request);
        if (connection != null) {
            answer(request, () -> LinkReportJson.of(connection));
        }
    }

    private void connectionHistory(RoutingContext request) throws BadQueryException {
        HistoryQuery query = HistoryQuery.ofConnection(request.queryParams());
        ConnectionInfo connection = connection(request);
        if (connection != null) {
            answer(request, () -> HistoryJson.of(connection, query));
        }
    }

    private void streamHistory(RoutingContext request) throws BadQueryException {
        HistoryQuery query = HistoryQuery.ofStream(request.queryParams());
        String name = request.pathParam("name");
        StreamHistory history = histories.of(name);
        if (history == null) {
            noStream(name, "had a connection in the last day, or its history had to make room")
                    .send(request);
        } else {
            answer(request, () -> HistoryJson.of(name, history, query));
        }
    }

    private void markConnection(RoutingContext request) {
        ConnectionInfo connection = connection(request);
        if (connection != null) {
            answer(request, () -> mark(connection::equals));
        }
    }

    private void markStream(RoutingContext request) {
        String name = request.pathParam("name");
        if (connections.connections().stream()
                .noneMatch(one -> one.facts().stream().equals(name))) {
            noStream(name, "has a connection").send(request);
        } else {
            answer(request, () -> mark(one -> one.facts().stream().equals(name)));
        }
    }

    private JsonObject mark() {
        return mark(one -> true);
    }

    private JsonObject mark(Predicate<ConnectionInfo> which) {
        Instant now = Instant.now();
        List<ConnectionInfo> marked =
                connections.connections().stream().filter(which).toList();
        marked.forEach(one -> one.mark(now));
        return new JsonObject().put("mark", now.toString()).put("connections", marked.size());
    }

    /** The connection that is asked for; null after it was told that there is none. */
    private @Nullable ConnectionInfo connection(RoutingContext request) {
        String id = request.pathParam("id");
        ConnectionInfo connection = Optional.of(id)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> connections.connection(Long.parseLong(text)))
                .orElse(null);
        if (connection == null) {
            new Problem(
                            404,
                            "Not Found",
                            "there is no connection of this id; /api/v1/connections has those that are open")
                    .send(request);
        }
        return connection;
    }

    private static Problem noStream(String name, String what) {
        return new Problem(
                404,
                "Not Found",
                "no stream of the name \"" + LoggableStreamId.of(name) + "\" " + what
                        + "; see /api/v1/streams, and write slashes in names as %2F");
    }

    private void answer(RoutingContext request, Callable<JsonObject> content) {
        vertx.executeBlocking(() -> content.call().toBuffer(), false)
                .onSuccess(json -> {
                    var unused = request.response()
                            .putHeader("Content-Type", "application/json")
                            .end(json);
                })
                .onFailure(request::fail);
    }

    private interface QueryHandler {
        void handle(RoutingContext request) throws BadQueryException;
    }

    private static Handler<RoutingContext> refusingBadQueries(QueryHandler handler) {
        return request -> {
            try {
                handler.handle(request);
            } catch (BadQueryException | HttpException e) {
                // The latter comes of a query whose encoding is broken.
                Problem.badRequest(String.valueOf(e.getMessage())).send(request);
            }
        };
    }
}
