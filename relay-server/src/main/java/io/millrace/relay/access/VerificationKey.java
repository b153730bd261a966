package io.millrace.relay.access;

import io.millrace.relay.config.JwtAlgorithm;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import org.jspecify.annotations.Nullable;

/**
 * A key together with the one algorithm that it is used with, so that no token can choose another one for it.
 * Thread-safe.
 *
 * @param id {@code kid}; null for a key without one, which fits tokens that name any
 */
record VerificationKey(@Nullable String id, JwtAlgorithm algorithm, JWTAuth signature) {

    /** {@code {"alg":"none"}.{}} */
    private static final TokenCredentials UNSIGNED = new TokenCredentials("eyJhbGciOiJub25lIn0.e30");

    /** @throws RuntimeException where the library can't use the key */
    static VerificationKey of(Vertx vertx, @Nullable String id, JwtAlgorithm algorithm, JWTAuthOptions keyMaterial) {
        // Times are checked against our own clock, which can say what was wrong.
        JWTAuthOptions options = keyMaterial.setJWTOptions(new JWTOptions().setIgnoreExpiration(true));
        JWTAuth signature = JWTAuth.create(vertx, options);
        // The library only logs that it can't use a key, and with no key at all it takes unsigned tokens for good.
        if (signature.authenticate(UNSIGNED).succeeded()) {
            throw new IllegalArgumentException("a key that can't be used");
        }
        return new VerificationKey(id, algorithm, signature);
    }

    boolean fits(JwtAlgorithm algorithm, @Nullable String id) {
        return this.algorithm == algorithm && (this.id == null || id == null || this.id.equals(id));
    }

    /** Whether this key signed the token. Takes 0.1 ms or so of arithmetic. */
    boolean signed(JsonWebToken token) {
        try {
            // Answers at once. If it ever did not, nobody would be let in.
            return signature.authenticate(new TokenCredentials(token.text())).succeeded();
        } catch (RuntimeException e) {
            // What the library makes of a signature that has not even the form of one.
            return false;
        }
    }
}
