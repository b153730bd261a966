package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.config.JwtAlgorithm;
import io.millrace.relay.config.JwtConfig;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.KeyPair;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens checked with the keys that an issuer publishes. */
@Timeout(60)
class PublishedKeysTest {
    private static final JsonObject CLAIMS = new JsonObject("{\"publish\": \"live\"}");
    private static final long NEVER_MILLIS = 86_400_000;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong nowMillis = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private final LoggedLines log = new LoggedLines(PublishedKeys.class.getName());
    private final KeyPair first = SignedToken.ec(256);
    private final KeyPair second = SignedToken.ec(256);
    private volatile Consumer<HttpServerRequest> answer = request -> {};
    private HttpServer issuer;
    private JwtAccess access;

    @BeforeEach
    void start() {
        issuer = TestRequests.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    fetches.incrementAndGet();
                    answer.accept(request);
                })
                .listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() {
        access.close();
        log.close();
        TestRequests.await(vertx.close());
    }

    @Test
    void tokenOfAPublishedKeyIsAccepted() {
        KeyPair rsa = SignedToken.rsa(2048);
        KeyPair ed25519 = SignedToken.ed25519();
        publish(
                SignedToken.jwk("a", first.getPublic()),
                SignedToken.jwk("b", rsa.getPublic()),
                SignedToken.jwk("c", ed25519.getPublic()));
        access = started();

        assertThat(decision(access, SignedToken.of("ES256", "a", first.getPrivate(), CLAIMS)))
                .isInstanceOf(Grant.class);
        assertThat(decision(access, SignedToken.of("ES256", first.getPrivate(), CLAIMS)))
                .isInstanceOf(Grant.class);
        for (String algorithm : List.of("RS256", "RS512", "PS256")) {
            assertThat(decision(access, SignedToken.of(algorithm, "b", rsa.getPrivate(), CLAIMS)))
                    .as(algorithm)
                    .isInstanceOf(Grant.class);
        }
        assertThat(decision(access, SignedToken.of("EdDSA", "c", ed25519.getPrivate(), CLAIMS)))
                .isInstanceOf(Grant.class);
    }

    @Test
    void keyIdMustBeThatOfTheKey() {
        publish(SignedToken.jwk("a", first.getPublic()), SignedToken.jwk("b", second.getPublic()));

        assertRefused(
                decision(started(), SignedToken.of("ES256", "b", first.getPrivate(), CLAIMS)),
                "the token's signature is wrong: it was signed with another key, or changed");
    }

    @Test
    void newKeyIsFoundWhenATokenNamesIt() {
        publish(SignedToken.jwk("a", first.getPublic()));
        access = started();
        publish(SignedToken.jwk("b", second.getPublic()));
        nowMillis.addAndGet(PublishedKeys.MIN_INTERVAL_MILLIS);

        assertThat(decision(access, SignedToken.of("ES256", "b", second.getPrivate(), CLAIMS)))
                .isInstanceOf(Grant.class);
        assertThat(decision(access, SignedToken.of("ES256", "a", first.getPrivate(), CLAIMS)))
                .as("a withdrawn key")
                .isInstanceOf(Refusal.class);
    }

    @Test
    void unknownKeysCauseOneFetchInTenSeconds() {
        publish(SignedToken.jwk("a", first.getPublic()));
        access = started();

        for (int i = 0; i < 20; i++) {
            assertRefused(
                    decision(access, SignedToken.of("ES256", "x" + i, second.getPrivate(), CLAIMS)),
                    "the token's key id \"x" + i + "\" is not in the key set with the algorithm ES256");
        }
        assertThat(fetches).hasValue(1);
        nowMillis.addAndGet(PublishedKeys.MIN_INTERVAL_MILLIS);
        for (int i = 0; i < 20; i++) {
            decision(access, SignedToken.of("ES256", "x" + i, second.getPrivate(), CLAIMS));
        }
        assertThat(fetches).hasValue(2);
    }

    @Test
    void keySetIsFetchedAgainByItself() {
        publish(SignedToken.jwk("a", first.getPublic()));
        access = started(20);
        publish(SignedToken.jwk("a", second.getPublic()));

        String token = SignedToken.of("ES256", "a", second.getPrivate(), CLAIMS);
        await().until(() -> decision(access, token) instanceof Grant);
    }

    @Test
    void lastKeySetCountsWhileTheIssuerIsDownWhichIsLoggedOnce() {
        publish(SignedToken.jwk("a", first.getPublic()));
        access = started(20);
        String token = SignedToken.of("ES256", "a", first.getPrivate(), CLAIMS);
        int before = fetches.get();
        answer = request -> request.response().setStatusCode(503).end();

        await().until(() -> fetches.get() > before + 3);
        assertThat(decision(access, token)).isInstanceOf(Grant.class);
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("can't fetch"))
                .hasSize(1);

        publish(SignedToken.jwk("a", first.getPublic()));
        await().until(() -> log.lines().stream()
                        .filter(line -> line.startsWith("fetched the key set"))
                        .count()
                == 2);
    }

    @Test
    void withoutAnyKeySetTokensAreRefusedAndOthersAreNot() {
        answer = request -> request.response().setStatusCode(500).end();
        access = started();

        AccessDecision decision = decision(access, SignedToken.of("ES256", "a", first.getPrivate(), CLAIMS));

        assertThat(((Refusal) decision).reason()).isEqualTo(RejectReason.FAILED_DEPENDENCY);
        assertThat(decision(access, "password")).isEqualTo(NoOpinion.NO_OPINION);
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("status 500", "tokens are refused")
                .doesNotContain("of-the-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"keys\": {}}", "not json", "{\"keys\": ["})
    void answerThatIsNoKeySetIsNotTakenForOne(String json) {
        publish(SignedToken.jwk("a", first.getPublic()));
        access = started(20);
        int before = fetches.get();
        answer = request -> request.response().end(json);

        await().until(() -> fetches.get() > before + 2);
        assertThat(decision(access, SignedToken.of("ES256", "a", first.getPrivate(), CLAIMS)))
                .isInstanceOf(Grant.class);
        assertThat(log.lines()).anyMatch(line -> line.contains("its answer is no key set"));
    }

    @Test
    void answerThatIsTooLongIsCutOff() {
        answer = request -> request.response().end(" ".repeat(PublishedKeys.MAX_BYTES + 1));
        started();

        assertThat(log.lines()).singleElement().asString().contains("more than 262144 bytes");
    }

    @Test
    void keysThatAreNotForSignaturesAreLeftOut() {
        KeyPair short1024 = SignedToken.rsa(1024);
        publish(
                SignedToken.jwk("enc", first.getPublic()).put("use", "enc"),
                SignedToken.jwk("ops", first.getPublic()).put("key_ops", new JsonArray().add("encrypt")),
                SignedToken.jwk("alg", first.getPublic()).put("alg", "ES384"),
                SignedToken.jwk("x", first.getPublic()).put("x", "!!!"),
                SignedToken.jwk("kid", first.getPublic()).put("kid", 7),
                SignedToken.jwk("short", short1024.getPublic()),
                new JsonObject().put("kty", "oct").put("kid", "oct").put("k", "c2VjcmV0"),
                new JsonObject().put("kty", 5),
                SignedToken.jwk("good", second.getPublic()).put("x5c", new JsonArray().add("rubbish")));
        access = started();

        for (String id : List.of("enc", "ops", "alg", "x", "kid")) {
            assertThat(decision(access, SignedToken.of("ES256", id, first.getPrivate(), CLAIMS)))
                    .as(id)
                    .isInstanceOf(Refusal.class);
        }
        assertThat(decision(access, SignedToken.of("RS256", "short", short1024.getPrivate(), CLAIMS)))
                .isInstanceOf(Refusal.class);
        JsonObject header = new JsonObject().put("alg", "HS256").put("kid", "oct");
        assertThat(decision(access, SignedToken.hmac(header, "secret", CLAIMS))).isInstanceOf(Refusal.class);
        assertThat(decision(access, SignedToken.of("ES256", "good", second.getPrivate(), CLAIMS)))
                .isInstanceOf(Grant.class);
    }

    @Test
    void keyThatIsBrokenOpensNothingToATokenWithoutASignature() {
        publish(SignedToken.jwk("broken", first.getPublic()).put("x", "!!!"));
        access = started();
        String token = SignedToken.of("ES256", "broken", first.getPrivate(), CLAIMS);
        String unsigned = token.substring(0, token.lastIndexOf('.') + 1);

        assertThat(decision(access, unsigned)).isInstanceOf(Refusal.class);
        assertRefused(
                decision(access, token),
                "the token's key id \"broken\" is not in the key set with the algorithm ES256");
    }

    @Test
    void emptyKeySetWithdrawsEveryKey() {
        publish(SignedToken.jwk("a", first.getPublic()));
        access = started(20);
        publish();

        String token = SignedToken.of("ES256", "a", first.getPrivate(), CLAIMS);
        await().until(() -> decision(access, token) instanceof Refusal);
        assertRefused(
                decision(access, SignedToken.of("ES256", first.getPrivate(), CLAIMS)),
                "there is no key for the token's algorithm ES256");
    }

    private void publish(JsonObject... keys) {
        String json = new JsonObject().put("keys", new JsonArray(List.of(keys))).encode();
        answer = request -> request.response().end(json);
    }

    private JwtAccess started() {
        return started(NEVER_MILLIS);
    }

    private JwtAccess started(long refreshMillis) {
        URI url = URI.create("http://127.0.0.1:" + issuer.actualPort() + "/keys?token=of-the-url");
        List<JwtAlgorithm> algorithms = List.of(JwtAlgorithm.values());
        PublishedKeys keys = new PublishedKeys(vertx, url, algorithms, refreshMillis, nowMillis::get);
        TestRequests.await(keys.start());
        JwtConfig config = new JwtConfig(url, 300, null, algorithms, null, null, 30, null);
        access = new JwtAccess(vertx, config, keys, Clock.systemUTC());
        return access;
    }

    private static AccessDecision decision(JwtAccess access, String token) {
        AccessRequest request = TestRequests.request("#!::r=live,m=publish");
        return TestRequests.await(access.decide(TestRequests.withSecret(request, token)));
    }

    private static void assertRefused(AccessDecision decision, String explanation) {
        assertThat(decision).isEqualTo(new Refusal(RejectReason.UNAUTHORIZED, explanation));
    }
}
