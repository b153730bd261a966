package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.srt.connection.CloseReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator does to connections and callers. */
@Timeout(60)
@Tag("any-jdk")
class ConnectionApiTest {
    private static final String TOKEN = "operate-token-0123456789";
    private static final int FORBIDDEN = 2403;

    private TestRelay relay;

    @BeforeEach
    void start() {
        relay = TestRelay.start(
                "http.tokens[0].name=anna", "http.tokens[0].token=" + TOKEN, "http.tokens[0].scope=operate");
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void streamWithSlashesInItsNameIsFound() {
        relay.publish("live/a b/\u00e9").opened();

        JsonObject stream = object(get("/api/v1/streams/live%2Fa%20b%2F%C3%A9"));

        assertThat(stream.getString("name")).isEqualTo("live/a b/\u00e9");
        assertThat(list("/api/v1/streams")).extracting(JsonObject::fieldNames).containsExactly(stream.fieldNames());
    }

    @Test
    void connectionsAreFilteredByStreamAndRoleAndLimited() {
        relay.publish("a/b").opened();
        relay.publish("c").opened();
        relay.request("a/b").opened();
        relay.request("a/b").opened();

        assertThat(list("/api/v1/connections")).hasSize(4);
        assertThat(list("/api/v1/connections?stream=a%2Fb")).hasSize(3);
        assertThat(list("/api/v1/connections?role=publisher"))
                .extracting(connection -> connection.getString("stream"))
                .containsExactly("a/b", "c");
        assertThat(list("/api/v1/connections?stream=a/b&role=subscriber&limit=1"))
                .singleElement()
                .satisfies(connection -> {
                    assertThat(connection.getLong("id")).isEqualTo(3);
                    assertThat(object(get("/api/v1/connections/3")).fieldNames())
                            .isEqualTo(connection.fieldNames());
                });
        assertThat(list("/api/v1/connections?stream=none")).isEmpty();
    }

    @Test
    void kickedPeerIsToldAndTheLogSaysByWhom() {
        try (LoggedLines log = new LoggedLines("io.millrace.relay.listener.ConnectionLog")) {
            TestCall publisher = relay.publish("live").opened();
            TestCall subscriber = relay.request("live").opened();

            JsonObject kicked = object(send("DELETE", "/api/v1/connections/2", null));

            assertThat(kicked.getMap())
                    .containsEntry("connection", 2)
                    .containsEntry("role", "subscriber")
                    .containsEntry("stream", "live")
                    .containsEntry("ban", null);
            assertThat(subscriber.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("subscriber #2 of \"live\"")
                            && line.contains(": kicked through the API by anna; ")));
            assertThat(publisher.isOpen()).isTrue();
            relay.request("live").opened();
        }
    }

