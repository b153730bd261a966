package io.millrace.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with a request is told in one way, with what to do about it. */
@Timeout(60)
class ApiProblemsTest {
    private static TestRelay relay;

    @BeforeAll
    static void start() {
        relay = TestRelay.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/api/v2/streams", "/api/v1/streams/a/b", "/api/v1", "/nothing"})
    void unknownPathIsAProblem(String path) {
        assertProblem(
                relay.get(path),
                404,
                "Not Found",
                "nothing is at this path; /api/v1/openapi.json has all there are. A slash in the name of a stream is"
                        + " written %2F");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/streams/%zz", "/api/v1/connections?stream=%", "/api/v1/streams/a/history?from=%a"})
    void brokenEncodingIsAProblemAndNoFaultForTheLog(String target) throws IOException {
        try (LoggedLines log = new LoggedLines("ROOT");
                Socket socket = new Socket("127.0.0.1", relay.httpPort())) {
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), UTF_8);

            assertThat(response).startsWith("HTTP/1.0 400 ").contains("is not percent-encoded as those of URLs are");
            assertThat(log.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE | /api/v1/streams               | GET",
                "PUT    | /api/v1/connections/7         | DELETE, GET, PATCH",
                "GET    | /api/v1/ids                   | POST",
                "POST   | /api/v1/streams/a%2Fb         | GET",
                "GET    | /api/v1/streams/a/publisher   | DELETE",
                "POST   | /health/live                  | GET",
            })
    void wrongMethodIsAProblemThatNamesTheRightOnes(String method, String path, String allowed) {
        HttpResponse<String> response = relay.send(method, path, null);

        assertThat(response.headers().firstValue("Allow")).contains(allowed);
        assertProblem(response, 405, "Method Not Allowed", method + " is not for this path; allowed: " + allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/connections?role=watcher | role: found watcher; allowed: publisher, subscriber",
                "/api/v1/connections?limit=0      | limit: found 0; allowed: a whole number from 1 to 1000000",
                "/api/v1/connections?limit=-1     | limit: found -1; allowed: a whole number from 1 to 1000000",
                "/api/v1/connections?names=a      | unknown parameter names; allowed: stream, role, limit",
                "/api/v1/connections?stream=a&stream=b | stream: found a, b; allowed: one value",
                "/api/v1/events?types=opened      | types: found opened; allowed: connection-opened, connection-closed,"
                        + " refused, stream-published, stream-unpublished, statistics, with commas between them",
            })
    void queryThatCantBeTakenIsAProblem(String path, String detail) {
        assertProblem(relay.get(path), 400, "Bad Request", detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/streams/none       | there is no such stream; GET /api/v1/streams lists those there are. A slash"
                        + " in a name is written %2F",
                "/api/v1/connections/1000   | no connection of this id is open; GET /api/v1/connections lists those that"
                        + " are",
                "/api/v1/connections/none   | the last part of the path is not a number, as ids of this kind are",
                "/api/v1/connections/9999999999999999999999 | the last part of the path is not a number, as ids of this"
                        + " kind are",
            })
    void whatIsNotThereIsAProblem(String path, String detail) {
        assertProblem(relay.get(path), 404, "Not Found", detail);
    }

    @Test
    void pageOfAnotherSiteChangesNothing() {
        for (String[] headers : new String[][] {
            {"Origin", "http://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}
        }) {
            assertProblem(
                    relay.send("DELETE", "/api/v1/connections/7", null, headers),
                    403,
                    "Forbidden",
                    "this comes from another site's page (Origin); only pages of this relay may do that, called by"
                            + " IP address or as localhost unless http.tokens has any");
        }
        assertThat(relay.send("DELETE", "/api/v1/connections/7", null, "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void everyAnswerTellsBrowsersToKeepAndGuessNothing() {
        for (String path : new String[] {"/api/v1/streams", "/api/v1/nothing", "/health/live"}) {
            HttpResponse<String> response = relay.get(path);
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(response.headers().firstValue("Content-Security-Policy"))
                    .contains("default-src 'none'; frame-ancestors 'none'");
        }
    }

    private static void assertProblem(HttpResponse<String> response, int status, String title, String detail) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonObject problem = new JsonObject(response.body());
        assertThat(problem.fieldNames()).containsExactlyInAnyOrder("type", "title", "status", "detail");
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("title")).isEqualTo(title);
        assertThat(problem.getString("detail")).isEqualTo(detail);
    }
}
