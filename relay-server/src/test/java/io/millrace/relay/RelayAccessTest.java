package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.access.SignedToken;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what by the rules of the configuration, and what it says to those who may not. */
@Timeout(60)
class RelayAccessTest {
    private static final int BAD_SECRET = 1010;
    private static final int UNAUTHORIZED = 2401;
    private static final int OVERLOAD = 2402;
    private static final int FORBIDDEN = 2403;
    private static final int NOT_FOUND = 2404;

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
    void firstRuleThatFitsDecides() {
        start(
                "access.rules[0].name=not-secret",
                "access.rules[0].stream=live/secret",
                "access.rules[0].allow=false",
                "access.rules[1].name=live",
                "access.rules[1].stream=live/*",
                "access.rules[2].name=nothing",
                "access.rules[2].allow=false");

        relay.publish("live/open").opened();

        assertThat(relay.publish("live/secret").refusal()).isEqualTo(FORBIDDEN);
        assertThat(relay.publish("live/a/b").refusal()).isEqualTo(FORBIDDEN);
        assertThat(relay.publish("other").refusal()).isEqualTo(FORBIDDEN);
        awaitAttempt("live/open", "source", "rule \"live\"");
        assertThat(attempt("live/secret").getMap())
                .containsEntry("code", 1403)
                .containsEntry("reason", "FORBIDDEN")
                .containsEntry("action", "publish")
                .containsEntry(
                        "advice",
                        "rule \"not-secret\" refuses this caller: if it may come in, allow it by a rule before that one");
    }

    @Test
    void whomNoRuleKnowsIsRefusedIfConfigured() {
        start("access.otherwise=deny", "access.rules[0].name=one", "access.rules[0].stream=one");

        relay.publish("one").opened();

        assertThat(relay.publish("two").refusal()).isEqualTo(FORBIDDEN);
        awaitAttempt("two", "advice", "nothing allows this caller, and access.otherwise is deny; add a rule for it");
    }

    @Test
    void ruleIsForPublishersOrForSubscribers() {
        start(
                "access.otherwise=deny",
                "access.rules[0].name=send",
                "access.rules[0].action=publish",
                "access.rules[0].stream=in",
                "access.rules[1].name=receive",
                "access.rules[1].action=request",
                "access.rules[1].stream=out");

        relay.publish("in").opened();

        assertThat(relay.request("in").refusal()).isEqualTo(FORBIDDEN);
        assertThat(relay.publish("out").refusal()).isEqualTo(FORBIDDEN);
        // Let in, but nobody publishes it.
        assertThat(relay.request("out").refusal()).isEqualTo(NOT_FOUND);
    }

    @Test
    void ruleIsForAnAddress() {
        start(
                "access.otherwise=deny",
                "access.rules[0].name=near",
                "access.rules[0].address[0]=127.0.0.1",
                "access.rules[0].address[1]=127.1.0.0/16");

        relay.publish("one").opened();
        callFrom("127.1.2.3", "#!::r=two,m=publish").opened();

        assertThat(callFrom("127.0.0.2", "#!::r=three,m=publish").refusal()).isEqualTo(FORBIDDEN);
    }

    @Test
    void ruleIsForAListener() {
        start(
                "listeners[0].name=studio",
                "listeners[1].name=public",
                "listeners[1].host=127.0.0.1",
                "listeners[1].port=0",
                "access.otherwise=deny",
                "access.rules[0].name=crew",
                "access.rules[0].listener=studio",
                "access.rules[0].action=publish",
                "access.rules[1].name=guests",
                "access.rules[1].listener=public",
                "access.rules[1].action=request");

        relay.publish("live").opened();

        relay.caller().call(relay.listener(1), "#!::r=live").opened();
        assertThat(relay.request("live").refusal()).isEqualTo(FORBIDDEN);
        assertThat(relay.caller().call(relay.listener(1), "#!::r=x,m=publish").refusal())
                .isEqualTo(FORBIDDEN);
        assertThat(relay.attempts("?listener=public&result=refused")).hasSize(1);
    }

