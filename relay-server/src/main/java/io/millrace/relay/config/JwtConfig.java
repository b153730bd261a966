package io.millrace.relay.config;

import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens (JWT, RFC 7519) are accepted. Without {@code jwksUrl} and {@code key} there are none.
 *
 * @param jwksUrl where the issuer publishes its key set; at most one of this and {@code key}
 * @param refreshSeconds how long a fetched key set counts as new
 * @param key the shared secret, or a public key as PEM
 * @param algorithms how a token may be signed; at least one
 * @param issuer what a token must have in {@code iss}; null for anything
 * @param audience what a token must have in {@code aud}; null for anything
 * @param leewaySeconds how far the issuer's clock may be off
 * @param streamIdKey the key of the stream id that carries the token; null where it takes the password's place
 */
public record JwtConfig(
        @Nullable URI jwksUrl,
        int refreshSeconds,
        @Secret @Nullable SecretReference key,
        List<JwtAlgorithm> algorithms,
        @Nullable String issuer,
        @Nullable String audience,
        int leewaySeconds,
        @Nullable String streamIdKey) {
    /** RFC 7518 §3.2 for HS256: as long as the hash. */
    private static final int MIN_SECRET_BYTES = 32;

    private static final int MAX_TEXT_LENGTH = 512;
    private static final TextForm KEYS = TextForm.ofBytes(
                    MIN_SECRET_BYTES,
                    Integer.MAX_VALUE,
                    "a secret of at least " + MIN_SECRET_BYTES + " bytes or a public key as PEM (RSA with at least"
                            + " 2048 bits, P-256, P-384, Ed25519)")
            .where(JwtConfig::isKey);
    private static final List<String> ALGORITHM_NAMES =
            Stream.of(JwtAlgorithm.values()).map(JwtAlgorithm::toString).toList();
    private static final TextForm ALGORITHMS =
            TextForm.oneOf(ALGORITHM_NAMES, "one of " + String.join(", ", ALGORITHM_NAMES));
    private static final TextForm SHORT = TextForm.of(
                    "[\\s\\S]{1," + MAX_TEXT_LENGTH + "}", "a text of 1 to " + MAX_TEXT_LENGTH + " characters, or null")
            .where(text -> text.length() <= MAX_TEXT_LENGTH);
    /** What the stream id says with a single letter of these is something else. */
    private static final TextForm STREAM_ID_KEYS = TextForm.of(
            "(?![rmuht]$)[A-Za-z0-9_.-]{1,64}",
            "1 to 64 letters, digits, dots, dashes or underscores, not r, m, u, h or t, or null");

    public JwtConfig {
        algorithms = List.copyOf(algorithms);
    }

    static JwtConfig bind(Section keys) {
        JwtConfig config = new JwtConfig(
                HttpUrl.bind(keys, "jwksUrl"),
                keys.integer("refreshSeconds", 300, 10, 86_400),
                keys.secret("key", KEYS),
                keys.texts("algorithms", List.of(JwtAlgorithm.values()), ALGORITHMS, JwtAlgorithm::of),
                keys.optionalText("issuer", SHORT),
                keys.optionalText("audience", SHORT),
                keys.integer("leewaySeconds", 30, 0, 600),
                keys.optionalText("streamIdKey", STREAM_ID_KEYS));
        if (keys.isSound()) {
            config.checkTogether(keys);
        }
        return config;
    }

    private void checkTogether(Section keys) {
        if (jwksUrl != null && key != null) {
            keys.refuse("key", "a key beside jwksUrl", "one of key and jwksUrl, and null for the other");
        }
        if (algorithms.isEmpty()) {
            keys.refuse("algorithms", "an empty list", "a list with at least one entry");
        } else if (enabled() && algorithms.stream().noneMatch(fitting())) {
            keys.refuse("algorithms", algorithms.toString(), "at least one that fits the key");
        }
    }

    /** Whether there are tokens at all. */
    public boolean enabled() {
        return jwksUrl != null || key != null;
    }

    private Predicate<JwtAlgorithm> fitting() {
        if (key == null) {
            return algorithm -> !algorithm.isSymmetric();
        }
        try {
            String text = key.value();
            PublicKey publicKey = PublicKeyPem.parse(text);
            return publicKey == null ? JwtAlgorithm::isSymmetric : algorithm -> algorithm.fits(publicKey);
        } catch (IOException e) {
            // It could be read a moment ago. Whoever comes before it can be read again is refused.
            return algorithm -> true;
        }
    }

    private static boolean isKey(String text) {
        if (!PublicKeyPem.isPem(text)) {
            return true;
        }
        PublicKey key = PublicKeyPem.parse(text);
        return key != null && Stream.of(JwtAlgorithm.values()).anyMatch(algorithm -> algorithm.fits(key));
    }
}
