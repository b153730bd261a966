package io.millrace.relay.http;

import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.access.StreamRequest.Mode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Issues one-shot ids: {@code POST /api/v1/ids} with {@code {"stream": NAME, "action": "publish" or "request",
 * "user": NAME or null, "lifetimeSeconds": 1 to 86400, 300 without it}}.
 */
final class OneShotIdApi {
    private static final String PATH = "/api/v1/ids";
    private static final int MAX_BODY_BYTES = 16 * 1024;
    private static final int DEFAULT_LIFETIME_SECONDS = 300;
    private static final List<String> MEMBERS = List.of("stream", "action", "user", "lifetimeSeconds");

    private final Vertx vertx;
    private final OneShotIds ids;

    private record Order(String stream, Mode mode, @Nullable String user, Duration lifetime) {}

    OneShotIdApi(Vertx vertx, OneShotIds ids) {
        this.vertx = vertx;
        this.ids = ids;
    }

    void addTo(Router router) {
        router.post(PATH)
                .handler(new OwnPages())
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::issue)
                .failureHandler(OneShotIdApi::failed);
    }

    private void issue(RoutingContext request) {
        Buffer body = request.body().buffer();
        vertx.executeBlocking(() -> issue(body == null ? Buffer.buffer() : body), false)
                .onSuccess(issued -> issued.ifPresentOrElse(
                        id -> created(request, id),
                        () -> new Problem(
                                        503,
                                        "Service unavailable",
                                        OneShotIds.MAX_IDS + " ids were issued and not used: wait until some expire")
                                .send(request)))
                .onFailure(request::fail);
    }

    private Optional<OneShotIds.Issued> issue(Buffer body) {
        Order order = order(body);
        return ids.issue(order.stream, order.mode, order.user, order.lifetime);
    }

    private static Order order(Buffer body) {
        JsonObject json;
        try {
            json = new JsonObject(body);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("the body is no JSON object");
        }
        for (String member : json.fieldNames()) {
            if (!MEMBERS.contains(member)) {
                throw new IllegalArgumentException("unknown member; allowed: " + String.join(", ", MEMBERS));
            }
        }
        if (!(json.getValue("stream") instanceof String stream)) {
            throw new IllegalArgumentException("\"stream\" must be the name of a stream");
        }
        return new Order(stream, mode(json.getValue("action")), user(json.getValue("user")), lifetime(json));
    }

    private static Mode mode(@Nullable Object action) {
        if ("publish".equals(action)) {
            return Mode.PUBLISH;
        }
        if ("request".equals(action)) {
            return Mode.REQUEST;
        }
        throw new IllegalArgumentException("\"action\" must be \"publish\" or \"request\"");
    }

    private static @Nullable String user(@Nullable Object user) {
        if (user == null || (user instanceof String text && !text.isEmpty())) {
            return (String) user;
        }
        throw new IllegalArgumentException("\"user\" must be a name, null or left out");
    }

    private static Duration lifetime(JsonObject json) {
        Object seconds = json.getValue("lifetimeSeconds", DEFAULT_LIFETIME_SECONDS);
        if (seconds instanceof Integer number && number > 0 && number <= OneShotIds.MAX_LIFETIME.toSeconds()) {
            return Duration.ofSeconds(number);
        }
        throw new IllegalArgumentException(
                "\"lifetimeSeconds\" must be a whole number from 1 to " + OneShotIds.MAX_LIFETIME.toSeconds());
    }

    private static void created(RoutingContext request, OneShotIds.Issued issued) {
        JsonObject json = new JsonObject()
                .put("id", issued.id())
                .put("streamId", issued.streamId())
                .put("expires", issued.expires().toString());
        var unused = request.response()
                .setStatusCode(201)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json.toBuffer());
    }

    private static void failed(RoutingContext request) {
        if (request.failure() instanceof IllegalArgumentException e) {
            Problem.badRequest(String.valueOf(e.getMessage())).send(request);
        } else if (request.statusCode() == 413) {
            new Problem(413, "Content too large", "the body has more than " + MAX_BODY_BYTES + " bytes").send(request);
        } else {
            request.next();
        }
    }
}
