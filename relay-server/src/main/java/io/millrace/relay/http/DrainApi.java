package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.role.Drain;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Takes the node out of service, and back. */
final class DrainApi {
    private static final String DRAIN = "/api/v1/drain";

    private final Drain drain;

    DrainApi(Drain drain) {
        this.drain = drain;
    }

    void addTo(ApiRoutes routes) {
        routes.get(DRAIN, ApiScope.READ).handler(this::show);
        routes.post(DRAIN, ApiScope.ADMIN).handler(this::begin);
        routes.delete(DRAIN, ApiScope.ADMIN).handler(this::cancel);
    }

    private void show(RoutingContext request) {
        JsonAnswer.send(request, 200, json());
    }

    private void begin(RoutingContext request) {
        var unused = drain.begin();
        JsonAnswer.send(request, 202, json());
    }

    private void cancel(RoutingContext request) {
        drain.cancel();
        JsonAnswer.send(request, 200, json());
    }

    private JsonObject json() {
        Drain.Status status = drain.status();
        return new JsonObject()
                .put("phase", status.phase().name().toLowerCase(Locale.ROOT))
                .put("viewers", status.viewers())
                .put("publishers", status.publishers())
                .put("since", text(status.since()))
                .put("until", text(status.until()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
