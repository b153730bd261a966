package io.millrace.relay.access;

import static io.millrace.relay.access.WebhookServer.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.relay.config.SecretReference;
import io.millrace.relay.config.WebhookConfig;
import io.millrace.relay.config.WebhookConfig.WhenDown;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessWebhookTest {
    private static final String SIGNING_SECRET = "what signs questions";
    private static final String CALLERS_SECRET = "battery staple";
    private static final int PATIENT_MILLIS = 20_000;

    private final Vertx vertx = Vertx.vertx();
    private final WebhookServer server = new WebhookServer();
    private final AtomicLong clockMillis = new AtomicLong(1_000_000);
    private LoggedLines logged;

    @BeforeEach
    void listen() {
        logged = new LoggedLines("io.millrace.relay.access");
    }

    @AfterEach
    void stop() {
        await(vertx.close());
        server.close();
        logged.close();
    }

    @Test
    void questionTellsAllThatIsKnownOfACaller() throws Exception {
        await(webhook().decide(caller(5000, CALLERS_SECRET)));

        JsonObject question = server.next().json();
        assertThat(Instant.parse((String) question.remove("time"))).isBetween(Instant.EPOCH, Instant.now());
        assertThat(UUID.fromString((String) question.remove("id"))).isNotNull();
        assertThat(question).isEqualTo(new JsonObject("""
                        {
                          "event": "access", "listener": "main", "action": "publish",
                          "stream": "live/cam7", "user": "alice", "host": null, "secret": "battery staple",
                          "keys": {"camera": "7"},
                          "address": "2001:db8::7", "port": 5000, "localAddress": "192.0.2.1", "localPort": 8890,
                          "encrypted": true, "srtVersion": "1.5.4"
                        }"""));
    }

    @Test
    void questionIsSignedWithItsTime() throws Exception {
        await(webhook().decide(caller()));

        WebhookServer.Post post = server.next();
        String timestamp = post.headers().get("X-Millrace-Timestamp");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SIGNING_SECRET.getBytes(UTF_8), "HmacSHA256"));
        mac.update((timestamp + "." + post.body()).getBytes(UTF_8));
        assertThat(post.headers().get("X-Millrace-Signature"))
                .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal()));
        assertThat(Instant.ofEpochSecond(Long.parseLong(timestamp)))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(post.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(post.request().query()).isEqualTo("token=of-the-url");
    }

    @Test
    void signatureIsWhatOthersCompute() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of mine'
        assertThat(RequestSignature.of("a secret of mine", "1700000000", "{\"a\":1}".getBytes(UTF_8)))
                .isEqualTo("sha256=a1b5dc591e1c9a3d968ea9aa944b0040f9b2596dc84414ee1ab5249b10d0f4f1");
    }

    @Test
    void questionIsNotSignedWithoutASecret() throws Exception {
        WebhookConfig config = new WebhookConfig(server.url(), null, PATIENT_MILLIS, WhenDown.DENY, 8, 256, 0);

        await(new AccessWebhook(vertx, config).decide(caller()));

        assertThat(server.next().headers().contains("X-Millrace-Signature")).isFalse();
    }

    @Test
    void answerMayGrantWithPassphraseOtherStreamAndLimits() {
        server.answers(200, """
                {"allow": true, "passphrase": "correct horse", "stream": "studio/7",
                 "limits": {"subscribers": 1, "bitRate": 2, "durationSeconds": 3, "latencyMillis": 4}}""");

        assertThat(await(webhook().decide(caller()))).isInstanceOfSatisfying(Grant.class, grant -> {
            assertThat(grant.source()).isEqualTo("webhook");
            assertThat(grant.stream()).isEqualTo("studio/7");
            assertThat(grant.passphrase()).isEqualTo(Passphrase.of("correct horse"));
            assertThat(grant.limits()).isEqualTo(new GrantLimits(1, 2, 3, 4));
        });
    }

    @Test
    void answerMayRefuseWithACodeAndAReason() {
        server.answers(200, "{\"allow\": false, \"rejectCode\": 1423, \"reason\": \"not\\nbefore noon\"}");

        assertThat(await(webhook().decide(caller())))
                .isEqualTo(new Refusal(RejectReason.LOCKED, "the webhook says: not\\u000abefore noon"));
    }

    @Test
    void answerMayLeaveItToTheNextSource() {
        server.answers(200, "{\"allow\": null}");

        assertThat(await(webhook().decide(caller()))).isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void nobodyIsAskedWithoutAUrl() {
        WebhookConfig config = new WebhookConfig(null, null, PATIENT_MILLIS, WhenDown.DENY, 8, 256, 0);

        assertThat(await(new AccessWebhook(vertx, config).decide(caller()))).isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void serverThatHangsIsGivenUpAndItsConnectionClosed() throws Exception {
        CompletableFuture<Void> connectionClosed = new CompletableFuture<>();
        server.does(post -> post.request().connection().closeHandler(connectionClosed::complete));

        AccessDecision decision = await(webhook(WhenDown.DENY, 1_000).decide(caller()));

        assertThat(decision)
                .isEqualTo(new Refusal(
                        RejectReason.DOWN, "the webhook can't be asked: there was no answer within 1000 ms"));
        connectionClosed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void serverThatDribblesIsGivenUpToo() {
        server.does(post -> {
            post.response().setChunked(true);
            vertx.setPeriodic(10, id -> post.response().write(" ").onFailure(closed -> vertx.cancelTimer(id)));
        });

        assertThat(await(webhook(WhenDown.DENY, 300).decide(caller())))
                .isEqualTo(new Refusal(
                        RejectReason.DOWN, "the webhook can't be asked: there was no answer within 300 ms"));
    }

    @Test
    void answerIsOfBoundedLength() {
        server.answers(200, "{\"allow\": true}" + " ".repeat(65_536));

        assertThat(await(webhook().decide(caller())))
                .isEqualTo(new Refusal(
                        RejectReason.DOWN, "the webhook can't be asked: its answer is longer than 65536 bytes"));
    }

    @Test
    void configurationSaysWhatBecomesOfCallersWhileItIsDown() throws Exception {
        URI nowhere = nowhere();

        assertThat(await(webhook(nowhere, WhenDown.DENY).decide(caller())))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(RejectReason.DOWN);
                    assertThat(refusal.explanation()).contains("Connection refused");
                });
        assertThat(await(webhook(nowhere, WhenDown.ALLOW).decide(caller())))
                .isInstanceOfSatisfying(Grant.class, grant -> {
                    assertThat(grant.source()).isEqualTo("webhook (down)");
                    assertThat(grant.stream()).isEqualTo("live/cam7");
                });
        assertThat(await(webhook(nowhere, WhenDown.NEXT).decide(caller()))).isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void clearNoStaysANoEvenWhereTheRestCantBeUsed() {
        server.answers(200, "{\"allow\": false, \"rejectCode\": 10}");

        assertThat(await(webhook(WhenDown.ALLOW, PATIENT_MILLIS).decide(caller())))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(RejectReason.FORBIDDEN));
    }

    @Test
    void outageAndItsEndAreLoggedOnce() {
        AccessWebhook webhook = webhook();
        server.answers(500, "");
        for (int i = 0; i < 5; i++) {
            await(webhook.decide(caller()));
        }
        clockMillis.addAndGet(2_500);
        server.answers(204, "");

        assertThat(await(webhook.decide(caller()))).isInstanceOf(Grant.class);
        await(webhook.decide(caller()));
        String name = "the webhook " + server.url().toString().replace("?token=of-the-url", "");
        assertThat(logged.lines())
                .containsExactly(
                        name + " answers with HTTP status 500; callers are refused. Failures since the last line like"
                                + " this: 1",
                        name + " works again, after 2.5 s. More failures in that time: 4");
    }

    @Test
    void keptConnectionThatTheServerClosesIsNoOutage() {
        AtomicInteger connections = new AtomicInteger();
        NetServer closing = vertx.createNetServer().connectHandler(socket -> {
            connections.incrementAndGet();
            AtomicInteger requests = new AtomicInteger();
            socket.handler(data -> {
                if (requests.incrementAndGet() == 1) {
                    socket.write("HTTP/1.1 204 No Content\r\n\r\n");
                } else {
                    socket.close();
                }
            });
        });
        int port = await(closing.listen(0, "127.0.0.1")).actualPort();
        AccessWebhook webhook = webhook(URI.create("http://127.0.0.1:" + port), WhenDown.DENY);

        assertThat(await(webhook.decide(caller()))).isInstanceOf(Grant.class);
        assertThat(await(webhook.decide(caller()))).isInstanceOf(Grant.class);
        assertThat(connections).hasValue(2);
    }

    @Test
    void connectionsAreKept() {
        AtomicInteger connections = new AtomicInteger();
        NetServer keeping = vertx.createNetServer().connectHandler(socket -> {
            connections.incrementAndGet();
            socket.handler(data -> socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
        });
        int port = await(keeping.listen(0, "127.0.0.1")).actualPort();
        AccessWebhook webhook = webhook(URI.create("http://127.0.0.1:" + port), WhenDown.DENY);

        await(webhook.decide(caller()));
        await(webhook.decide(caller()));

        assertThat(connections).hasValue(1);
    }

    @Test
    void redirectIsNotFollowed() {
        server.does(post -> post.response()
                .putHeader("Location", server.url().toString())
                .setStatusCode(307)
                .end());

        assertThat(await(webhook().decide(caller())))
                .isEqualTo(new Refusal(RejectReason.DOWN, "the webhook answers with HTTP status 307"));
        assertThat(server.unseen()).isEqualTo(1);
    }

    @Test
    void equalQuestionsShareOneRequest() throws Exception {
        server.hangs();
        AccessWebhook webhook = webhook();
        Future<AccessDecision> first = webhook.decide(caller(5000, CALLERS_SECRET));
        Future<AccessDecision> again = webhook.decide(caller(5001, CALLERS_SECRET));
        Future<AccessDecision> other = webhook.decide(caller(5000, "another secret"));

        // Questions go out in the order in which they were put: after these two there is no third to come.
        List<WebhookServer.Post> posts = List.of(server.next(), server.next());
        posts.forEach(post -> post.answer(
                200, "{\"allow\": " + CALLERS_SECRET.equals(post.json().getString("secret")) + "}"));

        assertThat(await(first)).isInstanceOf(Grant.class);
        assertThat(await(again)).isSameAs(await(first));
        assertThat(await(other)).isInstanceOf(Refusal.class);
        assertThat(server.unseen()).isZero();
    }

    @Test
    void questionIsAskedAgainOnceItWasAnswered() throws Exception {
        AccessWebhook webhook = webhook();

        await(webhook.decide(caller()));
        await(webhook.decide(caller()));

        assertThat(server.next().json().getString("id"))
                .isNotEqualTo(server.next().json().getString("id"));
    }

    @Test
    void answerHoldsAsLongAsItSays() throws Exception {
        AccessWebhook webhook = webhook();
        server.answers(200, "{\"allow\": true, \"ttlSeconds\": 10}");
        AccessDecision first = await(webhook.decide(caller(5000, CALLERS_SECRET)));
        server.next();
        server.answers(403, "");

        clockMillis.addAndGet(9_999);
        assertThat(await(webhook.decide(caller(5001, CALLERS_SECRET)))).isSameAs(first);
        assertThat(await(webhook.decide(caller(5000, "another secret")))).isInstanceOf(Refusal.class);
        server.next();
        clockMillis.addAndGet(1);
        assertThat(await(webhook.decide(caller(5001, CALLERS_SECRET)))).isInstanceOf(Refusal.class);
        server.next();
        assertThat(server.unseen()).isZero();
    }

    @Test
    void configurationSaysHowLongAnAnswerHoldsThatDoesNotSaySo() {
        WebhookConfig config = new WebhookConfig(server.url(), null, PATIENT_MILLIS, WhenDown.DENY, 8, 256, 5);
        AccessWebhook webhook = new AccessWebhook(vertx, config, clockMillis::get);

        await(webhook.decide(caller()));
        clockMillis.addAndGet(4_999);
        await(webhook.decide(caller()));
        assertThat(server.unseen()).isEqualTo(1);
        clockMillis.addAndGet(1);
        await(webhook.decide(caller()));
        assertThat(server.unseen()).isEqualTo(2);
    }

    @Test
    void questionsBeyondTheQueueAreRefusedAtOnce() throws Exception {
        server.hangs();
        WebhookConfig config = new WebhookConfig(server.url(), null, PATIENT_MILLIS, WhenDown.ALLOW, 1, 1, 0);
        AccessWebhook webhook = new AccessWebhook(vertx, config);
        Future<AccessDecision> first = webhook.decide(caller(5000, "one"));
        Future<AccessDecision> queued = webhook.decide(caller(5000, "two"));

        assertThat(await(webhook.decide(caller(5000, "three"))))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(RejectReason.OVERLOAD));

        server.next().answer(204, "");
        assertThat(await(first)).isInstanceOf(Grant.class);
        server.next().answer(204, "");
        assertThat(await(queued)).isInstanceOf(Grant.class);
    }

    @Test
    void connectionsAreUsableAgainAfterQuestionsThatTimedOut() throws Exception {
        server.hangs();
        WebhookConfig config = new WebhookConfig(server.url(), null, 200, WhenDown.DENY, 1, 1, 0);
        AccessWebhook webhook = new AccessWebhook(vertx, config);
        await(Future.join(webhook.decide(caller(5000, "one")), webhook.decide(caller(5000, "two"))));

        server.answers(204, "");

        // Not at once on a slow machine, where an answer takes longer than this test's timeout.
        Awaitility.await().until(() -> await(webhook.decide(caller())) instanceof Grant);
    }

    @Test
    void certificateThatNobodyTrustsIsAnOutage() throws Exception {
        try (ServerSocket socket = TlsWithoutTrust.listen()) {
            AccessWebhook webhook =
                    webhook(URI.create("https://localhost:" + socket.getLocalPort() + "/"), WhenDown.DENY);

            assertThat(await(webhook.decide(caller())))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.explanation())
                                    .contains("unable to find valid certification path"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"allow\": false, \"reason\": \"battery staple is no password\"}",
                "200 | {\"allow\": true, \"passphrase\": \"battery staple\", \"stream\": 5}",
                "200 | {\"allow\": true, \"passphrase\": \"battery staple",
                "200 | battery staple",
                "500 | battery staple",
            })
    void noSecretIsLoggedOrInADecision(int status, String answer) {
        server.answers(status, answer);

        AccessDecision decision = await(webhook().decide(caller()));

        assertThat(decision).isInstanceOf(Refusal.class);
        assertThat(decision.toString()).doesNotContain("staple");
        assertThat(logged.lines()).noneMatch(line -> line.contains("staple") || line.contains("token"));
        assertThat(logged.lines()).noneMatch(line -> line.contains(SIGNING_SECRET));
    }

    @Test
    void whoAsksAfterTheEndIsRefused() {
        AccessWebhook webhook = webhook();

        await(webhook.close());

        assertThat(await(webhook.decide(caller()))).isEqualTo(new Refusal(RejectReason.CLOSE, "the relay stops"));
    }

    @Test
    void whoWaitsAtTheEndGetsAnAnswerAtOnce() throws Exception {
        server.hangs();
        AccessWebhook webhook = webhook();
        Future<AccessDecision> waiting = webhook.decide(caller());
        server.next();

        await(webhook.close());

        assertThat(waiting.toCompletionStage().toCompletableFuture())
                .succeedsWithin(Duration.ofMillis(PATIENT_MILLIS / 2))
                .isInstanceOf(Refusal.class);
        assertThat(logged.lines()).isEmpty();
    }

    private AccessWebhook webhook() {
        return webhook(WhenDown.DENY, PATIENT_MILLIS);
    }

    private AccessWebhook webhook(WhenDown whenDown, int timeoutMillis) {
        SecretReference secret = SecretReference.of(SIGNING_SECRET);
        WebhookConfig config = new WebhookConfig(server.url(), secret, timeoutMillis, whenDown, 8, 256, 0);
        return new AccessWebhook(vertx, config, clockMillis::get);
    }

    private AccessWebhook webhook(URI url, WhenDown whenDown) {
        return new AccessWebhook(vertx, new WebhookConfig(url, null, PATIENT_MILLIS, whenDown, 8, 256, 0));
    }

    private static AccessRequest caller() {
        return caller(5000, CALLERS_SECRET);
    }

    private static AccessRequest caller(int port, String secret) {
        try {
            return new AccessRequest(
                    "main",
                    new StreamRequest("live/cam7", Mode.PUBLISH, "alice", null, secret, Map.of("camera", "7")),
                    new InetSocketAddress(InetAddress.getByName("2001:db8::7"), port),
                    new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 8890),
                    true,
                    "1.5.4");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URI nowhere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
    }
}
