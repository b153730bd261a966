package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.log.LogLevels;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** How the levels of the log are changed while the relay runs. */
@Timeout(60)
class LogLevelApiTest {
    private static final String PATH = "/api/v1/log/levels";
    private static final String PACKAGE = "io.millrace.relay.access";

    private static TestRelay relay;

    @BeforeAll
    static void start() {
        relay = TestRelay.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @AfterEach
    void restore() {
        assertThat(put(PACKAGE, "{\"level\": null}").statusCode()).isEqualTo(200);
    }

    @Test
    void listTellsOfEveryLogger() {
        List<JsonObject> loggers = list();

        assertThat(loggers)
                .extracting(logger -> logger.getString("logger"))
                .contains("ROOT", "io.millrace", PACKAGE, RelayServer.class.getName());
        assertThat(loggers).allSatisfy(logger -> {
            assertThat(logger.fieldNames()).isEqualTo(Set.of("logger", "level", "changed", "until"));
            assertThat(logger.getString("level")).isIn("error", "warn", "info", "debug");
        });
    }

    @Test
    void levelIsChangedUntilItIsTakenBack() {
        try (LoggedLines logged = new LoggedLines(LogLevels.class.getName())) {
            JsonObject changed =
                    new JsonObject(put(PACKAGE, "{\"level\": \"debug\"}").body());

            assertThat(changed).isEqualTo(entry("debug", true, null));
            assertThat(list()).contains(changed);
            assertThat(LoggerFactory.getLogger(PACKAGE + ".X").isDebugEnabled()).isTrue();
            assertThat(logged.lines()).containsExactly("log level of " + PACKAGE + " changed to debug");

            assertThat(new JsonObject(put(PACKAGE, "{\"level\": null}").body())).isEqualTo(entry("info", false, null));
            assertThat(LoggerFactory.getLogger(PACKAGE + ".X").isDebugEnabled()).isFalse();
        }
    }

    @Test
    void levelIsChangedForATime() {
        Instant before = Instant.now();
        JsonObject changed = new JsonObject(
                put(PACKAGE, "{\"level\": \"debug\", \"seconds\": 1}").body());

        assertThat(Instant.parse(changed.getString("until")))
                .isBetween(before.plusSeconds(1), Instant.now().plusSeconds(1));
        await().atMost(Duration.ofSeconds(10)).until(() -> list().contains(entry("info", false, null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                      | the body is no JSON object",
                "{}                                      | \"level\" must be there",
                "{'seconds': 1}                          | \"level\" must be there",
                "{'level': 'INFO'}                       | \"level\" must be \"error\", \"warn\", \"info\", \"debug\" or null",
                "{'level': 1}                            | \"level\" must be \"error\", \"warn\", \"info\", \"debug\" or null",
                "{'level': 'info', 'seconds': 0}         | \"seconds\" must be a whole number from 1 to 86400",
                "{'level': 'info', 'seconds': 86401}     | \"seconds\" must be a whole number from 1 to 86400",
                "{'level': 'info', 'seconds': '1'}       | \"seconds\" must be a whole number from 1 to 86400",
                "{'level': 'info', 'minutes': 1}         | unknown member; allowed: level, seconds",
            })
    void badRequestSaysWhatIsWrong(String body, String detail) {
        HttpResponse<String> response = put(PACKAGE, body.replace('\'', '"'));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("detail")).isEqualTo(detail);
        assertThat(list()).contains(entry("info", false, null));
    }

    @Test
    void loggerThatIsNotThereIsNotMade() {
        HttpResponse<String> response = put("io.millrace.nothing", "{\"level\": \"debug\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(list())
                .extracting(logger -> logger.getString("logger"))
                .isNotEmpty()
                .doesNotContain("io.millrace.nothing");
    }

    private static JsonObject entry(String level, boolean changed, String until) {
        return new JsonObject()
                .put("logger", PACKAGE)
                .put("level", level)
                .put("changed", changed)
                .put("until", until);
    }

    private static List<JsonObject> list() {
        return new JsonArray(relay.get(PATH).body())
                .stream().map(JsonObject.class::cast).toList();
    }

    private static HttpResponse<String> put(String logger, String body) {
        return relay.send("PUT", PATH + "/" + logger, body, "Content-Type", "application/json");
    }
}
