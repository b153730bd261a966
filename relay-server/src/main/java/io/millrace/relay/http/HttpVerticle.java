package io.millrace.relay.http;

import io.millrace.relay.config.HttpConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves health, the API and the pages; what it serves is in the routes. */
public final class HttpVerticle extends VerticleBase {
    /** More than a heartbeat of the events. */
    private static final int WRITE_IDLE_SECONDS = 60;

    private final HttpConfig config;
    private final ApiServices services;
    private volatile List<Route> routes = List.of();
    private volatile @Nullable HttpServer server;

    public HttpVerticle(HttpConfig config, ApiServices services) {
        this.config = config;
        this.services = services;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        Problems.answer(router);
        router.route().handler(new SecurityHeaders());
        ApiTokens tokens = new ApiTokens(() -> services.config().get().http().tokens());
        ApiRoutes routes = new ApiRoutes(router, new ApiGuard(tokens));
        new HealthApi(services.readiness(), services.watch()).addTo(router);
        if (services.metrics() != null) {
            new MetricsApi(vertx, services.metrics()).addTo(routes);
        }
        new StreamApi(services.streams(), services.connections(), services.config()).addTo(routes);
        new StreamTsApi(services.streams(), services.config()).addTo(routes);
        new LiveApi(vertx, services.streams(), services.config()).addTo(routes);
        new ConnectionApi(services.connections(), services.bans()).addTo(routes);
        new StatisticsApi(services.connections(), services.histories()).addTo(routes);
        new BanApi(services.bans()).addTo(routes);
        new DrainApi(services.drain()).addTo(routes);
        new ListenerApi(services.sockets()).addTo(routes);
        new LoopApi(services.loops(), services.sockets()).addTo(routes);
        new AttemptApi(services.attempts()).addTo(routes);
        new OneShotIdApi(services.ids()).addTo(routes);
        new NodeApi(services).addTo(routes);
        new ClusterApi(services.cluster(), services.config()).addTo(routes);
        new ConfigApi(services.config(), services.reload()).addTo(routes);
        new LogLevelApi(services.logLevels()).addTo(routes);
        new EventApi(vertx, services.events(), services.streams(), services.connections()).addTo(routes);
        new CompatibilityApi(services.config(), services.connections()).addTo(routes);
        StaticFiles files = new StaticFiles();
        new OpenApi(files).addTo(routes);
        new Pages(files).addTo(routes);
        this.routes = router.getRoutes();
        return vertx.createHttpServer(options())
                .requestHandler(Problems.guard(router))
                .listen(config.port(), config.host())
                .onSuccess(listening -> server = listening);
    }

    /**
     * A connection ends over which nothing could be written for a while: one that is not used, one whose request doesn't get
     * to its end, and one whose client reads nothing, where an ordinary close would wait for it.
     */
    static HttpServerOptions options() {
        return new HttpServerOptions()
                .setWriteIdleTimeout(WRITE_IDLE_SECONDS)
                // The body of a request that asks to go on by HTTP/2 can't be held up while its token is looked up.
                .setHttp2ClearTextEnabled(false);
    }

    /** What it serves, once it has started. */
    List<Route> routes() {
        return routes;
    }

    /** Where it listens, with the port that was found for port 0; the configured address before the start. */
    public InetSocketAddress address() {
        HttpServer listening = server;
        return listening == null ? config.address() : new InetSocketAddress(config.host(), listening.actualPort());
    }
}
