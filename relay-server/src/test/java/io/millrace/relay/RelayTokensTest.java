package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.access.SignedToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that bring along a token, or an id that lets them in once. */
@Timeout(60)
class RelayTokensTest {
    private static final int BAD_SECRET = 1010;
    private static final int UNAUTHORIZED = 2401;
    private static final int OVERLOAD = 2402;
    private static final int FORBIDDEN = 2403;
    private static final int NOT_FOUND = 2404;
    private static final String KEY = "access.jwt.key=" + SignedToken.SECRET;

    private TestRelay relay;

    private void start(String... settings) {
        relay = TestRelay.start(settings);
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
    }

    @Test
    void tokenLetsItsBearerDoWhatItSays() {
        start(KEY, "access.otherwise=deny");
        String token = token(new JsonObject().put("publish", "live/*").put("read", new JsonArray().add("live/one")));

        relay.call("#!::r=live/one,m=publish,s=" + token).opened();
        relay.call("#!::r=live/one,token=" + token).opened();
        relay.call("live/one?password=" + token).opened();

        assertThat(relay.call("#!::r=other,m=publish,s=" + token).refusal()).isEqualTo(FORBIDDEN);
        assertThat(relay.call("#!::r=live/two,s=" + token).refusal()).isEqualTo(FORBIDDEN);
        assertThat(relay.call("#!::r=live/two,m=publish").refusal()).isEqualTo(FORBIDDEN);
    }

    @Test
    void tokenThatIsNotGoodIsRefusedWithWhatIsWrong() {
        start(KEY);
        long now = Instant.now().getEpochSecond();
        String expired = token(new JsonObject().put("publish", "**").put("exp", now - 3600));
        String forged =
                SignedToken.hmac("HS256", "another secret of 32 bytes or so", new JsonObject().put("publish", "**"));

        assertThat(relay.call("#!::r=expired,m=publish,s=" + expired).refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(relay.call("#!::r=forged,m=publish,s=" + forged).refusal()).isEqualTo(UNAUTHORIZED);

        assertThat(relay.attempts(""))
                .extracting(attempt -> attempt.getString("advice"))
                .satisfiesExactly(
                        newest -> assertThat(newest).contains("the token's signature is wrong"),
                        oldest -> assertThat(oldest).contains("the token expired at", "get a new one"));
    }

    @Test
    void tokenBringsPassphraseAndLimits() {
        start(KEY, "srt.latencyMillis=100");
        relay.publish("live").opened();
        String token = token(new JsonObject()
                .put("request", "live")
                .put("passphrase", "of the token")
                .put("subscribers", 1)
                .put("latencyMillis", 600));

        assertThat(relay.call("#!::r=live,s=" + token, "of the listener").refusal())
                .isEqualTo(BAD_SECRET);
        TestCall subscriber =
                relay.call("#!::r=live,s=" + token, "of the token").opened();

        assertThat(subscriber.connection().negotiated().receiveLatencyMillis()).isEqualTo(600);
        assertThat(relay.call("#!::r=live,s=" + token, "of the token").refusal())
                .isEqualTo(OVERLOAD);
    }

    @Test
    void oneShotIdLetsOneCallerIn() {
        start("access.otherwise=deny");
        String publish = issue("live", "publish");
        TestCall publisher = relay.call(publish).opened();
        TestCall subscriber = relay.call(issue("live", "request")).opened();
        publisher.publish("payload ", 0, 9);

        assertThat(subscriber.texts(10)).hasSize(10);
        assertThat(relay.call(publish).refusal()).isEqualTo(UNAUTHORIZED);
        publisher.hangUp();
        relay.awaitConnections(1);
        assertThat(relay.call(publish).refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(relay.attempts("?result=refused"))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.getString("advice"))
                        .contains("the one-shot id was used at", "get a new one for each connection"));
        assertThat(relay.attempts("?result=accepted"))
                .extracting(attempt -> attempt.getString("source"))
                .containsOnly("one-shot id");
    }

    @Test
    void oneShotIdIsForWhatItWasIssuedForOnly() {
        start();
        String id = issue("live", "publish");

        assertThat(relay.call(id.replace("r=live", "r=other")).refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(relay.call(id.replace("m=publish", "m=request")).refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(relay.call(id + "x").refusal()).isEqualTo(UNAUTHORIZED);
        relay.call(id).opened();
    }

    @Test
    void oneShotIdOfACallerThatGotNoConnectionMayBeUsedAgain() {
        start("listeners[0].passphrase=correct horse", "limits.subscribersPerStream=1");
        String id = issue("live", "request");

        assertThat(relay.call(id, "correct horse").refusal()).isEqualTo(NOT_FOUND);
        assertThat(relay.call(id, "another horse").refusal()).isEqualTo(BAD_SECRET);
        relay.call("#!::r=live,m=publish", "correct horse").opened();
        TestCall other = relay.call("#!::r=live", "correct horse").opened();
        assertThat(relay.call(id, "correct horse").refusal()).isEqualTo(OVERLOAD);
        other.hangUp();
        relay.awaitStream("live", stream -> stream.getInteger("subscribers") == 0);
        relay.call(id, "correct horse").opened();

        assertThat(relay.call(id, "correct horse").refusal()).isEqualTo(UNAUTHORIZED);
    }

    @Test
    void oneShotIdWaitsWithItsCallerForTheStream() {
        start("streams.onMissing=wait");
        String id = issue("live", "request");
        TestCall subscriber = relay.call(id);
        await().until(() -> relay.streams().size() == 1);
        assertThat(relay.call(id).refusal()).isEqualTo(UNAUTHORIZED);

        relay.publish("live").opened();

        subscriber.opened();
    }

    private static String token(JsonObject claims) {
        return SignedToken.hmac("HS256", SignedToken.SECRET, claims);
    }

    /** A whole stream id. */
    private String issue(String stream, String action) {
        String body =
                new JsonObject().put("stream", stream).put("action", action).encode();
        return new JsonObject(relay.post("/api/v1/ids", body, "Content-Type", "application/json")
                        .body())
                .getString("streamId");
    }
}
