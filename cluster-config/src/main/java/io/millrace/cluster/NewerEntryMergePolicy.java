package io.millrace.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/** When a split heals, the entry of the higher epoch stays. Named in {@code hazelcast-common.yaml}. */
final class NewerEntryMergePolicy<V extends Versioned<V>> implements SplitBrainMergePolicy<V, MergingValue<V>, Object> {

    NewerEntryMergePolicy() {}

    @Override
    public @Nullable Object merge(MergingValue<V> merging, @Nullable MergingValue<V> existing) {
        V coming = merging.getDeserializedValue();
        V present = existing == null ? null : existing.getDeserializedValue();
        if (existing == null || present == null || (coming != null && coming.isNewerThan(present))) {
            return merging.getRawValue();
        }
        return existing.getRawValue();
    }

    @Override
    public void writeData(ObjectDataOutput out) {}

    @Override
    public void readData(ObjectDataInput in) {}
}
