package io.millrace.relay.config;

import io.millrace.relay.config.Node.Mapping;
import io.millrace.relay.config.Node.Scalar;
import io.millrace.relay.config.Node.Sequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables of the environment that set keys. The name of such a variable is {@code MILLRACE_} and the key in capitals,
 * with two underscores between levels and one between the words of a name: {@code MILLRACE_SRT__LATENCY_MILLIS}, {@code
 * MILLRACE_LISTENERS__0__PORT}. Every key has at least two levels, so a name without two underscores is none of ours:
 * Kubernetes makes a dozen of those for a service that is called millrace, {@code MILLRACE_PORT} among them.
 */
final class EnvironmentSettings {
    private static final String PREFIX = "MILLRACE_";
    private static final String LEVEL = "__";
    private static final String ALLOWED =
            "MILLRACE_ and a key in capitals, with two underscores between levels, such as"
                    + " MILLRACE_SRT__LATENCY_MILLIS or MILLRACE_LISTENERS__0__PORT";

    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,3}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern NEW_WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    /** What Kubernetes says in MILLRACE_HTTP_PORT for a service called millrace-http. */
    private static final Pattern SERVICE = Pattern.compile("(?:tcp|udp|sctp)://.*");

    private final Map<String, String> environment;
    /** The names of variables, with the indices in their numeric order. */
    private final List<String> names;

    EnvironmentSettings(Map<String, String> environment) {
        this.environment = environment;
        names = environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .sorted(Comparator.comparing(EnvironmentSettings::padded))
                .toList();
    }

    private static String padded(String name) {
        return DIGITS.matcher(name)
                .replaceAll(digits -> "0".repeat(Math.max(0, 4 - digits.group().length())) + digits.group());
    }

    /** Lays the variables that set a key over what is there. */
    void putInto(Mapping tree, Problems problems) {
        for (String name : names) {
            key(name).ifPresent(key -> {
                Origin origin = Origin.option(name);
                key.put(tree, key.value(environment.getOrDefault(name, ""), origin), problems);
            });
        }
    }

    /**
     * Complains about variables that look like a key and are none, but for those that a secret refers to.
     *
     * @param tree with all that was set
     */
    void refuseUnknown(Mapping tree, Problems problems) {
        Set<String> referenced = new HashSet<>();
        collectReferences(tree, referenced);
        for (String name : names) {
            if (referenced.contains(name) || key(name).isPresent()) {
                continue;
            }
            Optional<String> otherwise = sameButForUnderscores(name);
            boolean meansAKey = name.contains(LEVEL)
                    || (otherwise.isPresent()
                            && !SERVICE.matcher(environment.getOrDefault(name, ""))
                                    .matches());
            if (meansAKey) {
                List<String> nearest = otherwise.map(List::of).orElseGet(() -> nearest(name));
                String suggestion = nearest.isEmpty() ? "" : " (did you mean " + String.join(" or ", nearest) + "?)";
                problems.add(Origin.option(name), "", "sets no key" + suggestion, ALLOWED);
            }
        }
    }

    private static void collectReferences(Node node, Set<String> names) {
        if (node instanceof Mapping section) {
            section.values().values().forEach(value -> collectReferences(value, names));
        } else if (node instanceof Sequence list) {
            list.items().forEach(item -> collectReferences(item, names));
        } else if (node instanceof Scalar scalar) {
            SecretReference.of(scalar.text()).variable().ifPresent(names::add);
        }
    }

    /** The key that a variable sets. */
    private static Optional<KeyPath> key(String variable) {
        StringBuilder path = new StringBuilder();
        Shape shape = RelayConfig.SHAPE;
        for (String level : variable.substring(PREFIX.length()).split(LEVEL, -1)) {
            if (shape instanceof Shape.Keys section) {
                Optional<Map.Entry<String, Shape>> key = section.keys().entrySet().stream()
                        .filter(known -> inCapitals(known.getKey()).equals(level))
                        .findFirst();
                if (key.isEmpty()) {
                    return Optional.empty();
                }
                path.append(path.isEmpty() ? "" : ".").append(key.get().getKey());
                shape = key.get().getValue();
            } else if (shape instanceof Shape.Entries list
                    && INDEX.matcher(level).matches()) {
                path.append('[').append(level).append(']');
                shape = list.entry();
            } else {
                return Optional.empty();
            }
        }
        return isSettable(shape) ? KeyPath.parse(path.toString()) : Optional.empty();
    }

    private static boolean isSettable(Shape shape) {
        return shape instanceof Shape.Value
                || (shape instanceof Shape.Entries list && list.entry() instanceof Shape.Value);
    }

    private static String inCapitals(String key) {
        return NEW_WORD.matcher(key).replaceAll("_").toUpperCase(Locale.ROOT);
    }

    /** The names of all variables that there are, with 0 for every index. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        collectNames("", RelayConfig.SHAPE, names);
        return names;
    }

    private static void collectNames(String name, Shape shape, List<String> names) {
        String above = name.isEmpty() ? PREFIX : name + LEVEL;
        if (isSettable(shape)) {
            names.add(name);
        }
        if (shape instanceof Shape.Keys section) {
            section.keys().forEach((key, value) -> collectNames(above + inCapitals(key), value, names));
        } else if (shape instanceof Shape.Entries list) {
            collectNames(above + "0", list.entry(), names);
        }
    }

    private static Optional<String> sameButForUnderscores(String typed) {
        return names().stream()
                .filter(name -> squeezed(name).equals(squeezed(typed)))
                .findFirst()
                .map(name -> withIndicesOf(typed, name));
    }

    private static String squeezed(String name) {
        return DIGITS.matcher(name.replace("_", "")).replaceAll("0").toUpperCase(Locale.ROOT);
    }

    private static List<String> nearest(String typed) {
        String likeNames = DIGITS.matcher(typed).replaceAll("0");
        return NearestKeys.of(likeNames, names(), List.of()).stream()
                .map(name -> withIndicesOf(typed, name))
                .toList();
    }

    private static String withIndicesOf(String typed, String name) {
        List<String> indices =
                DIGITS.matcher(typed).results().map(MatchResult::group).toList();
        Matcher digits = DIGITS.matcher(name);
        StringBuilder text = new StringBuilder();
        for (int i = 0; digits.find(); i++) {
            digits.appendReplacement(text, i < indices.size() ? indices.get(i) : "0");
        }
        return digits.appendTail(text).toString();
    }
}
