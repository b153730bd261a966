package io.millrace.relay.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.relay.access.SecretFaults;
import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.ApiTokenConfig;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The tokens of the API. */
final class ApiTokens {
    private final Supplier<List<ApiTokenConfig>> configured;
    private final SecretFaults faults = new SecretFaults();

    /** Whose token it is, and what it is good for. */
    record Holder(String name, ApiScope scope) {}

    /** @param configured gives those that are in effect, from any thread */
    ApiTokens(Supplier<List<ApiTokenConfig>> configured) {
        this.configured = configured;
    }

    boolean areThere() {
        return !configured.get().isEmpty();
    }

    /** Who holds this token; empty for nobody. Compares with all of them, in constant time; reads the files they are in. */
    Optional<Holder> holder(String presented) {
        byte[] bytes = presented.getBytes(UTF_8);
        List<ApiTokenConfig> tokens = configured.get();
        Optional<Holder> holder = Optional.empty();
        for (int i = 0; i < tokens.size(); i++) {
            ApiTokenConfig token = tokens.get(i);
            boolean same = MessageDigest.isEqual(secret(token, i), bytes);
            if (same && holder.isEmpty()) {
                holder = Optional.of(new Holder(token.name(), token.scope()));
            }
        }
        return holder;
    }

    /** The token as it is now; nothing for one that can't be used, which nobody can present. */
    private byte[] secret(ApiTokenConfig token, int index) {
        try {
            String secret = token.token().value();
            if (ApiTokenConfig.isToken(secret)) {
                return secret.getBytes(UTF_8);
            }
            throw new IOException("what is there now is no token");
        } catch (IOException e) {
            faults.report("http.tokens[" + index + "].token", e);
            return new byte[0];
        }
    }
}
