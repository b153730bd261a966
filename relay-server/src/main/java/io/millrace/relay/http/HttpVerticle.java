package io.millrace.relay.http;

import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.config.HttpConfig;
import io.millrace.relay.metrics.Metrics;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopWatch;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stream.StreamDirectory;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Health and the API. Answers are built off the event loops: a long list must not delay media. */
public final class HttpVerticle extends VerticleBase {
    private static final String JSON = "application/json";

    private final HttpConfig config;
    private final Readiness readiness;
    private final LoopWatch watch;
    private final @Nullable Metrics metrics;
    private final EventLoops loops;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;
    private final SocketDirectory sockets;
    private final AttemptLog attempts;
    private final OneShotIds ids;
    private volatile @Nullable HttpServer server;

    /** @param metrics null where they are switched off */
    public HttpVerticle(
            HttpConfig config,
            Readiness readiness,
            LoopWatch watch,
            @Nullable Metrics metrics,
            EventLoops loops,
            StreamDirectory streams,
            ConnectionDirectory connections,
            SocketDirectory sockets,
            AttemptLog attempts,
            OneShotIds ids) {
        this.config = config;
        this.readiness = readiness;
        this.watch = watch;
        this.metrics = metrics;
        this.loops = loops;
        this.streams = streams;
        this.connections = connections;
        this.sockets = sockets;
        this.attempts = attempts;
        this.ids = ids;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        new HealthApi(readiness, watch).addTo(router);
        if (metrics != null) {
            new MetricsApi(vertx, metrics).addTo(router);
        }
        router.get("/api/v1/streams").handler(request -> answer(request, this::streams));
        router.get("/api/v1/connections").handler(request -> answer(request, this::connections));
        router.get("/api/v1/listeners").handler(request -> answer(request, this::listeners));
        router.get("/api/v1/loops").handler(request -> answer(request, this::loops));
        router.get("/api/v1/attempts").handler(this::attempts);
        router.get("/api/v1/attempts/counters").handler(request -> answer(request, this::attemptCounters));
        new OneShotIdApi(vertx, ids).addTo(router);
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
}
