package io.millrace.cluster;

import static java.util.concurrent.CompletableFuture.completedStage;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Shared records of nodes in one process. Its answers are complete when they are returned. */
final class LocalSharedRecords implements SharedRecords {
    private static final long CLEANING_MILLIS = 60_000;

    private final ConcurrentHashMap<String, SharedRecord> records = new ConcurrentHashMap<>();
    private final AtomicLong cleanedMillis = new AtomicLong(System.currentTimeMillis());

    @Override
    public Map<String, SharedRecord> known() {
        clean();
        return Collections.unmodifiableMap(records);
    }

    @Override
    public CompletionStage<Optional<SharedRecord>> find(String key) {
        return completedStage(Optional.ofNullable(records.get(key)));
    }

    @Override
    public CompletionStage<SharedRecord> offer(String key, SharedRecord offered) {
        return completedStage(records.merge(key, offered, SharedRecord::orNewer));
    }

    private void clean() {
        long last = cleanedMillis.get();
        long now = System.currentTimeMillis();
        if (now - last >= CLEANING_MILLIS && cleanedMillis.compareAndSet(last, now)) {
            records.values().removeIf(SharedRecord::hasExpired);
        }
    }
}
