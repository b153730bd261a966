package io.millrace.relay.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of the file, the environment or the command line that knows where it was written. A tree of them belongs to one load. */
sealed interface Node {
    /** Of a value with a key: where the key is. */
    Origin origin();

    /** How the value looks in an error. */
    String shown();

    /** What YAML takes a scalar for. */
    enum Kind {
        NOTHING,
        BOOLEAN,
        NUMBER,
        TEXT
    }

    /**
     * A single value.
     *
     * @param text as it was written, without quotes; empty for nothing
     */
    record Scalar(Origin origin, Kind kind, String text) implements Node {
        @Override
        public String shown() {
            if (kind == Kind.NOTHING) {
                return "nothing";
            }
            String shown = OneLine.cut(text);
            boolean quotesMatter =
                    kind == Kind.TEXT && (text.isBlank() || YamlReader.scalar(text, origin).kind != kind);
            return quotesMatter ? '"' + shown + '"' : shown;
        }
    }

    /** Grows while it is read and laid over another one. */
    record Mapping(Origin origin, Map<String, Node> values) implements Node {
        static Mapping empty(Origin origin) {
            return new Mapping(origin, new LinkedHashMap<>());
        }

        /** Takes over every value of another mapping; a section or list without content there changes nothing here. */
        void overlay(Mapping over) {
            over.values.forEach((key, value) -> {
                @Nullable Node old = values.get(key);
                if (!(isNothing(value) && (old instanceof Mapping || old instanceof Sequence))) {
                    values.put(key, value);
                }
            });
        }

        private static boolean isNothing(Node value) {
            return value instanceof Scalar scalar && scalar.kind == Kind.NOTHING;
        }

        @Override
        public String shown() {
            return "a section";
        }
    }

    /** Grows while it is read. */
    record Sequence(Origin origin, List<Node> items) implements Node {
        static Sequence empty(Origin origin) {
            return new Sequence(origin, new ArrayList<>());
        }

        @Override
        public String shown() {
            return items.isEmpty() ? "an empty list" : "a list";
        }
    }
}
