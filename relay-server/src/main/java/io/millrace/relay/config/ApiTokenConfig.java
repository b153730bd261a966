package io.millrace.relay.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token of the API: whoever sends it may do what its scope says.
 *
 * @param name what the log calls its holder
 * @param token the secret itself
 * @param scope what it is good for
 */
public record ApiTokenConfig(String name, @Secret SecretReference token, ApiScope scope) {
    private static final int MIN_LENGTH = 16;
    private static final int MAX_LENGTH = 1024;
    private static final String ALLOWED =
            MIN_LENGTH + " to " + MAX_LENGTH + " letters, digits and -._~+/, with equals signs only at the end";
    /** RFC 6750, section 2.1: what a header can carry. */
    private static final TextForm FORM =
            TextForm.of("(?=.{" + MIN_LENGTH + "," + MAX_LENGTH + "}$)[A-Za-z0-9._~+/-]+=*", ALLOWED);

    static ApiTokenConfig bind(Section keys) {
        SecretReference token = keys.secret("token", FORM);
        if (token == null && keys.isSound()) {
            keys.refuse("token", "nothing", ALLOWED + ", as it is or as env:NAME or file:/path");
        }
        return new ApiTokenConfig(
                keys.required("name", "", ListenerConfig.NAMES, Optional::of),
                token == null ? SecretReference.of("") : token,
                keys.choice("scope", ApiScope.READ));
    }

    /** Whether a text can be a token: one in a file may have become something else since it was read first. */
    public static boolean isToken(@Nullable String text) {
        return text != null && FORM.fits(text);
    }
}
