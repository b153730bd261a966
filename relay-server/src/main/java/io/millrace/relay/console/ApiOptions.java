package io.millrace.relay.console;

import io.millrace.relay.config.SecretReference;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which relay a command asks, as whom, and how it answers. */
final class ApiOptions {
    static final String DEFAULT_API = "http://127.0.0.1:8080";

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    @Option(
            names = "--api",
            paramLabel = "URL",
            defaultValue = "${env:MILLRACE_API:-" + DEFAULT_API + "}",
            converter = ApiAddressConverter.class,
            description = "Where the relay's API is: http://HOST:PORT. Default: MILLRACE_API of the environment, or "
                    + DEFAULT_API + ".")
    @SuppressWarnings("NullAway.Init") // by picocli
    private URI api;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "A token of the relay's http.tokens with scope read: env:NAME, file:/path, or the token itself,"
                            + " which others on this machine can see then. Default: none.")
    private @Nullable String token;

    /** The relay that is meant. The messages of what is wrong never have the token. */
    ApiClient client(CommandSpec spec) {
        if (token == null) {
            return new ApiClient(api, null);
        }
        try {
            String secret = SecretReference.of(token).value();
            if (!TOKEN.matcher(secret).matches()) {
                throw new ParameterException(
                        spec.commandLine(), "--token: it is empty, or has a character that no token has");
            }
            return new ApiClient(api, secret);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--token: " + e.getMessage(), e);
        }
    }
}
