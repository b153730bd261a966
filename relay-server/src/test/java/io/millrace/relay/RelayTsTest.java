package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a relay tells of the transport streams that it passes on. */
@Timeout(60)
class RelayTsTest {
    @Test
    void theDemoStreamIsShownWithoutFault() {
        try (TestRelay relay = TestRelay.startWithDemo()) {
            JsonObject seen =
                    awaitTs(relay, "demo", ts -> ts.getLong("bitRate", 0L) > 0 && ts.getValue("randomAccess") != null);

            assertThat(seen.getString("state")).isEqualTo("mpeg-ts");
            assertThat(seen.getJsonArray("programs")).hasSize(1);
            assertThat(seen.getJsonArray("pids").stream()
                            .map(JsonObject.class::cast)
                            .map(pid -> pid.getString("what")))
                    .contains("PAT", "PMT", "H.264 video", "AAC audio");
            assertThat(seen.getLong("continuityErrors")).isZero();
            assertThat(Instant.parse(seen.getString("since")))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
            assertThat(seen.getJsonArray("indicators").stream()
                            .map(JsonObject.class::cast)
                            .filter(indicator -> indicator.getInteger("priority") == 1))
                    .allMatch(indicator -> indicator.getLong("count") == 0);
        }
    }

    @Test
    void whatIsNoTransportStreamIsPassedOnAndCalledSo() {
        try (TestRelay relay = TestRelay.start()) {
            TestCall publisher = relay.publish("noise").opened();
            TestCall subscriber = relay.request("noise").opened();
            byte[] noise = new byte[1_316];
            publisher.publish(noise, noise, noise);

            awaitTs(relay, "noise", ts -> ts.getString("state").equals("not-mpeg-ts"));
            assertThat(subscriber.received(3)).allMatch(one -> one.payload().length == 1_316);
        }
    }

    @Test
    void switchedOffItSaysSo() {
        try (TestRelay relay = TestRelay.start("streams.analysis=false")) {
            relay.publish("live").opened().publish(new byte[1_316]);

            assertThat(new JsonObject(relay.get("/api/v1/streams/live/ts").body()).getMap())
                    .containsOnlyKeys("state")
                    .containsEntry("state", "off");
        }
    }

    @Test
    void streamThatIsNotThereIsAProblem() {
        try (TestRelay relay = TestRelay.start()) {
            HttpResponse<String> answer = relay.get("/api/v1/streams/none/ts");

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
    }

    private static JsonObject awaitTs(TestRelay relay, String stream, Predicate<JsonObject> like) {
        JsonObject[] seen = new JsonObject[1];
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    HttpResponse<String> answer = relay.get("/api/v1/streams/" + stream + "/ts");
                    seen[0] = new JsonObject(answer.body());
                    return answer.statusCode() == 200 && like.test(seen[0]);
                });
        return seen[0];
    }
}
