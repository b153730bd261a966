package io.millrace.relay.config;

import org.jspecify.annotations.Nullable;

/** The secret by which a server knows that it is this relay that posts. */
final class SigningSecret {
    private static final int MIN_BYTES = 16;
    private static final int MAX_BYTES = 1024;

    private SigningSecret() {}

    /** Null by default. */
    static @Nullable SecretReference bind(Section keys, String key) {
        String allowed = "a text of " + MIN_BYTES + " to " + MAX_BYTES + " bytes, or null";
        return keys.secret(key, TextForm.ofBytes(MIN_BYTES, MAX_BYTES, allowed));
    }
}
