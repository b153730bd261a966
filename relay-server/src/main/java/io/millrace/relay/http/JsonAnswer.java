package io.millrace.relay.http;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;

/** Answers in JSON. */
final class JsonAnswer {
    private static final String MEDIA_TYPE = "application/json";

    private JsonAnswer() {}

    /** Answers with something short. */
    static void send(RoutingContext request, int status, JsonObject content) {
        var unused = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", MEDIA_TYPE)
                .end(content.toBuffer());
    }

    /**
     * Answers 200 with something that is built off the event loops: a long list must not delay media.
     *
     * @param content gives a {@code JsonArray} or {@code JsonObject}; what it throws becomes the answer
     */
    static void build(RoutingContext request, Callable<?> content) {
        build(request, 200, content);
    }

    static void build(RoutingContext request, int status, Callable<?> content) {
        request.vertx()
                .executeBlocking(() -> Json.encodeToBuffer(content.call()), false)
                .onSuccess(json -> {
                    var unused = request.response()
                            .setStatusCode(status)
                            .putHeader("Content-Type", MEDIA_TYPE)
                            .end(json);
                })
                .onFailure(request::fail);
    }
}
