package io.millrace.relay.access;

import io.millrace.relay.access.JsonWebToken.MalformedTokenException;
import io.millrace.relay.config.JwtAlgorithm;
import io.millrace.relay.config.JwtConfig;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides by tokens (JWT) that callers bring along in their stream id. Has no opinion about those who bring none. What a
 * token may say: {@link TokenClaims}.
 *
 * <p>A stream id holds 512 bytes. Of a token's, a signature takes 43 (HS256), 86 (ES256, EdDSA), 128 (ES384) or 342 and
 * more (RS256, PS256).
 */
final class JwtAccess implements AccessSource {
    /** Keys whose value a {@link StreamRequest} has as its secret. */
    private static final Set<String> SECRET_KEYS = Set.of("s", "password", "pass", "token");

    private final Vertx vertx;
    private final JwtConfig config;
    private final @Nullable TokenKeys keys;
    private final InstantSource clock;

    /** @param keys null for no tokens at all */
    JwtAccess(Vertx vertx, JwtConfig config, @Nullable TokenKeys keys, InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        this.keys = keys;
        this.clock = clock;
    }

    /** By the keys that are configured, which are fetched from now on. */
    static JwtAccess start(Vertx vertx, JwtConfig config) {
        TokenKeys keys = null;
        if (config.key() != null) {
            keys = new ConfiguredKey(vertx, config.key(), config.algorithms());
        } else if (config.jwksUrl() != null) {
            PublishedKeys published = new PublishedKeys(
                    vertx,
                    config.jwksUrl(),
                    config.algorithms(),
                    TimeUnit.SECONDS.toMillis(config.refreshSeconds()),
                    () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
            var unused = published.start();
            keys = published;
        }
        return new JwtAccess(vertx, config, keys, Clock.systemUTC());
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest request) {
        String text = tokenText(request.request());
        TokenKeys tokenKeys = keys;
        if (text == null || tokenKeys == null) {
            return Future.succeededFuture(NoOpinion.NO_OPINION);
        }
        try {
            JsonWebToken token = JsonWebToken.parse(text);
            return token == null ? Future.succeededFuture(NoOpinion.NO_OPINION) : decide(token, request, tokenKeys);
        } catch (MalformedTokenException e) {
            return refuse("the token " + e.getMessage());
        }
    }

    private @Nullable String tokenText(StreamRequest request) {
        String key = config.streamIdKey();
        if (key == null) {
            return request.secret();
        }
        String text = request.keys().get(key);
        return text == null && SECRET_KEYS.contains(key) ? request.secret() : text;
    }

    private Future<AccessDecision> decide(JsonWebToken token, AccessRequest request, TokenKeys tokenKeys) {
        JwtAlgorithm algorithm = JwtAlgorithm.of(token.algorithm()).orElse(null);
        if (algorithm == null || !config.algorithms().contains(algorithm)) {
            return refuse("the token's algorithm \"" + LoggableStreamId.quoted(token.algorithm())
                    + "\" is none of access.jwt.algorithms");
        }
        KeySet known = tokenKeys.current();
        if (known != null && !known.candidates(algorithm, token.keyId()).isEmpty()) {
            return Future.succeededFuture(judge(token, algorithm, request, known));
        }
        // The key may be newer than the set. What has been fetched is judged on a worker thread again.
        return tokenKeys
                .renewed()
                .compose(done ->
                        vertx.executeBlocking(() -> judge(token, algorithm, request, tokenKeys.current()), false));
    }

    private AccessDecision judge(
            JsonWebToken token, JwtAlgorithm algorithm, AccessRequest request, @Nullable KeySet known) {
        if (known == null) {
            return new Refusal(
                    RejectReason.FAILED_DEPENDENCY,
                    "the keys for tokens could not be had so far: see the log, and access.jwt");
        }
        List<VerificationKey> candidates = known.candidates(algorithm, token.keyId());
        if (candidates.isEmpty()) {
            return refusal(
                    token.keyId() == null
                            ? "there is no key for the token's algorithm " + algorithm
                            : "the token's key id \"" + LoggableStreamId.quoted(token.keyId())
                                    + "\" is not in the key set with the algorithm " + algorithm);
        }
        if (candidates.stream().noneMatch(key -> key.signed(token))) {
            return refusal("the token's signature is wrong: it was signed with another key, or changed");
        }
        return new TokenClaims(token.claims()).decide(request, config, clock.instant());
    }

    private static Future<AccessDecision> refuse(String explanation) {
        return Future.succeededFuture(refusal(explanation));
    }

    private static Refusal refusal(String explanation) {
        return new Refusal(RejectReason.UNAUTHORIZED, explanation);
    }

    /** Fetches no more keys. */
    @Override
    public Future<Void> close() {
        if (keys != null) {
            keys.close();
        }
        return Future.succeededFuture();
    }
}
