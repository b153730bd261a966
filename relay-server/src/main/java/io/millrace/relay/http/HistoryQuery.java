package io.millrace.relay.http;

import io.millrace.relay.stats.StreamHistory.Resolution;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    static HistoryQuery ofStream(MultiMap query) throws BadQueryException {
        return of(query, OF_STREAM);
    }

    /** Connections have a history of seconds only. */
    static HistoryQuery ofConnection(MultiMap query) throws BadQueryException {
        return of(query, OF_CONNECTION);
    }

    /** The resolution by the words of the API. */
    String resolutionText() {
        return resolution == Resolution.SECOND ? SECOND : TEN_SECONDS;
    }

    private static HistoryQuery of(MultiMap query, List<String> parameters) throws BadQueryException {
        for (String name : query.names()) {
            if (!parameters.contains(name)) {
                throw new BadQueryException(name, null, String.join(", ", parameters));
            }
            if (query.getAll(name).size() > 1) {
                throw new BadQueryException(name, String.join(", ", query.getAll(name)), "one value");
            }
        }
        return new HistoryQuery(
                resolution(query.get("resolution")), time(query, "from", Instant.MIN), time(query, "to", Instant.MAX));
    }

    private static Resolution resolution(@Nullable String text) throws BadQueryException {
        if (text == null || text.equals(SECOND)) {
            return Resolution.SECOND;
        }
        if (text.equals(TEN_SECONDS)) {
            return Resolution.TEN_SECONDS;
        }
        throw new BadQueryException("resolution", text, SECOND + ", " + TEN_SECONDS);
    }

    private static Instant time(MultiMap query, String parameter, Instant otherwise) throws BadQueryException {
        String text = query.get(parameter);
        try {
            return text == null ? otherwise : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadQueryException(parameter, text, "a time of ISO 8601 such as 2026-01-31T12:00:00Z");
        }
    }
}
