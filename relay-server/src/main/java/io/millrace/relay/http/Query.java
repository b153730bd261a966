package io.millrace.relay.http;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parameters of a request's query. What can't be taken ends the request with a problem that says what could be. */
final class Query {
    private final MultiMap parameters;

    private Query(MultiMap parameters) {
        this.parameters = parameters;
    }

    /** @param names of the parameters that there may be, each at most once */
    static Query of(RoutingContext request, List<String> names) {
        MultiMap parameters = request.queryParams();
        for (String name : parameters.names()) {
            if (!names.contains(name)) {
                throw new ProblemException(Problem.badRequest("unknown parameter " + name + "; allowed: "
                        + (names.isEmpty() ? "none" : String.join(", ", names))));
            }
            if (parameters.getAll(name).size() > 1) {
                throw bad(name, String.join(", ", parameters.getAll(name)), "one value");
            }
        }
        return new Query(parameters);
    }

    /** Null if it isn't there. */
    @Nullable
    String text(String name) {
        return parameters.get(name);
    }

    /** One of these; null if it isn't there. */
    @Nullable
    String oneOf(String name, Collection<String> allowed) {
        String text = text(name);
        if (text != null && !allowed.contains(text)) {
            throw bad(name, text, String.join(", ", allowed));
        }
        return text;
    }

    int wholeNumber(String name, int without, int min, int max) {
        String text = text(name);
        if (text == null) {
            return without;
        }
        // Not parseInt alone: that takes a sign, and the digits of other scripts.
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
        if (number < min || number > max) {
            throw bad(name, text, "a whole number from " + min + " to " + max);
        }
        return number;
    }

    /** The problem with a value that can't be taken. */
    static ProblemException bad(String name, String found, String allowed) {
        return new ProblemException(Problem.badRequest(name + ": found " + found + "; allowed: " + allowed));
    }
}
