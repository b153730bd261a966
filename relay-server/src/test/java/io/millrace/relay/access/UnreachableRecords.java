package io.millrace.relay.access;

import io.millrace.cluster.SharedRecord;
import io.millrace.cluster.SharedRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The shared records of a node that can't reach the others: it has what was written here, and no answer ever comes. */
final class UnreachableRecords implements SharedRecords {
    private final Map<String, SharedRecord> here = new HashMap<>();

    @Override
    public Map<String, SharedRecord> known() {
        return here;
    }

    @Override
    public CompletionStage<Optional<SharedRecord>> find(String key) {
        SharedRecord record = here.get(key);
        return record == null ? new CompletableFuture<>() : CompletableFuture.completedStage(Optional.of(record));
    }

    @Override
    public CompletionStage<SharedRecord> offer(String key, SharedRecord offered) {
        SharedRecord present = here.get(key);
        if (present != null && present.version() >= offered.version()) {
            return CompletableFuture.completedStage(present);
        }
        here.put(key, offered);
        return new CompletableFuture<>();
    }
}
