package io.millrace.relay.config;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be at one place of the configuration. It is noted down while a record is bound, by what binds it. */
sealed interface Shape {
    /**
     * A single value.
     *
     * @param keywords what JSON schema says of it
     */
    record Value(Map<String, @Nullable Object> keywords) implements Shape {}

    /**
     * A list.
     *
     * @param entry each entry
     * @param keywords what JSON schema says of the list beside its entries
     */
    record Entries(Shape entry, Map<String, @Nullable Object> keywords) implements Shape {}

    /**
     * A section.
     *
     * @param keys in the order in which they are asked for
     * @param required keys that have no default
     */
    record Keys(Map<String, Shape> keys, Set<String> required) implements Shape {}
}
