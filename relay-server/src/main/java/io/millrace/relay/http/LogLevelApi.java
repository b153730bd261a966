package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.LogConfig;
import io.millrace.relay.log.LogLevels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows and changes the levels of the log: {@code PUT /api/v1/log/levels/LOGGER} with {@code {"level": "error", "warn",
 * "info", "debug", or null for the configured one, "seconds": 1 to 86400, or left out for a change that stays}}.
 */
final class LogLevelApi {
    private static final String PATH = "/api/v1/log/levels";
    private static final List<String> MEMBERS = List.of("level", "seconds");

    private final LogLevels levels;

    private record Order(
            LogConfig.@Nullable Level level, @Nullable Duration duration) {}

    LogLevelApi(LogLevels levels) {
        this.levels = levels;
    }

    void addTo(ApiRoutes routes) {
        routes.get(PATH, ApiScope.READ).handler(request -> JsonAnswer.build(request, this::list));
        routes.put(PATH + "/:logger", ApiScope.OPERATE)
                .handler(JsonBody.handler())
                .handler(request -> {
                    Order order = order(JsonBody.of(request, MEMBERS));
                    String logger = request.pathParam("logger");
                    JsonAnswer.build(request, () -> change(logger, order));
                });
    }

    private JsonArray list() {
        JsonArray list = new JsonArray();
        levels.all().forEach(entry -> list.add(json(entry)));
        return list;
    }

    private JsonObject change(String logger, Order order) {
        Optional<LogLevels.Entry> changed =
                order.level == null ? levels.reset(logger) : levels.change(logger, order.level, order.duration);
        return changed.map(LogLevelApi::json)
                .orElseThrow(() -> new ProblemException(
                        Problem.notFound("there is no logger of that name; GET " + PATH + " lists all")));
    }

    private static Order order(JsonBody body) {
        if (!body.has("level")) {
            throw JsonBody.mustBe("level", "there");
        }
        boolean stays = body.isNull("seconds");
        int seconds = stays ? 0 : body.wholeNumber("seconds", 0, 1, (int) LogLevels.MAX_DURATION.toSeconds());
        return new Order(level(body), stays ? null : Duration.ofSeconds(seconds));
    }

    private static LogConfig.@Nullable Level level(JsonBody body) {
        String allowed = "\"error\", \"warn\", \"info\", \"debug\" or null";
        String level = body.optionalText("level", allowed);
        return level == null
                ? null
                : Stream.of(LogConfig.Level.values())
                        .filter(known -> text(known).equals(level))
                        .findFirst()
                        .orElseThrow(() -> JsonBody.mustBe("level", allowed));
    }

    private static JsonObject json(LogLevels.Entry entry) {
        return new JsonObject()
                .put("logger", entry.name())
                .put("level", text(entry.level()))
                .put("changed", entry.changed())
                .put("until", entry.until() == null ? null : entry.until().toString());
    }

    private static String text(LogConfig.Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
