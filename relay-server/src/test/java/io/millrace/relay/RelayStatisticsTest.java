package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.srt.connection.Statistic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a relay tells about how its connections and streams have been doing. */
@Timeout(60)
@Tag("any-jdk")
class RelayStatisticsTest {
    private static final List<String> SPREADS =
            List.of("rttMillis", "lostPackets", "lostPercent", "retransmittedPackets", "retransmittedPercent");

    private TestRelay relay;

    @BeforeEach
    void start() {
        relay = TestRelay.start();
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void connectionsStatisticsAreOfSeveralTimes() {
        publishWithSubscriber("live", 100);
        JsonObject publisher = awaitSeconds("publisher", 2);

        assertThat(publisher.getString("role")).isEqualTo("publisher");
        assertThat(publisher.getValue("sinceMark")).isNull();
        for (String time : List.of("interval", "tenSeconds", "sinceStart")) {
            JsonObject spreads = publisher.getJsonObject(time);
            assertThat(spreads.getMap()).containsKeys(SPREADS.toArray(String[]::new));
            JsonObject buffer = spreads.getJsonObject("receiveBufferMillis");
            assertThat(buffer.getDouble("min")).isLessThanOrEqualTo(buffer.getDouble("mean"));
            assertThat(buffer.getDouble("mean")).isLessThanOrEqualTo(buffer.getDouble("max"));
            assertThat(buffer.getDouble("p95")).isBetween(buffer.getDouble("min"), buffer.getDouble("max"));
        }
        assertThat(publisher.getJsonObject("interval").getMap().keySet())
                .containsAll(Stream.of(Statistic.values())
                        .map(Statistic::intervalName)
                        .toList());
        assertThat(publisher.getJsonObject("sinceStart").getMap().keySet())
                .containsAll(Stream.of(Statistic.values())
                        .filter(Statistic::accumulates)
                        .map(Statistic::name)
                        .toList());
        assertThat(publisher.getJsonObject("sinceStart").getLong("pktRecvUniqueTotal"))
                .isEqualTo(100);
        JsonObject subscriber = awaitSeconds("subscriber", 2);
        assertThat(subscriber
                        .getJsonObject("sinceStart")
                        .getJsonObject("rttMillis")
                        .getDouble("max"))
                .isPositive();
        assertThat(subscriber.getJsonObject("sinceStart").getMap()).containsKey("sendBufferMillis");
    }

    @Test
    void statisticsSinceAMarkAreWhatCameAfterwards() {
        TestCall publisher = publishWithSubscriber("live", 100);
        awaitSeconds("publisher", 2);
        await().until(() -> statistics("publisher").getJsonObject("sinceStart").getLong("pktRecvUniqueTotal") == 100);

        JsonObject marked = mark("/api/v1/connections/" + id("publisher") + "/mark");
        publisher.publish("more", 0, 6);

        assertThat(marked.getInteger("connections")).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonObject sinceMark = statistics("publisher").getJsonObject("sinceMark");
            assertThat(sinceMark.getString("since")).isEqualTo(marked.getString("mark"));
            assertThat(sinceMark.getLong("pktRecvUnique")).isEqualTo(7);
            assertThat(sinceMark.getDouble("seconds")).isPositive();
        });
        assertThat(statistics("subscriber").getValue("sinceMark")).isNull();
    }

    @Test
    void marksAreSetForAStreamOrAll() {
        publishWithSubscriber("live/a", 1);
        relay.publish("other").opened();
        relay.awaitConnections(3);

        assertThat(mark("/api/v1/streams/live%2Fa/mark").getInteger("connections"))
                .isEqualTo(2);
        assertThat(mark("/api/v1/statistics/mark").getInteger("connections")).isEqualTo(3);
        assertThat(relay.send("POST", "/api/v1/statistics/mark", null, "Origin", "http://elsewhere.example")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void historiesAreColumnsThatOutliveAReconnect() {
        Instant before = Instant.now();
        TestCall publisher = publishWithSubscriber("live/cam 1", 200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> times(history("/api/v1/streams/" + encoded("live/cam 1") + "/history"))
                                .size()
                        >= 2);
        JsonObject connection = history("/api/v1/connections/" + id("subscriber") + "/history");
        assertColumns(connection, "bitsPerSecond", "rttMeanMillis", "droppedPackets", "sendBufferMillis");

        publisher.hangUp();
        relay.awaitWithoutPublisher("live/cam 1");
        relay.publish("live/cam 1").opened();

        JsonObject stream = history("/api/v1/streams/" + encoded("live/cam 1") + "/history?resolution=1s");
        assertColumns(
                stream,
                "inBitsPerSecond",
                "inRetransmittedBitsPerSecond",
                "outBitsPerSecond",
                "outRetransmittedBitsPerSecond",
                "subscribers",
                "lostPackets",
                "droppedPackets",
                "retransmittedPackets",
                "rttMeanMillis",
                "rttMaxMillis",
                "bufferMillis");
        assertThat(stream.getString("stream")).isEqualTo("live/cam 1");
        assertThat(stream.getValue("missing")).isNull();
        assertThat(times(stream))
                .first()
                .satisfies(first -> assertThat(Instant.parse(first)).isAfter(before.minusSeconds(1)));
        assertThat(stream.getJsonArray("inBitsPerSecond").stream().mapToDouble(rate -> ((Number) rate).doubleValue()))
                .anyMatch(rate -> rate > 0);
        assertThat(times(history("/api/v1/streams/" + encoded("live/cam 1") + "/history?to=2026-01-01T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void adviceIsThereWhenEnoughIsKnown() {
        publishWithSubscriber("live", 10);
        assertThat(relay.connections())
                .allSatisfy(connection -> assertThat(connection.getMap()).containsEntry("advice", null));

        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    JsonObject advice = relay.connections().stream()
                            .filter(connection -> connection.getString("role").equals("subscriber"))
                            .findFirst()
                            .orElseThrow()
                            .getJsonObject("advice");
                    assertThat(advice).isNotNull();
                    assertThat(advice.getMap().keySet())
                            .containsExactly("sufficient", "latencyMillis", "overheadPercent", "sentence");
                    assertThat(advice.getString("sentence")).startsWith("Latency 120 ms is ");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?resolution=1m | 400 | resolution: found 1m; allowed: 1s, 10s",
                "?from=today | 400 | from: found today; allowed: a time of ISO 8601 such as 2026-01-31T12:00:00Z",
                "?to=1 | 400 | to: found 1; allowed: a time of ISO 8601 such as 2026-01-31T12:00:00Z",
                "?from=2026-01-31T12:00:00Z&from=2026-01-31T12:00:00Z | 400 | from: found 2026-01-31T12:00:00Z,"
                        + " 2026-01-31T12:00:00Z; allowed: one value",
                "?until=now | 400 | unknown parameter until; allowed: resolution, from, to",
                "'' | 404 | no stream of the name \"none\" had a connection in the last day, or its history had to make"
                        + " room; see /api/v1/streams, and write slashes in names as %2F",
            })
    void badRequestForAHistoryIsToldSo(String query, int status, String detail) {
        HttpResponse<String> response = relay.get("/api/v1/streams/none/history" + query);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(response.body()).getString("detail")).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource({"999", "-1", "x", "99999999999999999999999", "%2F"})
    void connectionThatIsNotThereIsNotFound(String id) {
        for (String what : List.of("/statistics", "/history")) {
            assertThat(relay.get("/api/v1/connections/" + id + what).statusCode())
                    .isEqualTo(404);
        }
        HttpResponse<String> response =
                relay.post("/api/v1/connections/" + id + "/mark", "", "Content-Type", "application/json");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(relay.post("/api/v1/streams/none/mark", "", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void streamThatHasJustBegunHasAHistoryWithNothingInItYet() {
        relay = TestRelay.start();
        relay.publish("new").opened();

        assertThat(relay.get("/api/v1/streams/new/history").statusCode()).isEqualTo(200);
    }

    @Test
    void historyThatThereIsNoMemoryForSaysSo() {
        relay.close();
        relay = TestRelay.start("limits.historyMebibytes=0");
        publishWithSubscriber("live", 10);
        awaitSeconds("publisher", 1);

        for (String path :
                List.of("/api/v1/streams/live/history", "/api/v1/connections/" + id("publisher") + "/history")) {
            await().untilAsserted(() -> {
                JsonObject history = history(path);
                assertThat(times(history)).isEmpty();
                assertThat(history.getString("missing")).contains("limits.historyMebibytes");
            });
        }
    }

    private TestCall publishWithSubscriber(String stream, int payloads) {
        TestCall publisher = relay.publish(stream).opened();
        TestCall subscriber = relay.request(stream).opened();
        publisher.publish("payload", 1, payloads);
        subscriber.received(payloads);
        return publisher;
    }

    private JsonObject awaitSeconds(String role, int seconds) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            JsonObject statistics = statistics(role);
            return statistics.getJsonObject("sinceStart").getDouble("seconds") >= seconds - 0.5
                    && statistics.getJsonObject("interval").containsKey("pktRecv");
        });
        return statistics(role);
    }

    private JsonObject statistics(String role) {
        return new JsonObject(
                relay.get("/api/v1/connections/" + id(role) + "/statistics").body());
    }

    private long id(String role) {
        return relay.connections().stream()
                .filter(connection -> connection.getString("role").equals(role))
                .findFirst()
                .orElseThrow()
                .getLong("id");
    }

    private JsonObject mark(String path) {
        HttpResponse<String> response = relay.post(path, "", "Content-Type", "application/json");
        assertThat(response.statusCode()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private JsonObject history(String path) {
        HttpResponse<String> response = relay.get(path);
        return response.statusCode() == 200
                ? new JsonObject(response.body())
                : new JsonObject().put("time", new JsonArray());
    }

    private static void assertColumns(JsonObject history, String... columns) {
        assertThat(history.getMap()).containsKeys(columns);
        for (String column : columns) {
            assertThat(history.getJsonArray(column)).hasSameSizeAs(times(history));
        }
    }

    private static List<String> times(JsonObject history) {
        return history.getJsonArray("time").stream().map(String.class::cast).toList();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
