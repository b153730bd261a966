package io.millrace.relay.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A server of the operator's that is asked who may do what.
 *
 * @param url where it is asked; null if nobody is
 * @param secret by which it knows the relay; null if questions are not signed
 * @param timeoutMillis what a question may take in all
 * @param whenDown what becomes of a caller while there is no usable answer
 * @param maxConnections to the server at once
 * @param maxQueued questions that wait for a connection
 * @param cacheSeconds how long an answer holds that doesn't say so itself
 */
public record WebhookConfig(
        @Nullable URI url,
        @Secret @Nullable SecretReference secret,
        int timeoutMillis,
        WhenDown whenDown,
        int maxConnections,
        int maxQueued,
        int cacheSeconds) {
    /** What becomes of a caller while there is no usable answer. */
    public enum WhenDown {
        DENY,
        ALLOW,
        NEXT
    }

    static WebhookConfig bind(Section keys) {
        return new WebhookConfig(
                HttpUrl.bind(keys, "url"),
                SigningSecret.bind(keys, "secret"),
                keys.integer("timeoutMillis", 2_000, 100, 30_000),
                keys.choice("whenDown", WhenDown.DENY),
                keys.integer("maxConnections", 8, 1, 256),
                keys.integer("maxQueued", 256, 0, 100_000),
                keys.integer("cacheSeconds", 0, 0, 86_400));
    }
}
