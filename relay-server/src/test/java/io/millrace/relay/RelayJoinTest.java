package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.demo.DemoClip;
import io.millrace.relay.ts.RandomAccessPoint;
import io.millrace.relay.ts.TsAnalyser;
import io.millrace.relay.ts.TsJournal;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where subscribers begin in a stream. */
@Timeout(60)
class RelayJoinTest {
    /** Whatever a busy machine loses at first is asked for in time. */
    private static final String LATENCY = "srt.latencyMillis=4000";

    private static final int PAYLOAD_BYTES = DemoClip.PAYLOAD_LENGTH;
    /** Payloads that are there beyond it when a subscriber comes. */
    private static final int SINCE_RANDOM_ACCESS = 20;

    private final DemoClip clip = DemoClip.load();
    private final List<RandomAccessPoint> points = new ArrayList<>();
    private final TsAnalyser analyser = new TsAnalyser(new TsJournal(), points::add);
    private final List<byte[]> published = new ArrayList<>();
    private final List<AutoCloseable> running = new ArrayList<>();
    private TestRelay relay;
    private TestCall publisher;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "streams.join=newest",
                "streams.holes=hold",
                "streams.aggregationMillis=5",
                "srt.maxBandwidth=0",
                "transport.eventLoops=2"
            })
    void aSubscriberBeginsAtTheNewestRandomAccessPointWithItsTables(String setting) {
        start(setting);
        publishBeyondRandomAccess(2);

        TestCall subscriber = relay.request("live").opened();
        publish(10);

        List<byte[]> expected = fromNewestRandomAccess();
        assertReceived(subscriber, expected);
        JsonObject join = subscriber().getJsonObject("join");
        assertThat(join.getString("mode")).isEqualTo("newest");
        assertThat(join.getLong("behindMillis")).isBetween(0L, 10_000L);
    }

    @Test
    void aSubscriberAtAnotherNodeBeginsThereToo() {
        TestCluster cluster = new TestCluster();
        running.add(cluster);
        relay = cluster.start("a", LATENCY);
        TestRelay other = cluster.start("b", LATENCY);
        publisher = relay.publish("live").opened();
        publishBeyondRandomAccess(2);

        TestCall subscriber = other.request("live").opened();
        publish(10);

        assertReceived(subscriber, fromNewestRandomAccess());
    }

    @Test
    void tablesThatDoNotFitBeforeThePictureHaveAPayloadOfTheirOwn() {
        start();
        // So that the second random access point begins a payload.
        DemoClip ahead = DemoClip.load();
        for (int i = 0; points.size() < 2; i++) {
            analyser.take(ahead.next(), i, ahead.nextDueMicros());
        }
        int cut = points.get(1).offset();
        points.clear();
        byte[] first = clip.next();
        publishOne(Arrays.copyOf(first, cut));
        byte[] rest = Arrays.copyOfRange(first, cut, PAYLOAD_BYTES);
        while (points.size() < 2 || SINCE_RANDOM_ACCESS > published.size() - newest().position()) {
            byte[] next = clip.next();
            byte[] payload = Arrays.copyOf(rest, PAYLOAD_BYTES);
            System.arraycopy(next, 0, payload, rest.length, cut);
            rest = Arrays.copyOfRange(next, cut, PAYLOAD_BYTES);
            publishOne(payload);
        }
        awaitSeen();

        TestCall subscriber = relay.request("live").opened();
        publishOne(rest);

        assertThat(newest().offset()).isZero();
        List<byte[]> expected = fromNewestRandomAccess();
        assertThat(expected.get(0)).isEqualTo(newest().tables().bytes());
        assertThat(expected.get(1)).hasSize(PAYLOAD_BYTES);
        assertReceived(subscriber, expected);
    }

    @Test
    void aSubscriberThatWantsTheNextOneGetsNothingBefore() {
        start();
        publishBeyondRandomAccess(2);
        TestCall other = relay.call("#!::r=live,join=live").opened();
        TestCall subscriber = relay.call("#!::r=live,join=next").opened();
        publish(5);
        other.received(5);
        assertThat(subscriber.received(0)).isEmpty();
        assertThat(relay.connections())
                .anySatisfy(connection -> assertThat(connection.getJsonObject("join"))
                        .isEqualTo(new JsonObject().put("mode", "next").putNull("behindMillis")));

        publishBeyondRandomAccess(points.size() + 1);
        // It is noticed with what comes after.
        publish(5);

        assertReceived(subscriber, fromNewestRandomAccess());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"streams.join=live", "streams.analysis=false", "access.rules[0].name=a access.rules[0].join=live"
            })
    void atTheLiveEdgeASubscriberGetsWhatComesNext(String setting) {
        start(setting.split(" "));
        TestCall early = relay.request("live").opened();
        while (points.size() < 2) {
            publish(1);
        }
        publish(SINCE_RANDOM_ACCESS);
        early.received(published.size());
        int before = published.size();

        TestCall subscriber = relay.request("live").opened();
        publish(20);

        assertReceived(subscriber, published.subList(before, published.size()));
    }

    @Test
    void theCallersWordCountsMoreThanTheConfigurations() {
        start("streams.join=live");
        publishBeyondRandomAccess(2);

        TestCall subscriber = relay.call("#!::r=live,join=newest").opened();
        publish(5);

        assertReceived(subscriber, fromNewestRandomAccess());
    }

    @Test
    void aPlaceThatIsNotKnownIsABadRequest() {
        start();

        assertThat(relay.call("#!::r=live,join=soon").refusal()).isEqualTo(2400);
    }

    @Test
    void aReloadAppliesToNewSubscribers(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("millrace.yaml");
        String listeners = "listeners:\n  - {name: main, host: 127.0.0.1, port: 0}\nsrt: {latencyMillis: 4000}\n";
        Files.writeString(file, listeners + "streams: {join: live}\n");
        relay = TestRelay.startWith(file);
        running.add(relay);
        publisher = relay.publish("live").opened();
        publishBeyondRandomAccess(2);
        TestCall before = relay.request("live").opened();

        Files.writeString(file, listeners);
        assertThat(relay.post("/api/v1/config/reload", "", "Content-Type", "application/json")
                        .body())
                .contains("streams.join");
        TestCall after = relay.request("live").opened();
        int atTheEdge = published.size();
        publish(5);

        assertReceived(after, fromNewestRandomAccess());
        assertReceived(before, published.subList(atTheEdge, published.size()));
    }

    private void start(String... settings) {
        List<String> all = new ArrayList<>(List.of(LATENCY));
        all.addAll(List.of(settings));
        relay = TestRelay.start(all.toArray(String[]::new));
        running.add(relay);
        publisher = relay.publish("live").opened();
    }

    /** Publishes until there were so many random access points and some more came, and the relay has seen them. */
    private void publishBeyondRandomAccess(int count) {
        while (points.size() < count) {
            publish(1);
        }
        publish(SINCE_RANDOM_ACCESS);
        awaitSeen();
    }

    private void awaitSeen() {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    JsonObject point =
                            new JsonObject(relay.get("/api/v1/streams/live/ts").body()).getJsonObject("randomAccess");
                    return point != null && point.getLong("position") == newest().position();
                });
    }

    private void publish(int payloads) {
        for (int i = 0; i < payloads; i++) {
            publishOne(clip.next());
        }
    }

    private void publishOne(byte[] payload) {
        analyser.take(payload, published.size(), clip.nextDueMicros());
        published.add(payload);
        publisher.publish(payload);
    }

    private RandomAccessPoint newest() {
        return points.get(points.size() - 1);
    }

    /** What a subscriber gets that begins there. */
    private List<byte[]> fromNewestRandomAccess() {
        RandomAccessPoint point = newest();
        byte[] payload = published.get((int) point.position());
        byte[] rest = Arrays.copyOfRange(payload, point.offset(), payload.length);
        byte[] tables = point.tables().bytes();
        List<byte[]> expected = new ArrayList<>();
        if (tables.length + rest.length > PAYLOAD_BYTES) {
            expected.add(tables);
            expected.add(rest);
        } else {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(tables);
            both.writeBytes(rest);
            expected.add(both.toByteArray());
        }
        expected.addAll(published.subList((int) point.position() + 1, published.size()));
        return expected;
    }

    private static void assertReceived(TestCall subscriber, List<byte[]> expected) {
        List<TestCall.Received> received = subscriber.received(expected.size());
        assertThat(received).extracting(TestCall.Received::payload).containsExactlyElementsOf(expected);
        assertThat(received)
                .extracting(TestCall.Received::offset)
                .containsExactlyElementsOf(
                        LongStream.range(0, expected.size()).boxed().toList());
    }

    private JsonObject subscriber() {
        return relay.connections().stream()
                .filter(connection -> connection.getString("role").equals("subscriber"))
                .findFirst()
                .orElseThrow();
    }
}
