package io.millrace.relay.http;

import io.millrace.relay.net.LoopWatch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Whether the node lives, and whether it is ready to serve. Both look at what others have found out, and wait for nobody.
 *
 * <p>The server answers on one of the event loops. If that one is stuck there is no answer, by which a probe fails as
 * well; of every other one the answer tells.
 */
final class HealthApi {
    private final Readiness readiness;
    private final LoopWatch loops;

    HealthApi(Readiness readiness, LoopWatch loops) {
        this.readiness = readiness;
        this.loops = loops;
    }

    void addTo(Router router) {
        router.get("/health/live").handler(this::live);
        router.get("/health/ready").handler(this::ready);
    }

    private void live(RoutingContext request) {
        List<LoopWatch.StuckLoop> stuck = loops.stuck();
        if (stuck.isEmpty()) {
            send(request, 200, new JsonObject().put("status", "up"));
            return;
        }
        JsonArray list = new JsonArray();
        stuck.forEach(loop -> list.add(new JsonObject().put("loop", loop.loop()).put("seconds", loop.seconds())));
        send(request, 503, new JsonObject().put("status", "down").put("stuckLoops", list));
    }

    private void ready(RoutingContext request) {
        List<Readiness.Item> items = readiness.items();
        boolean ready = items.stream().allMatch(Readiness.Item::ready);
        String status = readiness.isDraining() ? "draining" : ready ? "ready" : "not ready";
        JsonObject body = new JsonObject().put("status", status);
        for (Readiness.Item item : items) {
            if (!body.containsKey(item.kind())) {
                body.put(item.kind(), new JsonObject());
            }
            body.getJsonObject(item.kind()).put(item.name(), item.ready() ? "ready" : "not ready");
        }
        send(request, status.equals("ready") ? 200 : 503, body);
    }

    private static void send(RoutingContext request, int status, JsonObject content) {
        var unused = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(content.toBuffer());
    }
}
