package io.millrace.cluster;

import com.hazelcast.map.EntryProcessor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Removes a connection's fact where it lives. */
@SuppressWarnings("serial") // It has a serializer of its own.
final class RemoveFact implements EntryProcessor<Integer, ConnectionFact, @Nullable Boolean> {
    @Override
    public @Nullable Boolean process(Map.Entry<Integer, ConnectionFact> entry) {
        entry.setValue(null);
        return null;
    }
}
