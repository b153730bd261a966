package io.millrace.relay.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** What load balancers and supervisors ask: whether the process is alive, and whether it can serve. */
final class HealthApi {
    private final Readiness readiness;

    HealthApi(Readiness readiness) {
        this.readiness = readiness;
    }

    void addTo(Router router) {
        router.get("/health/live").handler(HealthApi::live);
        router.get("/health/ready").handler(this::ready);
    }

    private static void live(RoutingContext request) {
        JsonAnswer.send(request, 200, new JsonObject().put("status", "up"));
    }

    private void ready(RoutingContext request) {
        List<Readiness.Item> items = readiness.items();
        boolean ready = items.stream().allMatch(Readiness.Item::ready);
        JsonObject checks = new JsonObject();
        items.forEach(item -> checks.put(item.name(), item.ready() ? "ready" : "not ready"));
        JsonAnswer.send(
                request,
                ready ? 200 : 503,
                new JsonObject().put("status", ready ? "ready" : "not ready").put("listeners", checks));
    }
}
