package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How ids are had that let one caller in once. */
@Timeout(60)
class OneShotIdApiTest {
    private static final String JSON = "application/json";
    private static final String PATH = "/api/v1/ids";

    private static TestRelay relay;

    @BeforeAll
    static void start() {
        relay = TestRelay.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void idComesWithTheWholeStreamIdAndItsEnd() {
        Instant before = Instant.now();
        HttpResponse<String> response = post("{\"stream\": \"live/cam1\", \"action\": \"publish\"}");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Content-Type")).contains(JSON);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject issued = new JsonObject(response.body());
        assertThat(issued.fieldNames()).containsExactlyInAnyOrder("id", "streamId", "expires");
        assertThat(issued.getString("id")).matches("once-[A-Za-z0-9_-]{22}");
        assertThat(issued.getString("streamId")).isEqualTo("#!::r=live/cam1,m=publish,s=" + issued.getString("id"));
        assertThat(Instant.parse(issued.getString("expires")))
                .isBetween(before.plusSeconds(300), Instant.now().plusSeconds(300));
    }

    @Test
    void userAndLifetimeAreTheCallersChoice() {
        JsonObject issued = new JsonObject(
                post("{\"stream\": \"live\", \"action\": \"request\", \"user\": \"alice\", \"lifetimeSeconds\": 86400}")
                        .body());

        assertThat(issued.getString("streamId")).isEqualTo("#!::r=live,m=request,u=alice,s=" + issued.getString("id"));
        assertThat(Instant.parse(issued.getString("expires")))
                .isAfter(Instant.now().plusSeconds(86_000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "''                                                     | the body is no JSON object",
                "[]                                                     | the body is no JSON object",
                "{                                                      | the body is no JSON object",
                "{}                                                     | \"stream\" must be the name of a stream",
                "{'stream':7,'action':'publish'}                        | \"stream\" must be the name of a stream",
                "{'stream':'a'}                          | \"action\" must be \"publish\" or \"request\"",
                "{'stream':'a','action':'play'}          | \"action\" must be \"publish\" or \"request\"",
                "{'stream':'a','action':'publish','user':''}    | \"user\" must be a name, null or left out",
                "{'stream':'a','action':'publish','user':[]}    | \"user\" must be a name, null or left out",
                "{'stream':'a','action':'publish','lifetimeSeconds':0}"
                        + " | \"lifetimeSeconds\" must be a whole number from 1 to 86400",
                "{'stream':'a','action':'publish','lifetimeSeconds':86401}"
                        + " | \"lifetimeSeconds\" must be a whole number from 1 to 86400",
                "{'stream':'a','action':'publish','lifetimeSeconds':1.5}"
                        + " | \"lifetimeSeconds\" must be a whole number from 1 to 86400",
                "{'stream':'a','action':'publish','lifetime':5}"
                        + " | unknown member; allowed: stream, action, user, lifetimeSeconds",
                "{'stream':'','action':'publish'}               | \"stream\" must be the name of a stream",
                "{'stream':'a/../b','action':'publish'}" + " | the stream's name has \"..\" as a path segment",
                "{'stream':'a,b','action':'publish'}            | the value of \"r\" holds a comma",
            })
    void badRequestSaysWhatIsWrong(String body, String detail) {
        HttpResponse<String> response = post(body.replace('\'', '"'));

        assertProblem(response, 400, "Bad Request");
        assertThat(new JsonObject(response.body()).getString("detail")).isEqualTo(detail);
    }

    @Test
    void longBodyIsRefused() {
        assertProblem(post(" ".repeat(16 * 1024 + 1)), 413, "Content Too Large");
    }

    @Test
    void bodyMustBeSentAsJson() {
        String body = "{\"stream\": \"live\", \"action\": \"publish\"}";

        assertProblem(relay.post(PATH, body), 415, "Unsupported Media Type");
        assertProblem(relay.post(PATH, body, "Content-Type", "text/plain"), 415, "Unsupported Media Type");
        assertThat(relay.post(PATH, body, "Content-Type", "Application/JSON; charset=utf-8")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void pageOfAnotherSiteGetsNoId() {
        String body = "{\"stream\": \"live\", \"action\": \"publish\"}";

        assertProblem(relay.post(PATH, body, "Content-Type", JSON, "Origin", "http://evil.example"), 403, "Forbidden");
        assertProblem(relay.post(PATH, body, "Content-Type", JSON, "Origin", "null"), 403, "Forbidden");
        assertThat(relay.post(PATH, body, "Content-Type", JSON, "Origin", relay.url(""))
                        .statusCode())
                .isEqualTo(201);
    }

    private static HttpResponse<String> post(String body) {
        return relay.post(PATH, body, "Content-Type", JSON);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String title) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.fieldNames()).containsExactlyInAnyOrder("type", "title", "status", "detail");
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("title")).isEqualTo(title);
    }
}
