package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The metrics as Prometheus reads them. They are written off the event loops, once for all who ask meanwhile. */
final class MetricsApi {
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final Metrics metrics;
    private @Nullable Future<String> scrape;

    MetricsApi(Vertx vertx, Metrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
    }

    void addTo(ApiRoutes routes) {
        routes.scraped("/metrics", ApiScope.READ).handler(this::answer);
    }

    /** On the event loop of the server. */
    private void answer(RoutingContext request) {
        Future<String> running = scrape;
        if (running == null || running.isComplete()) {
            running = vertx.executeBlocking(metrics::scrape, false);
            scrape = running;
        }
        running.onSuccess(text -> {
                    var unused = request.response()
                            .putHeader("Content-Type", TEXT_FORMAT)
                            .end(text);
                })
                .onFailure(request::fail);
    }
}
