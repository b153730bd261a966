package io.millrace.relay.access;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a notification says of a connection. Must hold no secret.
 *
 * @param connectionId as the API counts connections
 * @param listener name of the listener that it came to
 * @param stream name of the stream
 * @param user on whose behalf, as the caller said
 * @param peer where it calls from
 * @param reason why it ended; null for one that goes on
 * @param durationSeconds since it opened
 * @param bytes of payload that it has carried
 */
public record ConnectionNotice(
        long connectionId,
        String listener,
        String stream,
        @Nullable String user,
        InetSocketAddress peer,
        @Nullable String reason,
        long durationSeconds,
        long bytes) {}
