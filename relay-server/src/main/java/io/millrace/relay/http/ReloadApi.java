package io.millrace.relay.http;

import static java.util.stream.Collectors.joining;

import io.millrace.relay.config.ConfigurationError;
import io.millrace.relay.config.ReloadOutcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Reads the configuration again: {@code POST /api/v1/config/reload}. */
final class ReloadApi {
    private static final String PATH = "/api/v1/config/reload";

    private final Supplier<CompletionStage<ReloadOutcome>> reload;

    ReloadApi(Supplier<CompletionStage<ReloadOutcome>> reload) {
        this.reload = reload;
    }

    void addTo(Router router) {
        router.post(PATH).handler(new OwnPages()).handler(this::reload);
    }

    private void reload(RoutingContext request) {
        Future.fromCompletionStage(reload.get(), request.vertx().getOrCreateContext())
                .onSuccess(outcome -> answer(request, outcome))
                .onFailure(request::fail);
    }

    private static void answer(RoutingContext request, ReloadOutcome outcome) {
        if (!outcome.applied()) {
            String errors =
                    outcome.errors().stream().map(ConfigurationError::toString).collect(joining("\n"));
            new Problem(422, "Unprocessable Content", "nothing was changed:\n" + errors).send(request);
            return;
        }
        JsonObject json = new JsonObject()
                .put("changed", new JsonArray(outcome.changed()))
                .put("needRestart", new JsonArray(outcome.needRestart()));
        var unused =
                request.response().putHeader("Content-Type", "application/json").end(json.toBuffer());
    }
}
