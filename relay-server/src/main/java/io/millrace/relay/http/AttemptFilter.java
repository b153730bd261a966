package io.millrace.relay.http;

import io.millrace.relay.stats.AttemptLog;
import io.vertx.core.json.JsonArray;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which attempts a request asks for.
 *
 * @param listener only those at this one; null for all
 * @param result only those that ended so, as the API says it; null for all
 * @param stream only those that were about the stream of this name; null for all
 * @param limit at most so many, the newest
 */
record AttemptFilter(
        @Nullable String listener,
        @Nullable String result,
        @Nullable String stream,
        int limit) {
    static final List<String> PARAMETERS = List.of("listener", "result", "stream", "limit");

    private static final int DEFAULT_LIMIT = 200;
    private static final int MAX_LIMIT = 10_000;

    /** Reads the query of a request for attempts at the listeners that there are. */
    static AttemptFilter of(Query query, Collection<String> listeners) {
        return new AttemptFilter(
                query.oneOf("listener", listeners),
                query.oneOf("result", AttemptJson.RESULTS),
                query.text("stream"),
                query.wholeNumber("limit", DEFAULT_LIMIT, 1, MAX_LIMIT));
    }

    JsonArray apply(AttemptLog log) {
        JsonArray list = new JsonArray();
        log.newestFirst(listener)
                .filter(attempt -> result == null || AttemptJson.result(attempt).equals(result))
                .filter(attempt -> stream == null || stream.equals(attempt.caller().stream()))
                .limit(limit)
                .forEach(attempt -> list.add(AttemptJson.of(attempt)));
        return list;
    }
}
