package io.millrace.relay.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** The secret by which a server knows that it is this relay that posts. */
final class SigningSecret {
    private static final int MIN_BYTES = 16;
    private static final int MAX_BYTES = 1024;

    private SigningSecret() {}

    /** Null by default. */
    static @Nullable SecretReference bind(Section keys, String key) {
        return keys.secret(
                key, SigningSecret::isValid, "a text of " + MIN_BYTES + " to " + MAX_BYTES + " bytes, or null");
    }

    private static boolean isValid(String secret) {
        int bytes = secret.getBytes(UTF_8).length;
        return bytes >= MIN_BYTES && bytes <= MAX_BYTES;
    }
}
