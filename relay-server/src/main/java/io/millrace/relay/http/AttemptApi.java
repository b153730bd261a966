package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.AttemptLog;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;

/** What came of the attempts to connect. */
final class AttemptApi {
    private static final String PATH = "/api/v1/attempts";

    private final AttemptLog attempts;

    AttemptApi(AttemptLog attempts) {
        this.attempts = attempts;
    }

    void addTo(ApiRoutes routes) {
        routes.get(PATH, ApiScope.READ).handler(this::list);
        routes.get(PATH + "/counters", ApiScope.READ).handler(request -> JsonAnswer.build(request, this::counters));
    }

    private void list(RoutingContext request) {
        AttemptFilter filter = AttemptFilter.of(Query.of(request, AttemptFilter.PARAMETERS), attempts.listeners());
        JsonAnswer.build(request, () -> filter.apply(attempts));
    }

    private JsonArray counters() {
        JsonArray list = new JsonArray();
        attempts.counts().forEach(counts -> list.add(AttemptJson.of(counts)));
        return list;
    }
}