    @Test
    void kickedPublisherLeavesItsSubscribersConnected() {
        TestCall publisher = relay.publish("a/b").opened();
        TestCall subscriber = relay.request("a/b").opened();

        JsonObject kicked = object(send("DELETE", "/api/v1/streams/a%2Fb/publisher", null));

        assertThat(kicked.getLong("connection")).isEqualTo(1);
        assertThat(publisher.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        await().until(() -> object(get("/api/v1/streams/a%2Fb")).getValue("publisher") == null);
        HttpResponse<String> again = send("DELETE", "/api/v1/streams/a%2Fb/publisher", null);
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(object(again).getString("detail")).isEqualTo("nobody publishes this stream");
        relay.publish("a/b").opened().publish("payload", 0, 0);
        assertThat(subscriber.texts(1)).containsExactly("payload0");
    }

    @Test
    void labelIsShownUntilItIsTakenAway() {
        relay.publish("live").opened();

        HttpResponse<String> labelled = send("PATCH", "/api/v1/connections/1", "{\"label\": \"camera 3\"}");

        assertThat(labelled.statusCode()).isEqualTo(200);
        assertThat(object(labelled).getString("label")).isEqualTo("camera 3");
        assertThat(list("/api/v1/connections"))
                .extracting(connection -> connection.getString("label"))
                .containsExactly("camera 3");
        send("PATCH", "/api/v1/connections/1", "{\"label\": null}");
        assertThat(object(get("/api/v1/connections/1")).getMap()).containsEntry("label", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                       | \"label\" must be a text or null",
                "{\"label\": 7}           | \"label\" must be a text of 1 to 128 characters on one line, or null",
                "{\"label\": \"\"}        | \"label\" must be a text of 1 to 128 characters on one line, or null",
                "{\"label\": \"a\\nb\"}   | \"label\" must be a text of 1 to 128 characters on one line, or null",
                "{\"label\": \"a\\u202eb\"} | \"label\" must be a text of 1 to 128 characters on one line, or null",
                "{\"label\": \"a\", \"b\": 1} | unknown member; allowed: label",
            })
    void labelThatCantBeShownIsRefused(String body, String detail) {
        relay.publish("live").opened();

        HttpResponse<String> response = send("PATCH", "/api/v1/connections/1", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(object(response).getString("detail")).isEqualTo(detail);
    }

    @Test
    void bannedAddressIsRefusedAndTheAttemptSaysHowToLiftIt() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        HttpResponse<String> ordered = send(
                "POST", "/api/v1/bans", "{\"address\": \"127.0.0.0/8\", \"seconds\": 600, \"reason\": \"floods\"}");

        assertThat(ordered.statusCode()).isEqualTo(201);
        JsonObject ban = object(ordered);
        String path = "/api/v1/bans/" + ban.getInteger("id");
        assertThat(ordered.headers().firstValue("Location")).contains(path);
        assertThat(ban.getMap())
                .containsEntry("address", "127.0.0.0/8")
                .containsEntry("reason", "floods")
                .containsEntry("by", "anna");
        Instant until = Instant.parse(ban.getString("until"));
        assertThat(until).isBetween(before.plusSeconds(600), Instant.now().plusSeconds(600));
        assertThat(relay.publish("live").refusal()).isEqualTo(FORBIDDEN);
        await().untilAsserted(() -> assertThat(list("/api/v1/attempts"))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.getMap())
                        .containsEntry("code", 1403)
                        .containsEntry(
                                "advice", "banned until " + until + " by anna, floods; DELETE " + path + " lifts it")));
        assertThat(list("/api/v1/bans")).containsExactly(ban);

        assertThat(object(send("DELETE", path, null))).isEqualTo(ban);