    @Test
    void userProvesItselfByItsPassword() {
        start(
                "access.otherwise=deny",
                "access.rules[0].name=anna",
                "access.rules[0].user=anna",
                "access.rules[0].password=open sesame",
                "access.rules[1].name=crew",
                "access.rules[1].user=crew-*",
                "access.rules[1].password=of the crew");

        relay.call("#!::r=one,m=publish,u=anna,s=open sesame").opened();
        relay.call("publish:two:crew-7:of the crew").opened();

        assertThat(relay.call("#!::r=three,m=publish,u=anna,s=of the crew").refusal())
                .isEqualTo(UNAUTHORIZED);
        assertThat(relay.call("#!::r=four,m=publish,u=anna").refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(relay.call("#!::r=five,m=publish,u=bob,s=open sesame").refusal())
                .isEqualTo(FORBIDDEN);
        assertThat(attempt("three").getMap())
                .containsEntry("code", 1401)
                .containsEntry("reason", "UNAUTHORIZED")
                .containsEntry("user", "anna")
                .containsEntry("streamId", "#!::r=three,m=publish,u=anna,s=***")
                .containsEntry(
                        "advice", "the caller's password is not that of rule \"anna\": correct s= in its stream id");
        assertThat(attempt("four").getString("advice"))
                .isEqualTo("rule \"anna\" wants a password, and the caller sent none: add s=PASSWORD to its stream id");
    }

    @Test
    void passphraseThatChangesInItsFileIsThatOfTheNextCaller(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("passphrase"), "the first passphrase\n");
        start("listeners[0].passphrase=file:" + file);
        TestCall publisher =
                relay.call("#!::r=live,m=publish", "the first passphrase").opened();

        Files.writeString(file, "quite another passphrase\n");

        TestCall subscriber =
                relay.call("#!::r=live", "quite another passphrase").opened();
        assertThat(relay.call("#!::r=live", "the first passphrase").refusal()).isEqualTo(BAD_SECRET);
        publisher.publish("payload ", 0, 9);
        assertThat(subscriber.texts(10)).startsWith("payload 0").endsWith("payload 9");
        assertThat(publisher.isOpen()).isTrue();
    }

    @Test
    void passphraseOfARuleIsWantedWhateverBecameOfTheListeners(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("passphrase"), "that of the listener");
        start(
                "listeners[0].passphrase=file:" + file,
                "access.rules[0].name=anna",
                "access.rules[0].user=anna",
                "access.rules[0].passphrase=anna's passphrase");

        Files.writeString(file, "short");

