package io.millrace.relay.http;

import io.millrace.relay.net.LoopWatch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

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
        JsonObject body = new JsonObject();
        boolean alive = !addStuckLoops(body);
        JsonAnswer.send(request, alive ? 200 : 503, body.put("status", alive ? "up" : "down"));
    }

    /** A stuck loop answers no caller, although its sockets are bound. */
    private void ready(RoutingContext request) {
        JsonObject body = new JsonObject();
        boolean ready = !addStuckLoops(body);
        for (Readiness.Item item : readiness.items()) {
            ready &= item.ready();
            if (!body.containsKey(item.kind())) {
                body.put(item.kind(), new JsonObject());
            }
            body.getJsonObject(item.kind()).put(item.name(), item.ready() ? "ready" : "not ready");
        }
        boolean draining = readiness.isDraining();
        body.put("status", draining ? "draining" : ready ? "ready" : "not ready");
        JsonAnswer.send(request, ready && !draining ? 200 : 503, body);
    }

    /** Says which loops are stuck; false if none is. */
    private boolean addStuckLoops(JsonObject body) {
        JsonArray stuck = new JsonArray();
        loops.stuck()
                .forEach(loop ->
                        stuck.add(new JsonObject().put("loop", loop.loop()).put("seconds", loop.seconds())));
        if (!stuck.isEmpty()) {
            body.put("stuckLoops", stuck);
        }
        return !stuck.isEmpty();
    }
}
