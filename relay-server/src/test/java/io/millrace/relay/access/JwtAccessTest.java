package io.millrace.relay.access;

import static io.millrace.relay.access.SignedToken.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.JoinMode;
import io.millrace.relay.config.JwtAlgorithm;
import io.millrace.relay.config.JwtConfig;
import io.millrace.relay.config.SecretReference;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens checked with a key that stands in the configuration. */
@Timeout(60)
class JwtAccessTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final JsonObject PUBLISH_LIVE = new JsonObject("{\"publish\": [\"live\"]}");

    private static Vertx vertx;
    private static KeyPair rsa;
    private static KeyPair p256;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        rsa = SignedToken.rsa(2048);
        p256 = SignedToken.ec(256);
    }

    @AfterAll
    static void stop() {
        TestRequests.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void tokenSignedWithTheSecretIsAccepted(String algorithm) {
        assertGranted(publish(withKey(SECRET), SignedToken.hmac(algorithm, SECRET, PUBLISH_LIVE)));
    }

    @Test
    void tokenSignedWithThePrivateKeyIsAccepted() {
        KeyPair p384 = SignedToken.ec(384);
        KeyPair ed25519 = SignedToken.ed25519();

        assertGranted(publish(
                withKey(SignedToken.pem(p256.getPublic())), SignedToken.of("ES256", p256.getPrivate(), PUBLISH_LIVE)));
        assertGranted(publish(
                withKey(SignedToken.pem(p384.getPublic())), SignedToken.of("ES384", p384.getPrivate(), PUBLISH_LIVE)));
        assertGranted(publish(
                withKey(SignedToken.pem(ed25519.getPublic())),
                SignedToken.of("EdDSA", ed25519.getPrivate(), PUBLISH_LIVE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void tokenSignedWithTheRsaKeyIsAccepted(String algorithm) {
        assertGranted(decideFor(
                withKey(SignedToken.pem(rsa.getPublic())), SignedToken.of(algorithm, rsa.getPrivate(), PUBLISH_LIVE)));
    }

    @Test
    void tokenOfAnEcKeyFitsAStreamId() {
        String token = SignedToken.of("ES256", p256.getPrivate(), PUBLISH_LIVE);

        assertGranted(
                TestRequests.decision(withKey(SignedToken.pem(p256.getPublic())), "#!::r=live,m=publish,s=" + token));
    }

    @Test
    void callerWithoutATokenIsNoneOfItsBusiness() {
        JwtAccess access = withKey(SECRET);

        for (String secret :
                List.of("password", "a.b.c", "correct.horse.battery", "ey.ey.ey", "e30.e30", "..", "WzFd.e30.x")) {
            assertThat(publish(access, secret)).as(secret).isEqualTo(NoOpinion.NO_OPINION);
        }
        assertThat(TestRequests.decision(access, "#!::r=live,m=publish")).isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void withoutAKeyTokensAreNotLookedAt() {
        JwtAccess access = JwtAccess.start(vertx, config(null, null, null, null));

        assertThat(publish(access, SignedToken.hmac("HS256", SECRET, PUBLISH_LIVE)))
                .isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void unsignedTokenIsRefused() {
        assertRefused(publish(withKey(SECRET), SignedToken.unsigned(PUBLISH_LIVE)), "the token is not signed");
        assertRefused(
                publish(withKey(SECRET), SignedToken.unsigned(PUBLISH_LIVE) + "AAAA"),
                "the token's algorithm \"none\" is none of access.jwt.algorithms");
        assertThat(publish(withKey(SECRET), SignedToken.unsigned(PUBLISH_LIVE).replaceAll("\\.$", "")))
                .as("two parts")
                .isEqualTo(NoOpinion.NO_OPINION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "NONE", "hs256", "HS1", ""})
    void algorithmIsTakenToTheLetter(String algorithm) {
        String token = SignedToken.hmac("HS256", SECRET, PUBLISH_LIVE);
        String header = SignedToken.base64(
                new JsonObject().put("alg", algorithm).encode().getBytes(UTF_8));

        assertRefused(
                publish(withKey(SECRET), header + token.substring(token.indexOf('.'))),
                "the token's algorithm \"" + algorithm + "\" is none of access.jwt.algorithms");
    }

    @Test
    void publicKeyIsNeverASharedSecret() {
        String pem = SignedToken.pem(rsa.getPublic());
        for (String secret : List.of(pem, pem.strip(), pem.replace("\r\n", "\n"))) {
            assertRefused(
                    publish(withKey(pem), SignedToken.hmac("HS256", secret, PUBLISH_LIVE)),
                    "there is no key for the token's algorithm HS256");
        }
    }

    @Test
    void whatLooksLikeAPublicKeyIsNeverASharedSecret() {
        String broken = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----";

        assertRefused(
                publish(withKey(broken), SignedToken.hmac("HS256", broken, PUBLISH_LIVE)),
                "there is no key for the token's algorithm HS256");
    }

    @Test
    void algorithmThatIsNotAllowedIsRefused() {
        JwtConfig config =
                new JwtConfig(null, 300, SecretReference.of(SECRET), List.of(JwtAlgorithm.HS512), null, null, 30, null);

        assertRefused(
                publish(access(config), SignedToken.hmac("HS256", SECRET, PUBLISH_LIVE)),
                "the token's algorithm \"HS256\" is none of access.jwt.algorithms");
    }

    @Test
    void tokenOfAnotherKeyOrChangedIsRefused() {
        String wrong = "the token's signature is wrong: it was signed with another key, or changed";
        String token = SignedToken.hmac("HS256", SECRET, PUBLISH_LIVE);
        String[] parts = token.split("\\.");
        String everything = SignedToken.base64("{\"publish\":\"**\"}".getBytes(UTF_8));

        assertRefused(publish(withKey(SECRET), SignedToken.hmac("HS256", SECRET + "0", PUBLISH_LIVE)), wrong);
        assertRefused(publish(withKey(SECRET), parts[0] + '.' + everything + '.' + parts[2]), wrong);
        assertRefused(publish(withKey(SECRET), parts[0] + '.' + parts[1] + '.'), "the token is not signed");
        assertRefused(publish(withKey(SECRET), token.substring(0, token.length() - 4)), wrong);
    }

    @Test
    void signatureThatIsNoneIsRefused() {
        String token = SignedToken.of("ES256", p256.getPrivate(), PUBLISH_LIVE);
        String signed = token.substring(0, token.lastIndexOf('.') + 1);
        JwtAccess access = withKey(SignedToken.pem(p256.getPublic()));

        for (int bytes : new int[] {1, 2, 63, 64, 65, 100}) {
            assertThat(publish(access, signed + SignedToken.base64(new byte[bytes])))
                    .as("%s zero bytes", bytes)
                    .isInstanceOf(Refusal.class);
        }
    }

    @Test
    void expiredTokenIsRefusedAfterTheLeeway() {
        JwtAccess access = withKey(SECRET);

        assertRefused(
                publish(access, with("exp", NOW.getEpochSecond() - 30)),
                "the token expired at 2026-03-01T11:59:30Z: get a new one");
        assertGranted(publish(access, with("exp", NOW.getEpochSecond() - 29)));
        assertGranted(publish(access, with("exp", NOW.getEpochSecond() + 0.5)));
        assertRefused(publish(access, with("exp", -1e300)), "the token expired at 1970-01-01T00:00:00Z: get a new one");
    }

    @Test
    void tokenIsRefusedBeforeItIsValid() {
        JwtAccess access = withKey(SECRET);

        assertRefused(
                publish(access, with("nbf", NOW.getEpochSecond() + 31)),
                "the token is not valid before 2026-03-01T12:00:31Z: wait, or set the clocks");
        assertGranted(publish(access, with("nbf", NOW.getEpochSecond() + 30)));
    }

    @Test
    void issuerAndAudienceMustBeTheConfiguredOnes() {
        JwtAccess access = access(config(SECRET, "me", "relay", null));

        assertRefused(
                publish(access, with("aud", "relay")), "the token has another issuer than access.jwt.issuer: none");
        assertRefused(
                publish(access, claims("iss", "me").put("aud", "shop")),
                "the token is for another audience than access.jwt.audience: \"shop\"");
        assertRefused(
                publish(access, claims("iss", "me").put("aud", new JsonArray().add("shop"))),
                "the token is for another audience than access.jwt.audience: \"[\"shop\"]\"");
        assertGranted(publish(access, claims("iss", "me").put("aud", "relay")));
        assertGranted(publish(
                access,
                claims("iss", "me").put("aud", new JsonArray().add("shop").add("relay"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish | cam1    | {'publish':['cam1']}",
                "publish | cam1    | {'publish':'cam1'}",
                "publish | cam1    | {'publish':['other','cam*']}",
                "publish | live/a  | {'publish':'live/*'}",
                "publish | live/a/b| {'publish':'live/**'}",
                "publish | live/a/b| {'publish':'**'}",
                "request | cam1    | {'request':'cam1'}",
                "request | cam1    | {'read':['cam1']}",
                "publish | cam1    | {'mediamtx_permissions':[{'action':'publish','path':'cam*'}]}",
                "request | cam1    | {'mediamtx_permissions':[{'action':'read','path':''}]}",
                "request | a/b     | {'mediamtx_permissions':[{'action':'read'}]}",
            })
    void claimsPermit(String action, String stream, String claims) {
        assertGranted(decide(action, stream, claims));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish | cam1    | {}",
                "publish | cam1    | {'request':'**'}",
                "request | cam1    | {'publish':'**'}",
                "publish | cam1    | {'publish':true}",
                "publish | cam1    | {'publish':[1,null,{}]}",
                "publish | cam12   | {'publish':'cam1'}",
                "publish | live/a/b| {'publish':'live/*'}",
                "publish | cam1    | {'mediamtx_permissions':[{'action':'read','path':''}]}",
                "publish | cam1    | {'mediamtx_permissions':{'action':'publish'}}",
                "publish | cam1    | {'mediamtx_permissions':[7,{'action':'publish','path':7}]}",
            })
    void claimsForbid(String action, String stream, String claims) {
        AccessDecision decision = decide(action, stream, claims);

        assertThat(decision).isInstanceOf(Refusal.class);
        assertThat(((Refusal) decision).reason()).isEqualTo(RejectReason.FORBIDDEN);
    }

    @Test
    void refusalNamesWhatIsMissing() {
        assertThat(((Refusal) decide("publish", "cam1", "{}")).explanation())
                .isEqualTo("the token permits to publish nothing: it needs a claim \"publish\" with a list of streams");
        assertThat(((Refusal) decide("request", "cam1", "{'request':'cam2'}")).explanation())
                .isEqualTo("the token doesn't permit to request \"cam1\": its claim lists other streams");
    }

    @Test
    void claimsCarryLimitsAndThePassphrase() {
        AccessDecision decision = decide(
                "publish",
                "cam1",
                "{'publish':'cam1','sub':'alice','passphrase':'correct horse','subscribers':2,'bitRate':5000000000,"
                        + "'durationSeconds':60,'latencyMillis':400,'join':'live'}");

        Grant grant = (Grant) decision;
        assertThat(grant.source()).isEqualTo("token of \"alice\"");
        assertThat(grant.stream()).isEqualTo("cam1");
        assertThat(grant.passphrase()).isEqualTo(Passphrase.of("correct horse"));
        assertThat(grant.join()).isEqualTo(JoinMode.LIVE);
        assertThat(grant.limits()).isEqualTo(new GrantLimits(2, 5_000_000_000L, 60, 400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'passphrase':'short'",
                "'passphrase':7",
                "'join':'soon'",
                "'bitRate':-1",
                "'bitRate':'fast'",
                "'bitRate':1.5",
                "'bitRate':99999999999999999999",
                "'latencyMillis':60001",
                "'subscribers':4294967296",
            })
    void limitThatIsNoneIsRefusedRatherThanForgotten(String claim) {
        AccessDecision decision = decide("publish", "cam1", "{'publish':'cam1'," + claim + '}');

        assertThat(decision).isInstanceOf(Refusal.class);
        assertThat(((Refusal) decision).reason()).isEqualTo(RejectReason.UNAUTHORIZED);
        assertThat(((Refusal) decision).explanation()).startsWith("the token's claim ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                            | {}            | names no algorithm",
                "{'alg':7}                     | {}            | names no algorithm",
                "{'alg':'HS256','crit':['b64']}| {}            | asks for an extension that is not supported",
                "{'alg':'HS256','kid':7}       | {}            | has a key id that is no text",
                "{'alg':'HS256'}               | []            | holds no claims that can be read",
                "{'alg':'HS256'}               | {'exp':'soon'}| has a claim exp that is no number",
                "{'alg':'HS256'}               | {'exp':null}  | has a claim exp that is no number",
            })
    void tokenThatIsNoneIsRefused(String header, String claims, String explanation) {
        String token = base64(header) + '.' + base64(claims) + ".AAAA";

        assertRefused(publish(withKey(SECRET), token), "the token " + explanation);
    }

    @Test
    void tokenMayHaveAKeyOfItsOwnInTheStreamId() {
        String token = SignedToken.hmac("HS256", SECRET, PUBLISH_LIVE);
        JwtAccess own = access(config(SECRET, null, null, "jwt"));
        JwtAccess usual = access(config(SECRET, null, null, "token"));

        assertGranted(TestRequests.decision(own, "#!::r=live,m=publish,s=password,jwt=" + token));
        assertThat(TestRequests.decision(own, "#!::r=live,m=publish,s=" + token))
                .isEqualTo(NoOpinion.NO_OPINION);
        assertGranted(TestRequests.decision(usual, "#!::r=live,m=publish,s=password,token=" + token));
        assertGranted(TestRequests.decision(usual, "#!::r=live,m=publish,token=" + token));
    }

    @Test
    void tokenIsFoundInTheOtherWaysOfWritingAStreamId() {
        String token = SignedToken.hmac("HS256", SECRET, PUBLISH_LIVE);
        JwtAccess access = withKey(SECRET);

        for (String streamId : List.of(
                "publish:live:" + token,
                "publish:live:user:" + token,
                "live,mode:publish,token:" + token,
                "publish:live:token=" + token)) {
            assertGranted(TestRequests.decision(access, streamId));
        }
    }

    @Test
    void keyInAFileIsReadAgain() throws Exception {
        Path file = Files.writeString(directory.resolve("key.pem"), SignedToken.pem(p256.getPublic()));
        JwtAccess access = withKey("file:" + file);
        KeyPair next = SignedToken.ec(256);
        String token = SignedToken.of("ES256", next.getPrivate(), PUBLISH_LIVE);

        assertThat(publish(access, token)).isInstanceOf(Refusal.class);
        Files.writeString(file, SignedToken.pem(next.getPublic()) + "\n");
        assertGranted(publish(access, token));
    }

    @Test
    void nothingThatIsPrintedHoldsTheToken() throws Exception {
        String token = SignedToken.hmac("HS256", SECRET, new JsonObject().put("passphrase", "correct horse"));
        JsonWebToken parsed = JsonWebToken.parse(token);

        assertThat(parsed).isNotNull();
        assertThat(parsed + " " + new TokenClaims(parsed.claims()))
                .doesNotContain(token.substring(0, 10), "correct horse", token.substring(token.length() - 10));
    }

    private static AccessDecision decide(String action, String stream, String claims) {
        String token = SignedToken.hmac("HS256", SECRET, new JsonObject(claims.replace('\'', '"')));
        return TestRequests.decision(withKey(SECRET), "#!::r=" + stream + ",m=" + action + ",s=" + token);
    }

    private static String with(String claim, Object value) {
        return SignedToken.hmac("HS256", SECRET, claims(claim, value));
    }

    private static JsonObject claims(String claim, Object value) {
        return PUBLISH_LIVE.copy().put(claim, value);
    }

    private static AccessDecision publish(JwtAccess access, JsonObject claims) {
        return publish(access, SignedToken.hmac("HS256", SECRET, claims));
    }

    private static AccessDecision publish(JwtAccess access, String token) {
        return TestRequests.decision(access, "#!::r=live,m=publish,s=" + token);
    }

    /** Past the stream id's 512 bytes, which a token of RSA may not fit. */
    private static AccessDecision decideFor(JwtAccess access, String token) {
        AccessRequest request = TestRequests.request("#!::r=live,m=publish");
        return TestRequests.await(access.decide(TestRequests.withSecret(request, token)));
    }

    private static JwtAccess withKey(String key) {
        return access(config(key, null, null, null));
    }

    private static JwtAccess access(JwtConfig config) {
        return new JwtAccess(vertx, config, new ConfiguredKey(vertx, config.key(), config.algorithms()), () -> NOW);
    }

    private static JwtConfig config(String key, String issuer, String audience, String streamIdKey) {
        return new JwtConfig(
                null,
                300,
                key == null ? null : SecretReference.of(key),
                List.of(JwtAlgorithm.values()),
                issuer,
                audience,
                30,
                streamIdKey);
    }

    private static String base64(String json) {
        return SignedToken.base64(json.replace('\'', '"').getBytes(UTF_8));
    }

    private static void assertGranted(AccessDecision decision) {
        assertThat(decision).isInstanceOf(Grant.class);
    }

    private static void assertRefused(AccessDecision decision, String explanation) {
        assertThat(decision).isEqualTo(new Refusal(RejectReason.UNAUTHORIZED, explanation));
    }
}