        assertThat(list("/api/v1/bans")).isEmpty();
        assertThat(send("DELETE", path, null).statusCode()).isEqualTo(404);
        relay.publish("live").opened();
    }

    @Test
    void banOfAStreamAndUserIsForNobodyElse() {
        send("POST", "/api/v1/bans", "{\"stream\": \"live\", \"user\": \"eve\", \"seconds\": 600}");

        assertThat(relay.call("#!::r=live,m=publish,u=eve").refusal()).isEqualTo(FORBIDDEN);
        relay.call("#!::r=other,m=publish,u=eve").opened();
        relay.call("#!::r=live,m=publish,u=bob").opened();
        assertThat(relay.call("#!::r=live,u=eve").refusal()).isEqualTo(FORBIDDEN);
        relay.call("#!::r=live").opened();
    }

    @Test
    void kickWithABanKeepsTheAddressOut() {
        TestCall publisher = relay.publish("live").opened();

        JsonObject kicked = object(send("DELETE", "/api/v1/connections/1?banSeconds=2", null));

        assertThat(kicked.getJsonObject("ban").getMap())
                .containsEntry("address", "127.0.0.1")
                .containsEntry("stream", null)
                .containsEntry("reason", "with connection 1");
        publisher.ended();
        assertThat(relay.publish("live").refusal()).isEqualTo(FORBIDDEN);
        relay.callerFrom("127.0.0.2")
                .call(relay.listener(), "#!::r=other,m=publish")
                .opened();
        await().atMost(Duration.ofSeconds(10)).until(() -> relay.publish("live").refusedOrOpen() == 0);
        assertThat(list("/api/v1/bans")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"seconds\": 5}                                | say whom the ban is for, by \"address\", \"stream\" or \"user\" or several of them",
                "{\"address\": \"10.0.0.0/8\"}                   | \"seconds\" must be a whole number from 1 to 31536000",
                "{\"address\": \"10.0.0.0/8\", \"seconds\": 0}   | \"seconds\" must be a whole number from 1 to 31536000",
                "{\"address\": \"10.0.0.1/8\", \"seconds\": 5}   | \"address\" must be 10.0.0.0/8 for all that begins so, or 10.0.0.1 for this address alone",
                "{\"address\": 5, \"seconds\": 5}                | \"address\" must be an IP address, a range, or null",
                "{\"user\": \"a\\u0000\", \"seconds\": 5}        | \"user\" must be a text of 1 to 256 characters on one line, or null",
            })
    void banThatCantBeTakenIsRefused(String body, String detail) {
        HttpResponse<String> response = send("POST", "/api/v1/bans", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(object(response).getString("detail")).isEqualTo(detail);
    }

    @Test
    void nodeSaysWhatItIsAndHowMuchItHas() {
        relay.publish("live").opened();
        relay.request("live").opened();
        relay.request("live").opened();

        assertThat(list("/api/v1/nodes")).singleElement().satisfies(node -> {
            assertThat(node.getMap())
                    .containsEntry("id", "local")
                    .containsEntry("java", System.getProperty("java.version"))
                    .containsEntry("streams", 1)
                    .containsEntry("connections", 3)
                    .containsEntry("publishers", 1)
                    .containsEntry("subscribers", 2);
            assertThat(node.getJsonArray("listeners"))
                    .containsExactly(new JsonObject()
                            .put("name", "main")
                            .put("ready", true)
                            .put("host", "127.0.0.1")
                            .put("port", relay.listener().getPort())
                            .put("encrypted", false)
                            .put("latencyMillis", 120)
                            .put("stream", null)
                            .put("mode", "request"));
            assertThat(Instant.parse(node.getString("since"))).isBefore(Instant.now());
        });
    }

    @Test
    void nodeSaysWhatCallersOfAListenerHaveToKnow() {
        try (TestRelay other = TestRelay.start(
                "listeners[0].passphrase=correct horse battery",
                "listeners[0].stream=studio",
                "listeners[0].mode=publish",
                "srt.latencyMillis=321")) {
            HttpResponse<String> response = other.get("/api/v1/nodes");

            assertThat(new JsonArray(response.body()).getJsonObject(0).getJsonArray("listeners"))
                    .singleElement()
                    .satisfies(listener -> assertThat(((JsonObject) listener).getMap())
                            .containsEntry("encrypted", true)
                            .containsEntry("latencyMillis", 321)
                            .containsEntry("stream", "studio")
                            .containsEntry("mode", "publish"));
            assertThat(response.body()).doesNotContain("correct horse battery");
        }
    }

    @Test
    void configurationIsShownWithoutItsSecrets() {
        try (TestRelay other = TestRelay.start(
                "listeners[0].passphrase=correct horse battery",
                "srt.latencyMillis=321",
                "access.otherwise=deny",
                "access.webhook.url=http://127.0.0.1:9/hook?token=hidden")) {
            HttpResponse<String> response = other.get("/api/v1/config");

            JsonObject config = object(response);
            assertThat(config.getJsonObject("srt").getInteger("latencyMillis")).isEqualTo(321);
            assertThat(config.getJsonObject("access").getString("otherwise")).isEqualTo("deny");
            assertThat(config.getJsonArray("listeners").getJsonObject(0).getString("passphrase"))
                    .isEqualTo("***");
            assertThat(response.body()).doesNotContain("horse", "hidden");
        }
    }

    private HttpResponse<String> get(String path) {
        return send("GET", path, null);
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return relay.send(method, path, body, "Authorization", "Bearer " + TOKEN, "Content-Type", "application/json");
    }

    private static JsonObject object(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    private List<JsonObject> list(String path) {
        return new JsonArray(get(path).body())
                .stream().map(JsonObject.class::cast).toList();
    }
}
