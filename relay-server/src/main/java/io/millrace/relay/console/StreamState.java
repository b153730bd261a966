package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** How a stream is doing, at a glance. */
enum StreamState {
    /** Media comes in. */
    LIVE,
    /** There is a publisher, and nothing came from it within the last second. */
    SILENT,
    /** Subscribers wait for a publisher. */
    WAITING,
    /** The relay has no stream of this name. */
    ABSENT;

    /** @param stream as the API has it; of no content where it has none */
    static StreamState of(JsonNode stream) {
        if (!stream.isObject()) {
            return ABSENT;
        } else if (!stream.path("publisher").isTextual()) {
            return WAITING;
        }
        return stream.path("bitRate").asLong(0) > 0 ? LIVE : SILENT;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
