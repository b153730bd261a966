package io.millrace.relay.config;

import io.millrace.relay.config.Node.Mapping;
import io.millrace.relay.config.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The way to one value in a tree, such as {@code listeners[0].port}. */
record KeyPath(List<Step> steps) {
    private static final Pattern KEY = Pattern.compile("([A-Za-z][A-Za-z0-9]*)(?:\\[([0-9]{1,4})])?");

    sealed interface Step {}

    private record Key(String name) implements Step {}

    private record Index(int index) implements Step {}

    KeyPath {
        steps = List.copyOf(steps);
    }

    static Optional<KeyPath> parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (String part : text.split("\\.", -1)) {
            Matcher key = KEY.matcher(part);
            if (!key.matches()) {
                return Optional.empty();
            }
            steps.add(new Key(key.group(1)));
            if (key.group(2) != null) {
                steps.add(new Index(Integer.parseInt(key.group(2))));
            }
        }
        return Optional.of(new KeyPath(steps));
    }

    /**
     * Puts a value there. What is missing on the way is created, what is of another kind is replaced; a list grows by at
     * most one entry.
     */
    void put(Mapping root, Node value, Problems problems) {
        placed(root, 0, value, problems);
    }

    /** What somebody wrote to be put here, outside of a file: a list only where there is a list of values. */
    Node value(String text, Origin origin) {
        boolean isList = shape() instanceof Shape.Entries list && list.entry() instanceof Shape.Value;
        return isList ? YamlReader.scalarOrList(text, origin) : YamlReader.scalar(text, origin);
    }

    /** What there is to set here; null for nothing. */
    private @Nullable Shape shape() {
        @Nullable Shape shape = RelayConfig.SHAPE;
        for (Step step : steps) {
            if (step instanceof Key key && shape instanceof Shape.Keys section) {
                shape = section.keys().get(key.name);
            } else if (step instanceof Index && shape instanceof Shape.Entries list) {
                shape = list.entry();
            } else {
                return null;
            }
        }
        return shape;
    }

    /** What belongs behind the first {@code depth} steps, where {@code old} is now. */
    private Node placed(@Nullable Node old, int depth, Node value, Problems problems) {
        if (depth == steps.size()) {
            return value;
        }
        if (steps.get(depth) instanceof Key key) {
            Mapping section = old instanceof Mapping mapping ? mapping : Mapping.empty(value.origin());
            @Nullable Node child = section.values().get(key.name);
            section.values().put(key.name, placed(child, depth + 1, value, problems));
            return section;
        }
        Sequence list = old instanceof Sequence sequence ? sequence : Sequence.empty(value.origin());
        List<Node> items = list.items();
        int index = ((Index) steps.get(depth)).index;
        if (index > items.size()) {
            String path = new KeyPath(steps.subList(0, depth + 1)).toString();
            problems.add(value.origin(), path, "found index " + index, "an index from 0 to " + items.size());
        } else if (index == items.size()) {
            items.add(placed(null, depth + 1, value, problems));
        } else {
            items.set(index, placed(items.get(index), depth + 1, value, problems));
        }
        return list;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            if (step instanceof Index index) {
                text.append('[').append(index.index).append(']');
            } else if (step instanceof Key key) {
                text.append(text.isEmpty() ? "" : ".").append(key.name);
            }
        }
        return text.toString();
    }
}
