package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.access.WebhookServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that decides on the callers of a running relay, and what becomes of them when it doesn't. */
@Timeout(60)
@Tag("any-jdk")
class RelayWebhookTest {
    private static final int BAD_SECRET = 1010;
    private static final int OVERLOAD = 2402;
    private static final int FORBIDDEN = 2403;
    private static final int DOWN = 2503;

    private final WebhookServer webhook = new WebhookServer();
    private TestRelay relay;
    private int callers;

    private void start(String... settings) {
        relay = TestRelay.start(Stream.concat(Stream.of("access.webhook.url=" + webhook.url()), Stream.of(settings))
                .toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
        webhook.close();
    }

    @Test
    void questionTellsWhoWantsWhatAndIsSigned() throws Exception {
        start("access.webhook.secret=what signs the questions", "listeners[0].name=studio");
        TestCaller caller = relay.caller();
        caller.call(relay.listener(), "#!::r=live/one,m=publish,u=anna,s=open sesame,x=7")
                .opened();

        WebhookServer.Post question = webhook.next();

        assertThat(question.json().getMap())
                .containsEntry("event", "access")
                .containsEntry("listener", "studio")
                .containsEntry("action", "publish")
                .containsEntry("stream", "live/one")
                .containsEntry("user", "anna")
                .containsEntry("secret", "open sesame")
                .containsEntry("address", "127.0.0.1")
                .containsEntry("port", caller.address().getPort())
                .containsEntry("localAddress", "127.0.0.1")
                .containsEntry("localPort", relay.listener().getPort())
                .containsEntry("encrypted", false)
                .containsEntry("srtVersion", "1.5.5");
        assertThat(question.json().getJsonObject("keys")).isEqualTo(new JsonObject().put("x", "7"));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("what signs the questions".getBytes(UTF_8), "HmacSHA256"));
        mac.update((question.headers().get("X-Millrace-Timestamp") + '.').getBytes(UTF_8));
        assertThat(question.headers().get("X-Millrace-Signature"))
                .isEqualTo("sha256="
                        + HexFormat.of().formatHex(mac.doFinal(question.body().getBytes())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 |                                                 | 2401",
                "403 |                                                 | 2403",
                "404 |                                                 | 2404",
                "409 |                                                 | 2409",
                "200 | {'allow':false}                                 | 2403",
                "200 | {'allow':false,'rejectCode':'LOCKED'}           | 2423",
                "200 | {'allow':false,'rejectCode':1402}               | 2402",
                "500 |                                                 | 2503",
                "200 | {'allow':'yes'}                                 | 2503"
            })
    void refusalHasTheCodeThatWasAnswered(int status, String body, int type) {
        webhook.answers(status, body == null ? "" : body.replace('\'', '"'));
        start();

        assertThat(relay.publish("live").refusal()).isEqualTo(type);
    }

    @Test
    void operatorReadsTheReasonThatWasAnswered() {
        webhook.answers(200, "{\"allow\":false,\"reason\":\"the account of anna is closed\"}");
        start();

        assertThat(relay.call("#!::r=live,m=publish,u=anna").refusal()).isEqualTo(FORBIDDEN);

        await().untilAsserted(() -> assertThat(relay.attempts(""))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.getString("advice"))
                        .isEqualTo("the webhook says: the account of anna is closed")));
    }

    @Test
    void streamPassphraseAndLimitsAreThoseOfTheAnswer() {
        webhook.does(post -> post.answer(
                200,
                switch (post.json().getString("action")) {
                    case "publish" -> "{\"allow\":true,\"stream\":\"live/renamed\",\"passphrase\":\"of the webhook\"}";
                    default ->
                        "{\"allow\":true,\"limits\":{\"subscribers\":1,\"latencyMillis\":700},\"passphrase\":\"of a guest\"}";
                }));
        start("listeners[0].passphrase=of the listener");
        assertThat(relay.call("#!::r=asked,m=publish", "of the listener").refusal())
                .isEqualTo(BAD_SECRET);
        TestCall publisher =
                relay.call("#!::r=asked,m=publish", "of the webhook").opened();
        TestCall subscriber = relay.call("#!::r=live/renamed", "of a guest").opened();

        assertThat(relay.call("#!::r=live/renamed", "of a guest").refusal()).isEqualTo(OVERLOAD);
        publisher.publish("payload ", 0, 9);
        assertThat(subscriber.texts(10)).startsWith("payload 0").endsWith("payload 9");
        assertThat(subscriber.connection().negotiated().receiveLatencyMillis()).isEqualTo(700);
        assertThat(relay.streams())
                .extracting(stream -> stream.getString("name"))
                .containsExactly("live/renamed");
    }

    @Test
    void answerHoldsAsLongAsItSays() {
        webhook.does(post -> post.answer(
                200,
                "{\"allow\":true,\"passphrase\":\"of the webhook\",\"ttlSeconds\":"
                        + (post.json().getString("user").equals("known") ? 600 : 0) + "}"));
        start();
        relay.call("#!::r=live,m=publish,u=known", "of the webhook").opened();
        for (int i = 0; i < 3; i++) {
            relay.call("#!::r=live,u=known", "of the webhook").opened();
        }
        assertThat(relay.call("#!::r=live,u=known", "another passphrase").refusal())
                .isEqualTo(BAD_SECRET);
        // One as publisher, one as subscriber.
        assertThat(webhook.unseen()).isEqualTo(2);

        relay.call("#!::r=live,u=other", "of the webhook").opened();
        relay.call("#!::r=live,u=other", "of the webhook").opened();
        assertThat(webhook.unseen()).isEqualTo(4);
    }

    @Test
    void callerThatRepeatsItselfIsOneQuestion() throws Exception {
        webhook.hangs();
        start();
        TestCall publisher = relay.publish("live");
        WebhookServer.Post question = webhook.next();

        await().until(() -> repeatedConclusions() >= 3);
        assertThat(webhook.unseen()).isZero();

        question.answer(204, "");
        publisher.opened();
        assertThat(relay.connections()).hasSize(1);
    }

    @Test
    void whoIsConnectedGoesOnWhileTheServerIsDown() {
        try (LoggedLines log = new LoggedLines("io.millrace.relay.access")) {
            start();
            TestCall publisher = relay.publish("live").opened();
            TestCall subscriber = relay.request("live").opened();
            webhook.close();

            assertThat(relay.request("live").refusal()).isEqualTo(DOWN);
            assertThat(relay.publish("other").refusal()).isEqualTo(DOWN);
            publisher.publish("payload ", 0, 99);

            assertThat(subscriber.texts(100)).startsWith("payload 0").endsWith("payload 99");
            assertThat(relay.connections()).hasSize(2);
            assertThat(log.lines()).hasSize(1).first().asString().contains("can't be asked", "callers are refused");
            assertThat(relay.attempts("?result=refused"))
                    .hasSize(2)
                    .allSatisfy(
                            attempt -> assertThat(attempt.getString("reason")).isEqualTo("DOWN"));
        }
    }

    @Test
    void mediaGoesOnWhileTheServerHangs() throws Exception {
        start("access.webhook.timeoutMillis=1500");
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        webhook.next();
        webhook.next();
        webhook.hangs();
        List<TestCall> waiting =
                Stream.generate(() -> relay.request("live")).limit(20).toList();
        webhook.next();

        publisher.publish("payload ", 0, 99);

        assertThat(subscriber.texts(100)).startsWith("payload 0").endsWith("payload 99");
        assertThat(waiting).allSatisfy(call -> assertThat(call.refusal()).isEqualTo(DOWN));
        // All of them ask the same from the same address; who came too late for the first question asked anew.
        assertThat(webhook.unseen()).isLessThan(5);
    }

    @ParameterizedTest
    @CsvSource({"allow, 0", "next, 0", "deny, 2503"})
    void whenTheServerIsDownTheConfiguredChoiceApplies(String choice, int type) {
        start(
                "access.webhook.whenDown=" + choice,
                "access.order[0]=webhook",
                "access.order[1]=rules",
                "access.order[2]=jwt",
                "access.otherwise=deny",
                "access.rules[0].name=live",
                "access.rules[0].stream=live");
        webhook.close();

        TestCall ruled = relay.publish("live");
        TestCall other = relay.publish("other");

        if (type == 0) {
            ruled.opened();
        } else {
            assertThat(ruled.refusal()).isEqualTo(type);
        }
        if (choice.equals("allow")) {
            other.opened();
        } else {
            assertThat(other.refusal()).isEqualTo(choice.equals("next") ? FORBIDDEN : type);
        }
    }

    @Test
    void answerNoWhichNobodyWaitsForAnyMoreLeavesNothingBehind() throws Exception {
        webhook.hangs();
        start("limits.connections=1", "access.webhook.timeoutMillis=10000");
        TestCaller gone = relay.caller();
        gone.call(relay.listener(), "#!::r=live,m=publish");
        WebhookServer.Post question = webhook.next();
        gone.goDeaf();
        assertThat(relay.publish("live").refusal()).isEqualTo(OVERLOAD);

        webhook.answers(204, "");
        question.answer(403, "");

        awaitPlace();
    }

    @Test
    void answerYesWhichNobodyWaitsForAnyMoreLeavesNothingBehind() throws Exception {
        webhook.hangs();
        start("limits.connections=1", "access.webhook.timeoutMillis=10000", "srt.peerIdleTimeoutMillis=2000");
        TestCaller gone = relay.caller();
        gone.call(relay.listener(), "#!::r=live,m=publish");
        WebhookServer.Post question = webhook.next();
        gone.goDeaf();
        assertThat(relay.publish("live").refusal()).isEqualTo(OVERLOAD);

        webhook.answers(204, "");
        question.answer(204, "");

        awaitPlace();
        assertThat(relay.connections()).hasSize(1);
    }

    /** The relay itself gives up waiting after ten seconds. */
    @Test
    void answersThatComeAfterTheRelayGaveUpLeaveNothingBehind() throws Exception {
        webhook.hangs();
        start("limits.connections=2", "access.webhook.timeoutMillis=30000", "streams.waitMillis=0");
        relay.publish("one");
        WebhookServer.Post first = webhook.next();
        relay.publish("two");
        WebhookServer.Post second = webhook.next();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> relay.attempts("?result=refused").size() == 2);
        assertThat(relay.request("other").refusal()).isEqualTo(OVERLOAD);

        webhook.answers(204, "");
        first.answer(204, "");
        second.answer(403, "");

        awaitPlace();
        awaitPlace();
        assertThat(relay.attempts("?result=refused").stream()
                        .filter(attempt -> !attempt.getString("reason").equals("OVERLOAD")))
                .hasSize(2)
                .allSatisfy(attempt -> assertThat(attempt.getMap())
                        .containsEntry("reason", "TIMEOUT")
                        .containsEntry("count", 1));
    }

    @Test
    void stopDoesNotWaitForTheServer() throws Exception {
        try (LoggedLines log = new LoggedLines("io.millrace.relay")) {
            webhook.hangs();
            start("access.webhook.timeoutMillis=30000");
            TestCall waiting = relay.publish("live");
            webhook.next();

            relay.stopServer();

            assertThat(waiting.refusal()).isEqualTo(1007);
            assertThat(log.lines()).isEmpty();
        }
    }

    /** Waits until somebody else gets a place, which is given back some time after, and keeps it. */
    private void awaitPlace() {
        await().atMost(Duration.ofSeconds(15))
                .until(() -> relay.publish("another" + callers++).refusedOrOpen() == 0);
    }

    private long repeatedConclusions() {
        return new JsonArray(relay.get("/api/v1/listeners").body())
                .stream()
                        .mapToLong(socket ->
                                ((JsonObject) socket).getJsonObject("discarded").getLong("REPEATED_CONCLUSION"))
                        .sum();
    }
}
