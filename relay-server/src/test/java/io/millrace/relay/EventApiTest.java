package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told while it happens. */
@Timeout(60)
class EventApiTest {
    private final HttpClient http = HttpClient.newHttpClient();
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
    void connectionsAndStreamsAreToldInTheirOrder() {
        Listener listener = listen("");
        TestCaller caller = relay.caller();
        TestCall publisher =
                caller.call(relay.listener(), "#!::r=live/a,m=publish,u=me").opened();
        listener.await("stream-published");
        TestCall subscriber = relay.request("live/a").opened();
        listener.await("connection-opened", 2);
        subscriber.hangUp();
        listener.await("connection-closed", 1);
        publisher.hangUp();
        listener.await("connection-closed", 2);

        assertThat(listener.names())
                .containsSubsequence(
                        "connection-opened",
                        "stream-published",
                        "connection-opened",
                        "connection-closed",
                        "stream-unpublished",
                        "connection-closed");
        JsonObject opened = listener.first("connection-opened");
        assertThat(opened.getMap())
                .containsEntry("connection", 1)
                .containsEntry("role", "publisher")
                .containsEntry("stream", "live/a")
                .containsEntry("user", "me")
                .containsEntry("listener", "main")
                .containsEntry("peer", "127.0.0.1:" + caller.address().getPort());
        assertThat(Instant.parse(opened.getString("time"))).isBeforeOrEqualTo(Instant.now());
        assertThat(listener.first("stream-published").getMap())
                .containsEntry("stream", "live/a")
                .containsEntry("connection", 1);
        assertThat(listener.first("connection-closed").getMap())
                .containsEntry("connection", 2)
                .containsEntry("reason", "the peer closed it")
                .containsKeys("durationSeconds", "bytes");
    }

    @Test
    void refusalIsToldWithItsRemedy() {
        Listener listener = listen("?types=refused");
        relay.request("nobody").refusal();

        JsonObject refused = listener.await("refused");

        assertThat(refused.getMap())
                .containsEntry("code", 1404)
                .containsEntry("reason", "NOT_FOUND")
                .containsEntry("stream", "nobody")
                .containsEntry("action", "request")
                .containsEntry("untold", 0);
        assertThat(refused.getString("advice")).contains("start the publisher");
    }

    @Test
    void refusalsOfAFloodAreToldOrCounted() {
        Listener listener = listen("?types=refused");
        TestCaller caller = relay.caller();
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            calls.add(caller.call(relay.listener(), "#!::r=flood" + i));
        }
        calls.forEach(TestCall::refusal);

        AtomicInteger after = new AtomicInteger();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            String last = "after" + after.getAndIncrement();
            relay.request(last).refusal();
            return listener.told.stream()
                    .anyMatch(one -> one.data.getString("stream").startsWith("after"));
        });

        await().untilAsserted(() -> assertThat(listener.all("refused").stream()
                        .mapToLong(refused -> 1 + refused.getLong("untold"))
                        .sum())
                .isEqualTo(80 + after.get()));
    }

    @Test
    void streamsAreToldEverySecond() {
        Listener listener = listen("?types=statistics");
        relay.publish("live").opened().publish("payload", 0, 9);
        relay.request("live").opened();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonObject newest = listener.last("statistics");
            assertThat(newest.getJsonArray("streams")).hasSize(1);
            JsonObject stream = newest.getJsonArray("streams").getJsonObject(0);
            assertThat(stream.fieldNames()).containsExactlyInAnyOrder("name", "bitRate", "subscribers");
            assertThat(stream.getString("name")).isEqualTo("live");
            assertThat(stream.getInteger("subscribers")).isEqualTo(1);
        });
    }

    @Test
    void onlyWhatWasAskedForIsTold() {
        Listener all = listen("");
        Listener some = listen("?types=stream-published,refused");
        relay.publish("live").opened();
        relay.request("live").opened();
        all.await("connection-opened", 2);
        relay.request("nobody").refusal();
        some.await("refused");

        assertThat(some.names()).containsExactly("stream-published", "refused");
    }

    @Test
    void answerIsAStreamOfEventsThatStartsAtOnce() {
        Listener listener = listen("");

        assertThat(listener.response.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(listener.response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void clientsAreBoundedAndPlacesAreGivenBack() {
        List<Listener> listeners = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            listeners.add(listen("?types=refused"));
        }

        HttpResponse<String> refused = relay.get("/api/v1/events");

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(refused.body()).getString("detail"))
                .isEqualTo("100 clients are told of events, which is the most: end some");
        listeners.get(0).leave();
        await().until(() -> {
            CompletableFuture<HttpResponse<InputStream>> next = request("?types=refused");
            int status = next.join().statusCode();
            next.join().body().close();
            return status == 200;
        });
    }

    private CompletableFuture<HttpResponse<InputStream>> request(String query) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(relay.url("/api/v1/events" + query)))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .orTimeout(10, TimeUnit.SECONDS);
    }

    private Listener listen(String query) {
        return new Listener(request(query).join());
    }

    /** A client, with all that it was told. */
    private static final class Listener {
        private final HttpResponse<InputStream> response;
        private final List<Told> told = new CopyOnWriteArrayList<>();

        private record Told(String name, JsonObject data) {}

        Listener(HttpResponse<InputStream> response) {
            this.response = response;
            assertThat(response.statusCode()).isEqualTo(200);
            Thread reader = new Thread(this::read, "event-reader");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            String name = "";
            try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        name = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        told.add(new Told(name, new JsonObject(line.substring("data: ".length()))));
                    }
                }
            } catch (IOException e) {
                // The end of it, from one side or the other.
            }
        }

        void leave() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What was told, without what comes by itself. */
        List<String> names() {
            return told.stream()
                    .map(Told::name)
                    .filter(name -> !name.equals("statistics"))
                    .toList();
        }

        private List<JsonObject> all(String name) {
            return told.stream()
                    .filter(one -> one.name.equals(name))
                    .map(Told::data)
                    .toList();
        }

        JsonObject await(String name) {
            return await(name, 1);
        }

        JsonObject await(String name, int count) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> all(name).size() >= count);
            return all(name).get(count - 1);
        }

        JsonObject first(String name) {
            return all(name).get(0);
        }

        JsonObject last(String name) {
            List<JsonObject> all = all(name);
            assertThat(all).isNotEmpty();
            return all.get(all.size() - 1);
        }
    }
}
