package io.millrace.relay.http;

import io.millrace.relay.stats.Attempt;
import io.millrace.relay.stats.AttemptLog;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which attempts a request asks for.
 *
 * @param listener only those at this one; null for all
 * @param result only those that ended so; null for all
 * @param limit at most so many, the newest
 */
record AttemptFilter(@Nullable String listener, @Nullable Result result, int limit) {
    private static final int DEFAULT_LIMIT = 200;
    private static final int MAX_LIMIT = 10_000;
    private static final List<String> PARAMETERS = List.of("listener", "result", "limit");

    /** How an attempt ended, by the words of the API. */
    enum Result {
        ACCEPTED,
        REFUSED;

        static Result of(Attempt attempt) {
            return attempt.result() instanceof Attempt.Accepted ? ACCEPTED : REFUSED;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads the query of a request for attempts at the listeners that there are. */
    static AttemptFilter of(MultiMap query, Set<String> listeners) throws BadQueryException {
        for (String name : query.names()) {
            if (!PARAMETERS.contains(name)) {
                throw new BadQueryException(name, null, String.join(", ", PARAMETERS));
            }
            if (query.getAll(name).size() > 1) {
                throw new BadQueryException(name, String.join(", ", query.getAll(name)), "one value");
            }
        }
        return new AttemptFilter(
                listener(query.get("listener"), listeners), result(query.get("result")), limit(query.get("limit")));
    }

    JsonArray apply(AttemptLog log) {
        JsonArray list = new JsonArray();
        log.newestFirst(listener)
                .filter(attempt -> result == null || Result.of(attempt) == result)
                .limit(limit)
                .forEach(attempt -> list.add(AttemptJson.of(attempt)));
        return list;
    }

    private static @Nullable String listener(@Nullable String text, Set<String> listeners) throws BadQueryException {
        if (text != null && !listeners.contains(text)) {
            throw new BadQueryException("listener", text, String.join(", ", listeners));
        }
        return text;
    }

    private static @Nullable Result result(@Nullable String text) throws BadQueryException {
        if (text == null) {
            return null;
        }
        for (Result result : Result.values()) {
            if (result.text().equals(text)) {
                return result;
            }
        }
        throw new BadQueryException(
                "result", text, Arrays.stream(Result.values()).map(Result::text).collect(Collectors.joining(", ")));
    }

    private static int limit(@Nullable String text) throws BadQueryException {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        // Not parseInt alone: that takes a sign, and the digits of other scripts.
        int limit = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadQueryException("limit", text, "a whole number from 1 to " + MAX_LIMIT);
        }
        return limit;
    }
}
