package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.listener.SocketSurgery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a relay answers to those who ask whether it lives and is ready. */
@Timeout(120)
@Tag("any-jdk")
class RelayHealthTest {
    private TestRelay relay;

    @BeforeEach
    void start() {
        relay = TestRelay.start("listeners[0].name=studio", "transport.eventLoops=2");
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void healthyRelayIsAliveAndReady() {
        assertThat(relay.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(new JsonObject(relay.get("/health/live").body())).isEqualTo(new JsonObject().put("status", "up"));
        assertThat(relay.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(new JsonObject(relay.get("/health/ready").body()))
                .isEqualTo(new JsonObject()
                        .put("status", "ready")
                        .put("listeners", new JsonObject().put("studio", "ready")));
    }

    @Test
    void relayThatIsGoingToStopIsAliveAndNotReady() {
        relay.drain();

        assertThat(relay.get("/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = relay.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(ready.body()).getString("status")).isEqualTo("draining");
    }

    @Test
    void probeFailsWhileALoopIsStuckAndSaysWhichUnlessItIsTheOneThatAnswers() throws Exception {
        List<String> told = new ArrayList<>();
        for (SocketSurgery loop : relay.loops(relay.listener())) {
            CountDownLatch release = new CountDownLatch(1);
            loop.block(release);
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> !"200".equals(probe("/health/live")));
                told.add(probe("/health/live"));
                assertThat(probe("/health/ready")).isEqualTo(told.get(told.size() - 1));
            } finally {
                release.countDown();
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> "200".equals(probe("/health/live")));
        }

        assertThat(told).containsOnlyOnce("no answer").containsAnyOf("503 loop 0", "503 loop 1");
    }

    /** As Kubernetes does it: a new connection each time, and not much patience. */
    private String probe(String path) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(4)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(relay.url(path)))
                .timeout(Duration.ofSeconds(4))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 200) {
                return "200";
            }
            JsonArray stuck = new JsonObject(response.body()).getJsonArray("stuckLoops");
            assertThat(stuck).hasSize(1);
            return response.statusCode() + " loop " + stuck.getJsonObject(0).getInteger("loop");
        } catch (HttpTimeoutException e) {
            return "no answer";
        }
    }
}
