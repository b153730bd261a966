package io.millrace.relay.config;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with one configuration, collected until all of it was looked at. */
final class Problems {
    private final List<ConfigurationError> errors = new ArrayList<>();
    private final List<UnknownKey> unknownKeys = new ArrayList<>();
    private final Set<String> knownPaths = new LinkedHashSet<>();

    private record UnknownKey(Origin origin, String section, String key, List<String> siblings) {}

    void add(Origin origin, String path, String problem, String allowed) {
        errors.add(new ConfigurationError(origin.source(), origin.line(), path, problem, allowed));
    }

    /** A key that exists, whether it was set or not. */
    void know(String path) {
        knownPaths.add(path);
    }

    /** Kept until every key is known, since the right one may belong to another section. */
    void addUnknownKey(Origin origin, String section, String key, Set<String> siblings) {
        unknownKeys.add(new UnknownKey(origin, section, key, List.copyOf(siblings)));
    }

    void throwIfAny() throws ConfigurationException {
        unknownKeys.forEach(this::addError);
        unknownKeys.clear();
        if (!errors.isEmpty()) {
            // What was typed has no lines, and comes last in the order in which it was typed.
            errors.sort(comparing(error -> error.line() == 0 ? Integer.MAX_VALUE : error.line()));
            throw new ConfigurationException(errors);
        }
    }

    private void addError(UnknownKey unknown) {
        List<String> nearest = NearestKeys.of(unknown.key(), unknown.siblings(), knownPaths);
        String suggestion = nearest.isEmpty() ? "" : " (did you mean " + String.join(" or ", nearest) + "?)";
        String path = Section.child(unknown.section(), unknown.key());
        add(unknown.origin(), path, "unknown key" + suggestion, String.join(", ", unknown.siblings()));
    }
}
