package io.millrace.relay.http;

import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.relay.config.ApiScope;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Issues one-shot ids: {@code POST /api/v1/ids} with {@code {"stream": NAME, "action": "publish" or "request",
 * "user": NAME or null, "lifetimeSeconds": 1 to 86400, 300 without it}}.
 */
final class OneShotIdApi {
    private static final int DEFAULT_LIFETIME_SECONDS = 300;
    private static final List<String> MEMBERS = List.of("stream", "action", "user", "lifetimeSeconds");

    private final OneShotIds ids;

    private record Order(String stream, Mode mode, @Nullable String user, Duration lifetime) {}

    OneShotIdApi(OneShotIds ids) {
        this.ids = ids;
    }

    void addTo(ApiRoutes routes) {
        routes.post("/api/v1/ids", ApiScope.OPERATE).handler(JsonBody.handler()).handler(request -> {
            Order order = order(JsonBody.of(request, MEMBERS));
            JsonAnswer.build(request, 201, () -> issue(order));
        });
    }

    private static Order order(JsonBody body) {
        String stream = body.text("stream", "the name of a stream");
        return new Order(
                stream,
                mode(body),
                body.optionalText("user", "a name, null or left out"),
                Duration.ofSeconds(body.wholeNumber(
                        "lifetimeSeconds", DEFAULT_LIFETIME_SECONDS, 1, (int) OneShotIds.MAX_LIFETIME.toSeconds())));
    }

    private static Mode mode(JsonBody body) {
        String allowed = "\"publish\" or \"request\"";
        return switch (body.text("action", allowed)) {
            case "publish" -> Mode.PUBLISH;
            case "request" -> Mode.REQUEST;
            default -> throw JsonBody.mustBe("action", allowed);
        };
    }

    private JsonObject issue(Order order) {
        OneShotIds.Issued issued;
        try {
            issued = ids.issue(order.stream, order.mode, order.user, order.lifetime)
                    .orElseThrow(() -> new ProblemException(Problem.unavailable(OneShotIds.MAX_IDS
                            + " ids were issued that have not expired: wait, or give them shorter lifetimes")));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(String.valueOf(e.getMessage())));
        }
        return new JsonObject()
                .put("id", issued.id())
                .put("streamId", issued.streamId())
                .put("expires", issued.expires().toString());
    }
}
