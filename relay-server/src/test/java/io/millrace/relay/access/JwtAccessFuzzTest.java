package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.relay.config.JwtAlgorithm;
import io.millrace.relay.config.JwtConfig;
import io.millrace.relay.config.SecretReference;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class JwtAccessFuzzTest {
    private static Vertx vertx;
    private static JwtAccess access;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        JwtConfig config = new JwtConfig(
                null,
                300,
                SecretReference.of(SignedToken.SECRET),
                List.of(JwtAlgorithm.values()),
                null,
                null,
                30,
                null);
        access = new JwtAccess(
                vertx,
                config,
                new ConfiguredKey(vertx, config.key(), config.algorithms()),
                () -> Instant.parse("2026-03-01T12:00:00Z"));
    }

    @AfterAll
    static void stop() {
        TestRequests.await(vertx.close());
    }

    @FuzzTest(maxDuration = "5s")
    void noTextThatTheIssuerDidNotSignLetsAnybodyIn(FuzzedDataProvider data) {
        String header = data.consumeString(80);
        String claims = data.consumeString(200);
        String rest = data.consumeRemainingAsString();

        checked(rest);
        checked(base64(header) + '.' + base64(claims) + '.' + base64(rest));
        checked(header + '.' + claims + '.' + rest);
    }

    @FuzzTest(maxDuration = "5s")
    void anySignedClaimsAreAGrantOrARefusal(byte[] claims) {
        JsonObject json;
        try {
            json = new JsonObject(new String(claims, UTF_8));
        } catch (DecodeException e) {
            return;
        }
        AccessDecision decision = decision(SignedToken.hmac("HS256", SignedToken.SECRET, json));

        assertThat(decision).isNotEqualTo(NoOpinion.NO_OPINION);
        assertPrintable(decision);
    }

    private static void checked(String token) {
        AccessDecision decision = decision(token);

        assertThat(decision).isNotInstanceOf(Grant.class);
        assertPrintable(decision);
    }

    private static void assertPrintable(AccessDecision decision) {
        if (decision instanceof Refusal refusal) {
            assertThat(refusal.explanation()).hasSizeLessThan(300).doesNotContainPattern("\\p{Cntrl}");
        }
    }

    private static AccessDecision decision(String token) {
        AccessRequest request = TestRequests.request("#!::r=live,m=publish");
        return TestRequests.await(access.decide(TestRequests.withSecret(request, token)));
    }

    private static String base64(String text) {
        return SignedToken.base64(text.getBytes(UTF_8));
    }
}
