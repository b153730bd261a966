package io.millrace.relay.access;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers that still hold, by the digest of their question; the least recently used ones go first. Used on one context. */
final class AnswerCache {
    static final int MAX_ENTRIES = 10_000;

    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(AccessDecision decision, long endMillis) {}

    void put(String digest, AccessDecision decision, long endMillis) {
        entries.put(digest, new Entry(decision, endMillis));
        if (entries.size() > MAX_ENTRIES) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    @Nullable
    AccessDecision get(String digest, long nowMillis) {
        Entry entry = entries.get(digest);
        return entry == null || entry.endMillis <= nowMillis ? null : entry.decision;
    }

    /** Forgets what holds no longer: a passphrase must not stay in memory because nobody asks again. */
    void sweep(long nowMillis) {
        entries.values().removeIf(entry -> entry.endMillis <= nowMillis);
    }

    int size() {
        return entries.size();
    }

    void clear() {
        entries.clear();
    }
}
