package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.srt.connection.Statistic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a relay tells about itself over HTTP. */
@Timeout(60)
@Tag("any-jdk")
class RelayApiTest {
    private TestRelay relay;

    @BeforeEach
    void start() {
        relay = TestRelay.start("listeners[0].name=studio", "srt.latencyMillis=250");
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void relayWithoutCallersHasEmptyLists() {
        assertThat(relay.get("/api/v1/streams").body()).isEqualTo("[]");
        assertThat(relay.get("/api/v1/connections").body()).isEqualTo("[]");
        assertThat(relay.get("/api/v1/streams").headers().firstValue("Content-Type"))
                .contains("application/json");
    }

    @Test
    void streamIsShownWithItsPublisherRateAndSubscribers() {
        TestCaller caller = relay.caller();
        TestCall publisher =
                caller.call(relay.listener(), "#!::r=live,m=publish").opened();
        relay.request("live").opened();
        relay.request("live").opened();
        publisher.publish("payload", 0, 99);

        relay.awaitStream("live", stream -> stream.getLong("bitRate") > 0);

        JsonObject stream = relay.streams().get(0);
        assertThat(stream.getString("name")).isEqualTo("live");
        assertThat(stream.getString("publisher"))
                .isEqualTo("127.0.0.1:" + caller.address().getPort());
        assertThat(Instant.parse(stream.getString("since"))).isBeforeOrEqualTo(Instant.now());
        assertThat(stream.getInteger("subscribers")).isEqualTo(2);
        assertThat(stream.getLong("publisherConnection"))
                .isEqualTo(connection("publisher").getLong("id"));
    }

    @Test
    void streamThatWaitsForItsPublisherIsShownWithoutOne() {
        TestCall publisher = relay.publish("live").opened();
        relay.request("live").opened();
        publisher.hangUp();
        relay.awaitWithoutPublisher("live");

        JsonObject stream = relay.streams().get(0);
        assertThat(stream.getMap()).containsKeys("publisher", "since").containsEntry("bitRate", 0);
        assertThat(stream.getValue("since")).isNull();
        assertThat(stream.getInteger("subscribers")).isEqualTo(1);
        assertThat(stream.getJsonObject("health").getString("state")).isEqualTo("bad");
        assertThat(stream.getJsonObject("health").getJsonArray("reasons").getString(0))
                .contains("Nobody publishes it", "a subscriber waits");
    }

    @Test
    void streamIsShownWithItsHealthAndWhatIsInIt() {
        try (TestRelay demo = TestRelay.startWithDemo()) {
            demo.request("demo").opened();
            demo.awaitStream(
                    "demo",
                    stream -> stream.getString("media") != null
                            && stream.getString("media").contains("fps")
                            && stream.getLong("outBitRate") > 0
                            && stream.getValue("rttMillis") != null
                            && stream.getJsonObject("health").getString("state").equals("good"));

            JsonObject stream = new JsonObject(demo.get("/api/v1/streams/demo").body());
            assertThat(stream.getString("media")).matches("H\\.264 \\d+×\\d+ [\\d.]+ fps · AAC [\\d.]+ kHz");
            assertThat(stream.getDouble("lostPercent")).isZero();
            assertThat(stream.getLong("notRecovered")).isZero();
            assertThat(stream.getDouble("rttMillis")).isBetween(0.0, 1_000.0);
        }
    }

    @Test
    void streamThatEndedIsListedUntilItIsBack() {
        TestCall publisher = relay.publish("live").opened();
        await().until(() -> relay.get("/api/v1/streams/live/history").body().contains("\"time\":[\""));
        assertThat(relay.get("/api/v1/ended-streams").body()).isEqualTo("[]");
        publisher.hangUp();

        await().until(() -> relay.get("/api/v1/ended-streams").body().contains("\"name\":\"live\""));
        relay.publish("live").opened();
        await().until(() -> relay.get("/api/v1/ended-streams").body().equals("[]"));
    }

    @Test
    void nodeIsShownWithItsTrafficAndWhetherItIsReady() {
        TestCall publisher = relay.publish("live").opened();
        relay.request("live").opened();
        relay.request("none").refusal();
        publisher.publish("payload", 0, 99);

        await().untilAsserted(() -> {
            JsonObject node = node();
            assertThat(node.getLong("inBitRate")).isPositive();
            assertThat(node.getLong("outBitRate")).isPositive();
            assertThat(node.getLong("refusedLastMinute")).isEqualTo(1);
            assertThat(node.getInteger("publishers")).isEqualTo(1);
            assertThat(node.getInteger("subscribers")).isEqualTo(1);
            assertThat(node.getDouble("busiestLoop")).isBetween(0.0, 1.0);
            assertThat(node.getJsonObject("heap").getLong("usedBytes"))
                    .isBetween(1L, node.getJsonObject("heap").getLong("maxBytes"));
            assertThat(node.getJsonArray("listeners").getJsonObject(0).getMap())
                    .containsEntry("name", "studio")
                    .containsEntry("ready", true)
                    .containsEntry("port", relay.listener().getPort());
        });
        assertThat(node().getBoolean("openToEverybody")).isTrue();
        assertThat(node().getBoolean("ready")).isTrue();
        relay.drain();
        assertThat(node().getBoolean("ready")).isFalse();
        assertThat(node().getJsonArray("notReady")).containsExactly("The node is being drained.");
    }

    private JsonObject node() {
        return new JsonArray(relay.get("/api/v1/nodes").body()).getJsonObject(0);
    }

    @Test
    void connectionIsShownWithWhatItIsAndAllStatistics() {
        TestCaller caller = relay.caller();
        caller.call(relay.listener(), "#!::r=live,m=publish,u=me").opened();

        JsonObject publisher = connection("publisher");

        assertThat(publisher.getMap())
                .containsEntry("role", "publisher")
                .containsEntry("stream", "live")
                .containsEntry("listener", "studio")
                .containsEntry("peer", "127.0.0.1:" + caller.address().getPort())
                .containsEntry("local", "127.0.0.1:" + relay.listener().getPort())
                .containsEntry("srtVersion", "1.5.5")
                .containsEntry("latencyMillis", 250)
                .containsKeys("id", "since", "streamId");
        assertThat(publisher.getMap().keySet())
                .containsAll(Stream.of(Statistic.values()).map(Enum::name).toList());
    }

    @Test
    void whatASocketThrewAwayIsShownByReason() throws Exception {
        try (DatagramSocket stranger = new DatagramSocket()) {
            byte[] noise = {1, 2, 3};
            stranger.send(new DatagramPacket(noise, noise.length, relay.listener()));
        }

        await().untilAsserted(() -> {
            JsonArray sockets = new JsonArray(relay.get("/api/v1/listeners").body());
            assertThat(sockets.stream().map(JsonObject.class::cast))
                    .allSatisfy(
                            socket -> assertThat(socket.getString("listener")).isEqualTo("studio"))
                    .anySatisfy(socket -> assertThat(
                                    socket.getJsonObject("malformed").getInteger("TOO_SHORT"))
                            .isEqualTo(1));
        });
    }

    @Test
    void whatTheKernelThrewAwayIsShownOnceItIsLookedUp() {
        await().until(() -> new JsonArray(relay.get("/api/v1/listeners").body())
                .stream()
                        .map(JsonObject.class::cast)
                        .allMatch(socket -> Integer.valueOf(0).equals(socket.getInteger("receiveDrops"))));
    }

    @Test
    void loopsShowWhoIsOnThemAndWhereTheirTimeGoes() {
        TestCall publisher = relay.publish("live").opened();
        relay.request("live").opened();
        publisher.publish("payload", 0, 99);

        await().untilAsserted(() -> {
            List<JsonObject> loops = new JsonArray(relay.get("/api/v1/loops").body())
                    .stream().map(JsonObject.class::cast).toList();
            assertThat(loops).isNotEmpty().allSatisfy(RelayApiTest::hasAllFigures);
            assertThat(loops).extracting(loop -> loop.getInteger("loop")).doesNotHaveDuplicates();
            assertThat(sum(loops, "sockets")).isEqualTo(loops.size());
            assertThat(sum(loops, "publishers")).isEqualTo(1);
            assertThat(sum(loops, "subscribers")).isEqualTo(1);
            assertThat(loops).anySatisfy(loop -> {
                JsonObject figures = loop.getJsonObject("sinceStart");
                JsonObject forwarding = figures.getJsonObject("forwardingMicros");
                assertThat(forwarding.getLong("count")).isBetween(1L, 100L);
                assertThat(forwarding.getLong("max")).isPositive().isGreaterThanOrEqualTo(forwarding.getLong("p50"));
                assertThat(figures.getJsonObject("datagramsPerSend").getLong("count"))
                        .isPositive();
                assertThat(figures.getLong("sendingMicros")).isPositive();
            });
        });
    }

    private static void hasAllFigures(JsonObject loop) {
        assertThat(loop.getLong("ageMillis")).isNotNegative();
        for (String window : List.of("lastSecond", "lastMinute", "sinceStart")) {
            JsonObject figures = loop.getJsonObject(window);
            assertThat(figures.getDouble("seconds")).isPositive();
            assertThat(figures.getDouble("utilisation")).isBetween(0.0, 1.0);
            assertThat(figures.getMap())
                    .containsKeys(
                            "cpuShare",
                            "iterationsPerSecond",
                            "readingMicros",
                            "handlingMicros",
                            "sendingMicros",
                            "otherMicros",
                            "longestIterationMicros",
                            "longestDelayMicros",
                            "datagramsPerBurst");
        }
    }

    private static int sum(List<JsonObject> loops, String figure) {
        return loops.stream().mapToInt(loop -> loop.getInteger(figure)).sum();
    }

    @Test
    void connectionsAreInARecording(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            relay.publish("live").opened().hangUp();
            relay.awaitConnections(0);
            recording.stop();
            recording.dump(file);
        }
        // Every event of the program is recorded unless it is switched off.
        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().startsWith("io.millrace.Connection"))
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.getString("role")).isEqualTo("publisher");
                    assertThat(event.getString("stream")).isEqualTo("live");
                })
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder("io.millrace.ConnectionOpened", "io.millrace.ConnectionClosed");
    }

    @Test
    void statisticsCountWhatWentThrough() {
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        publisher.publish("payload", 10, 59);
        subscriber.received(50);

        await().until(() -> connection("publisher").getLong("pktRecvUniqueTotal") == 50
                && connection("subscriber").getLong("pktSentUniqueTotal") == 50);

        assertThat(connection("publisher").getLong("byteRecvUniqueTotal")).isEqualTo(50 * (9 + 44));
        assertThat(connection("subscriber").getLong("byteSentUniqueTotal")).isEqualTo(50 * (9 + 44));
        assertThat(connection("subscriber").getDouble("msRTT")).isPositive();
        assertThat(connection("subscriber").getInteger("latencyMillis")).isEqualTo(250);
    }

    @Test
    void aliveAndReadyWhenItListens() {
        assertThat(relay.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(relay.get("/health/live").body()).contains("\"up\"");
        assertThat(relay.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(relay.get("/health/ready").body()).contains("\"studio\":\"ready\"");
    }

    private JsonObject connection(String role) {
        List<JsonObject> found = relay.connections().stream()
                .filter(connection -> connection.getString("role").equals(role))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
