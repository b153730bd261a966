package io.millrace.relay.config;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server of the operator's that is told what happens.
 *
 * @param url where it is told; null if nobody is
 * @param secret by which it knows the relay; null if notifications are not signed
 * @param timeoutMillis what one attempt may take
 * @param retries attempts after the first one
 * @param maxQueued notifications that were not delivered yet
 * @param events which it is told
 */
public record NotificationsConfig(
        @Nullable URI url,
        @Secret @Nullable SecretReference secret,
        int timeoutMillis,
        int retries,
        int maxQueued,
        List<Event> events) {
    /** What happens. */
    public enum Event {
        /** A stream has a publisher. */
        PUBLISH,
        /** It has none any more. */
        UNPUBLISH,
        /** A stream has another subscriber. */
        REQUEST,
        /** A connection has ended. */
        CLOSE
    }

    public NotificationsConfig {
        events = List.copyOf(events);
    }

    static NotificationsConfig bind(Section keys) {
        return new NotificationsConfig(
                HttpUrl.bind(keys, "url"),
                SigningSecret.bind(keys, "secret"),
                keys.integer("timeoutMillis", 2_000, 100, 30_000),
                keys.integer("retries", 3, 0, 10),
                keys.integer("maxQueued", 1_000, 1, 1_000_000),
                keys.choices("events", List.of(Event.values()), Event.class));
    }
}
