package io.millrace.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries a change out where the entry lives, and then where its backup lives. */
@SuppressWarnings("serial") // It has a serializer of its own.
final class ChangeProcessor<V extends Versioned<V>>
        implements EntryProcessor<String, V, @Nullable V>, HazelcastInstanceAware {
    private final Change<V> change;
    private final @Nullable String unlessMember;
    private @Nullable HazelcastInstance instance;
    private boolean hasChanged;

    /** @param unlessMember the incarnation of a node that must be gone where the entry lives; null if none must */
    ChangeProcessor(Change<V> change, @Nullable String unlessMember) {
        this.change = change;
        this.unlessMember = unlessMember;
    }

    Change<V> change() {
        return change;
    }

    @Nullable
    String unlessMember() {
        return unlessMember;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
        instance = hazelcastInstance;
    }

    @Override
    public @Nullable V process(Map.Entry<String, V> entry) {
        V before = entry.getValue();
        if (unlessMember != null && instance != null && HazelcastNodes.isMember(instance, unlessMember)) {
            return before;
        }
        V after = change.applyTo(before);
        if (after != null && after != before) {
            hasChanged = true;
            ((ExtendedMapEntry<String, V>) entry).setValue(after, after.keepSeconds(), TimeUnit.SECONDS);
        }
        return after;
    }

    @Override
    public @Nullable EntryProcessor<String, V, @Nullable V> getBackupProcessor() {
        // Not asked again there: two nodes may see different members for a moment.
        return hasChanged ? new ChangeProcessor<>(change, null) : null;
    }
}