        relay.call("#!::r=one,m=publish,u=anna", "anna's passphrase").opened();
        assertThat(relay.call("#!::r=two,m=publish", "that of the listener").refusal())
                .isEqualTo(2500);
    }

    @Test
    void subscribersAreLimitedByTheGrantOfTheirPublisher() {
        start(
                "access.rules[0].name=small",
                "access.rules[0].action=publish",
                "access.rules[0].stream=small",
                "access.rules[0].limits.subscribers=1");
        relay.publish("small").opened();
        relay.publish("big").opened();
        TestCall first = relay.request("small").opened();

        assertThat(relay.request("small").refusal()).isEqualTo(OVERLOAD);
        relay.request("big").opened();
        relay.request("big").opened();

        first.hangUp();
        relay.awaitStream("small", stream -> stream.getInteger("subscribers") == 0);
        relay.request("small").opened();
    }

    @Test
    void subscribersAreLimitedByTheirOwnGrant() {
        start(
                "access.rules[0].name=guests",
                "access.rules[0].action=request",
                "access.rules[0].user=guest",
                "access.rules[0].limits.subscribers=2");
        relay.publish("live").opened();
        relay.call("#!::r=live,u=guest").opened();
        relay.call("#!::r=live,u=guest").opened();

        assertThat(relay.call("#!::r=live,u=guest").refusal()).isEqualTo(OVERLOAD);
        relay.call("#!::r=live,u=crew").opened();
    }

    @Test
    void connectionEndsWithTheTimeThatItWasGranted() {
        try (LoggedLines log = new LoggedLines("io.millrace.relay.listener")) {
            start(
                    "access.rules[0].name=brief",
                    "access.rules[0].action=publish",
                    "access.rules[0].limits.durationSeconds=1");
            TestCall publisher = relay.publish("live").opened();

            publisher.ended();

            await().untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(line -> line.startsWith("publisher #1 of \"live\"")
                            && line.contains(": it was granted 1 s, and they are over; ")));
        }
    }

    @Test
    void subscriberGetsNoMoreThanTheBitRateThatItWasGranted() {
        start(
                "srt.latencyMillis=5000",
                "access.rules[0].name=slow",
                "access.rules[0].action=request",
                "access.rules[0].limits.bitRate=800000");
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();

        publisher.publish(new byte[100][1_316]);
        subscriber.received(10);
        long start = System.nanoTime();
        subscriber.received(100);

        // 90 packets of 1,316 bytes at 100,000 bytes per second.
        assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(0.9);
    }

    @Test
    void latencyIsAtLeastThatOfTheGrant() {
        start(
                "srt.latencyMillis=100",
                "access.rules[0].name=far",
                "access.rules[0].user=far",
                "access.rules[0].limits.latencyMillis=900");
        TestCall publisher = relay.call("#!::r=one,m=publish,u=far").opened();
        TestCall near = relay.publish("two").opened();
        TestCall subscriber = relay.call("#!::r=two,u=far").opened();

        assertThat(publisher.connection().negotiated().sendLatencyMillis()).isEqualTo(900);
        assertThat(near.connection().negotiated().sendLatencyMillis()).isLessThan(900);
        assertThat(subscriber.connection().negotiated().receiveLatencyMillis()).isEqualTo(900);
    }

    @Test
    void sourcesAreAskedInTheConfiguredOrder() {
        String token = token("one");
        String[] rules = {
            "access.jwt.key=" + SignedToken.SECRET,
            "access.otherwise=deny",
            "access.rules[0].name=closed",
            "access.rules[0].password=open sesame"
        };
        start(with(rules, "access.order[0]=jwt", "access.order[1]=rules", "access.order[2]=webhook"));
        relay.call("#!::r=one,m=publish,s=" + token).opened();
        relay.call("#!::r=two,m=publish,s=open sesame").opened();
        awaitAttempt("one", "source", "token of \"anna\"");
        awaitAttempt("two", "source", "rule \"closed\"");
        assertThat(relay.call("#!::r=three,m=publish,s=" + token).refusal()).isEqualTo(FORBIDDEN);

        // A rule takes the token for a wrong password.
        stop();
        start(rules);
        assertThat(relay.call("#!::r=one,m=publish,s=" + token).refusal()).isEqualTo(UNAUTHORIZED);
        assertThat(attempt("one").getString("advice")).contains("the caller's password is not that of rule \"closed\"");
    }

    @Test
    void tokenUnderAKeyOfItsOwnLeavesThePasswordItsPlace() {
        start(
                "access.jwt.key=" + SignedToken.SECRET,
                "access.jwt.streamIdKey=jwt",
                "access.otherwise=deny",
                "access.rules[0].name=anna",
                "access.rules[0].user=anna",
                "access.rules[0].password=open sesame");

        relay.call("#!::r=one,m=publish,jwt=" + token("one")).opened();
        relay.call("#!::r=two,m=publish,u=anna,s=open sesame").opened();

        assertThat(relay.call("#!::r=three,m=publish,s=" + token("three")).refusal())
                .isEqualTo(FORBIDDEN);
    }

    @Test
    void passphraseOfThePortCostsAnEncoderWithoutStreamIdNothing() {
        start(
                "limits.wrongPassphrasesPerMinute=1",
                "listeners[0].passphrase=that of the listener",
                "listeners[0].stream=live",
                "listeners[0].mode=request",
                "listeners[0].withoutStreamId[0].passphrase=first camera's",
                "listeners[0].withoutStreamId[0].stream=cam1");
        relay.call("#!::r=live,m=publish", "that of the listener").opened();

        for (int i = 0; i < 5; i++) {
            relay.call("", "that of the listener").opened();
        }
        assertThat(relay.call("", "nobody's passphrase").refusal()).isEqualTo(BAD_SECRET);
        assertThat(relay.call("", "nobody's passphrase").refusal()).isEqualTo(OVERLOAD);
    }

    private TestCall callFrom(String address, String streamId) {
        return relay.callerFrom(address).call(relay.listener(), streamId);
    }

    private static String token(String stream) {
        return SignedToken.hmac(
                "HS256", SignedToken.SECRET, new JsonObject().put("sub", "anna").put("publish", stream));
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.of(settings, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private JsonObject attempt(String stream) {
        return await().until(
                        () -> relay.attempts("").stream()
                                .filter(attempt -> stream.equals(attempt.getString("stream")))
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
    }

    private void awaitAttempt(String stream, String key, String value) {
        assertThat(attempt(stream).getString(key)).isEqualTo(value);
    }
}
