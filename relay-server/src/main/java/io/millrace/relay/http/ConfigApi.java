package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.RelayConfig;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** The configuration that is in effect. */
final class ConfigApi {
    private final Supplier<RelayConfig> config;

    ConfigApi(Supplier<RelayConfig> config) {
        this.config = config;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/config", ApiScope.ADMIN)
                .handler(request -> JsonAnswer.build(
                        request, () -> new JsonObject(config.get().toJson())));
    }
}
