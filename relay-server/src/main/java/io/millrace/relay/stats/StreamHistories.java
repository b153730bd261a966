package io.millrace.relay.stats;

import static java.util.stream.Collectors.toCollection;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The histories of streams by name. They outlive their streams by a day, as long as no other stream needs the memory. Written
 * by one thread at a time, read by any.
 */
public final class StreamHistories {
    private static final int KEPT_SECONDS = 24 * 3600;

    private final HistoryMemory memory;
    private final Map<String, StreamHistory> histories = new ConcurrentHashMap<>();
    private volatile long newestSecond;

    /**
     * A stream that has no connection any more.
     *
     * @param ended when its last one was there, to a second
     */
    public record Ended(String stream, Instant ended) {}

    public StreamHistories(HistoryMemory memory) {
        this.memory = memory;
    }

    /** The history of a stream of this name; null if it had no connection in the last day, or was forgotten. */
    public @Nullable StreamHistory of(String stream) {
        return histories.get(stream);
    }

    /** The streams that have a history and no connection, the last to end first. */
    public List<Ended> ended(int limit) {
        long newest = newestSecond;
        return histories.entrySet().stream()
                .map(entry -> new Ended(
                        entry.getKey(), Instant.ofEpochSecond(entry.getValue().lastSecond())))
                // One of no second at all has just begun.
                .filter(stream ->
                        stream.ended().getEpochSecond() > 0 && stream.ended().getEpochSecond() < newest)
                .sorted(Comparator.comparing(Ended::ended).reversed().thenComparing(Ended::stream))
                .limit(limit)
                .toList();
    }

    void add(ConnectionInfo connection, @Nullable LinkSecond second) {
        ConnectionInfo.Facts facts = connection.facts();
        histories
                .computeIfAbsent(facts.stream(), name -> new StreamHistory(memory))
                .add(facts.role(), second);
    }

    void secondPassed(long epochSecond) {
        Deque<Map.Entry<String, StreamHistory>> ended = endedOldestFirst();
        while (!ended.isEmpty() && ended.getFirst().getValue().lastSecond() < epochSecond - KEPT_SECONDS) {
            forget(ended.removeFirst());
        }
        for (StreamHistory history : histories.values()) {
            while (!memory.has(StreamHistory.GREATEST_STEP_BYTES) && !ended.isEmpty()) {
                forget(ended.removeFirst());
            }
            history.secondPassed(epochSecond);
        }
        // A name without connection and without rows is nothing to keep.
        histories.values().removeIf(history -> history.lastSecond() < epochSecond && history.isEmpty());
        newestSecond = epochSecond;
    }

    private Deque<Map.Entry<String, StreamHistory>> endedOldestFirst() {
        return histories.entrySet().stream()
                .filter(entry -> !entry.getValue().hasConnections())
                .sorted(Comparator.comparingLong(entry -> entry.getValue().lastSecond()))
                .collect(toCollection(ArrayDeque::new));
    }

    private void forget(Map.Entry<String, StreamHistory> ended) {
        histories.remove(ended.getKey());
        ended.getValue().release();
    }

    int size() {
        return histories.size();
    }
}
