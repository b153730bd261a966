package io.millrace.srt.endpoint;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When each connection wants to be looked at: a plain array that is scanned whole. A scan of a thousand takes about a
 * microsecond, while a heap would have to be kept in order with every packet.
 */
final class Deadlines {
    private static final int INITIAL_CAPACITY = 16;

    private long[] deadlines = new long[INITIAL_CAPACITY];
    private @Nullable ConnectionEntry[] entries = new ConnectionEntry[INITIAL_CAPACITY];
    private int size;

    void add(ConnectionEntry entry) {
        if (size == deadlines.length) {
            deadlines = Arrays.copyOf(deadlines, 2 * size);
            entries = Arrays.copyOf(entries, 2 * size);
        }
        deadlines[size] = Long.MAX_VALUE;
        entries[size] = entry;
        entry.deadlineIndex = size++;
    }

    void remove(ConnectionEntry entry) {
        size--;
        ConnectionEntry last = entries[size];
        if (last != null) {
            entries[entry.deadlineIndex] = last;
            deadlines[entry.deadlineIndex] = deadlines[size];
            last.deadlineIndex = entry.deadlineIndex;
        }
        entries[size] = null;
    }

    void set(ConnectionEntry entry, long deadlineMicros) {
        deadlines[entry.deadlineIndex] = deadlineMicros;
    }

    long earliestMicros() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            earliest = Math.min(earliest, deadlines[i]);
        }
        return earliest;
    }

    /** Hands over every entry whose deadline has come. The consumer must not add or remove entries. */
    void forEachExpired(long nowMicros, Consumer<ConnectionEntry> consumer) {
        for (int i = 0; i < size; i++) {
            ConnectionEntry entry = entries[i];
            if (deadlines[i] <= nowMicros && entry != null) {
                consumer.accept(entry);
            }
        }
    }
}
