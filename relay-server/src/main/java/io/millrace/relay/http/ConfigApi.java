package io.millrace.relay.http;

import static java.util.stream.Collectors.joining;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.ConfigurationError;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.ReloadOutcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The configuration that is in effect, and reading it again. */
final class ConfigApi {
    private final Supplier<RelayConfig> config;
    private final Supplier<CompletionStage<ReloadOutcome>> reload;

    ConfigApi(Supplier<RelayConfig> config, Supplier<CompletionStage<ReloadOutcome>> reload) {
        this.config = config;
        this.reload = reload;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/config", ApiScope.ADMIN)
                .handler(request -> JsonAnswer.build(
                        request, () -> new JsonObject(config.get().toJson())));
        routes.post("/api/v1/config/reload", ApiScope.ADMIN).handler(this::reload);
    }

    private void reload(RoutingContext request) {
        Future.fromCompletionStage(reload.get(), request.vertx().getOrCreateContext())
                .onSuccess(outcome -> answer(request, outcome))
                .onFailure(request::fail);
    }

    private static void answer(RoutingContext request, ReloadOutcome outcome) {
        if (outcome.applied()) {
            JsonAnswer.send(
                    request,
                    200,
                    new JsonObject()
                            .put("changed", new JsonArray(outcome.changed()))
                            .put("needRestart", new JsonArray(outcome.needRestart())));
            return;
        }
        String errors =
                outcome.errors().stream().map(ConfigurationError::toString).collect(joining("\n"));
        new Problem(422, "Unprocessable Content", "nothing was changed:\n" + errors).send(request);
    }
}
