package io.millrace.relay.http;

import io.millrace.relay.stats.StreamHistory.Resolution;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * Which part of a history a request asks for.
 *
 * @param from the oldest time wanted
 * @param to the newest time wanted
 */
record HistoryQuery(Resolution resolution, Instant from, Instant to) {
    private static final List<String> OF_STREAM = List.of("resolution", "from", "to");
    private static final List<String> OF_CONNECTION = List.of("from", "to");
    private static final String SECOND = "1s";
    private static final String TEN_SECONDS = "10s";

    static HistoryQuery ofStream(RoutingContext request) {
        return of(Query.of(request, OF_STREAM));
    }

    /** Connections have a history of seconds only. */
    static HistoryQuery ofConnection(RoutingContext request) {
        return of(Query.of(request, OF_CONNECTION));
    }

    /** The resolution by the words of the API. */
    String resolutionText() {
        return resolution == Resolution.SECOND ? SECOND : TEN_SECONDS;
    }

    private static HistoryQuery of(Query query) {
        String resolution = query.oneOf("resolution", List.of(SECOND, TEN_SECONDS));
        return new HistoryQuery(
                TEN_SECONDS.equals(resolution) ? Resolution.TEN_SECONDS : Resolution.SECOND,
                time(query, "from", Instant.MIN),
                time(query, "to", Instant.MAX));
    }

    private static Instant time(Query query, String parameter, Instant otherwise) {
        String text = query.text(parameter);
        try {
            return text == null ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw Query.bad(parameter, text, "a time of ISO 8601 such as 2026-01-31T12:00:00Z");
        }
    }
}
