package io.millrace.relay.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What differs between two configurations. */
final class ConfigurationChanges {
    private final List<String> keys = new ArrayList<>();

    private ConfigurationChanges() {}

    /**
     * The keys whose values differ, with all that is above them. Of a list that got longer or shorter it is the list's own.
     */
    static List<String> between(RelayConfig before, RelayConfig after) {
        ConfigurationChanges changes = new ConfigurationChanges();
        changes.compare("", before, after);
        return changes.keys;
    }

    private void compare(String path, @Nullable Object before, @Nullable Object after) {
        if (Objects.equals(before, after)) {
            return;
        }
        if (before instanceof Record one && after instanceof Record other && one.getClass() == other.getClass()) {
            for (RecordComponent component : one.getClass().getRecordComponents()) {
                String key = path.isEmpty() ? component.getName() : path + "." + component.getName();
                compare(key, value(component, one), value(component, other));
            }
        } else if (before instanceof List<?> one && after instanceof List<?> other && one.size() == other.size()) {
            for (int i = 0; i < one.size(); i++) {
                compare(path + "[" + i + "]", one.get(i), other.get(i));
            }
        } else {
            keys.add(path);
        }
    }

    private static @Nullable Object value(RecordComponent component, Record owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the accessors of the configuration's records are public", e);
        }
    }
}
