package io.millrace.relay.http;

import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.config.HttpConfig;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stats.StreamHistories;
import io.millrace.relay.stream.StreamDirectory;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Health and the API. Answers are built off the event loops: a long list must not delay media. */
public final class HttpVerticle extends VerticleBase {
    private static final String JSON = "application/json";

    private final HttpConfig config;
    private final Readiness readiness;
    private final EventLoops loops;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;
    private final StreamHistories histories;
    private final SocketDirectory sockets;
    private final AttemptLog attempts;
    private final OneShotIds ids;
    private volatile @Nullable HttpServer server;

    public HttpVerticle(
            HttpConfig config,
            Readiness readiness,
            EventLoops loops,
            StreamDirectory streams,
            ConnectionDirectory connections,
            StreamHistories histories,
            SocketDirectory sockets,
            AttemptLog attempts,
            OneShotIds ids) {
        this.config = config;
        this.readiness = readiness;
        this.loops = loops;
        this.streams = streams;
        this.connections = connections;
        this.histories = histories;
        this.sockets = sockets;
        this.attempts = attempts;
        this.ids = ids;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.get("/health/live").handler(this::live);
        router.get("/health/ready").handler(this::ready);
        router.get("/api/v1/streams").handler(request -> answer(request, this::streams));
        router.get("/api/v1/connections").handler(request -> answer(request, this::connections));
        router.get("/api/v1/listeners").handler(request -> answer(request, this::listeners));
        router.get("/api/v1/loops").handler(request -> answer(request, this::loops));
        router.get("/api/v1/attempts").handler(this::attempts);
        router.get("/api/v1/attempts/counters").handler(request -> answer(request, this::attemptCounters));
        new OneShotIdApi(vertx, ids).addTo(router);
        new StatisticsApi(vertx, connections, histories).addTo(router);
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(config.port(), config.host())
                .onSuccess(listening -> server = listening);
    }

    /** Where it listens, with the port that was found for port 0; the configured address before the start. */
    public InetSocketAddress address() {
        HttpServer listening = server;
        return listening == null ? config.address() : new InetSocketAddress(config.host(), listening.actualPort());
    }

    private void live(RoutingContext request) {
        send(request, 200, new JsonObject().put("status", "up"));
    }

    private void ready(RoutingContext request) {
        List<Readiness.Item> items = readiness.items();
        boolean ready = items.stream().allMatch(Readiness.Item::ready);
        JsonObject checks = new JsonObject();
        items.forEach(item -> checks.put(item.name(), item.ready() ? "ready" : "not ready"));
        send(
                request,
                ready ? 200 : 503,
                new JsonObject().put("status", ready ? "ready" : "not ready").put("listeners", checks));
    }

    private JsonArray streams() {
        return StreamJson.of(streams.streams(), connections.connections());
    }

    private JsonArray connections() {
        JsonArray list = new JsonArray();
        connections.connections().forEach(connection -> list.add(ConnectionJson.of(connection)));
        return list;
    }

    private JsonArray listeners() {
        JsonArray list = new JsonArray();
        sockets.sockets().forEach(socket -> list.add(ListenerJson.of(socket)));
        return list;
    }

    private JsonArray loops() {
        return LoopJson.of(loops.statistics(), sockets.sockets());
    }

    private void attempts(RoutingContext request) {
        try {
            AttemptFilter filter = AttemptFilter.of(request.queryParams(), attempts.listeners());
            answer(request, () -> filter.apply(attempts));
        } catch (BadQueryException | HttpException e) {
            // The latter comes of a query whose encoding is broken.
            Problem.badRequest(String.valueOf(e.getMessage())).send(request);
        }
    }

    private JsonArray attemptCounters() {
        JsonArray list = new JsonArray();
        attempts.counts().forEach(counts -> list.add(AttemptJson.of(counts)));
        return list;
    }

    private void answer(RoutingContext request, Callable<JsonArray> content) {
        vertx.executeBlocking(() -> content.call().toBuffer(), false)
                .onSuccess(json -> {
                    var unused =
                            request.response().putHeader("Content-Type", JSON).end(json);
                })
                .onFailure(request::fail);
    }

    private static void send(RoutingContext request, int status, JsonObject content) {
        var unused = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", JSON)
                .end(content.toBuffer());
    }
}
