package io.millrace.srt.endpoint;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connections by our SRT socket ID: open addressing over an int key, so that a look-up allocates nothing. */
final class SocketIdTable {
    private static final int INITIAL_SLOTS = 64;

    private @Nullable ConnectionEntry[] slots = new ConnectionEntry[INITIAL_SLOTS];
    private int size;

    @Nullable
    ConnectionEntry get(int socketId) {
        for (int i = home(socketId); ; i = i + 1 & slots.length - 1) {
            ConnectionEntry entry = slots[i];
            if (entry == null || entry.connection.localSocketId() == socketId) {
                return entry;
            }
        }
    }

    void put(ConnectionEntry entry) {
        if (2 * size >= slots.length) {
            @Nullable ConnectionEntry[] old = slots;
            slots = new ConnectionEntry[2 * old.length];
            for (ConnectionEntry moved : old) {
                if (moved != null) {
                    insert(moved);
                }
            }
        }
        insert(entry);
        size++;
    }

    void remove(int socketId) {
        int hole = home(socketId);
        while (true) {
            ConnectionEntry entry = slots[hole];
            if (entry == null) {
                return;
            }
            if (entry.connection.localSocketId() == socketId) {
                break;
            }
            hole = hole + 1 & slots.length - 1;
        }
        // Close the hole: what was displaced past it moves back.
        slots[hole] = null;
        size--;
        for (int i = hole + 1 & slots.length - 1; ; i = i + 1 & slots.length - 1) {
            ConnectionEntry displaced = slots[i];
            if (displaced == null) {
                return;
            }
            slots[i] = null;
            insert(displaced);
        }
    }

    int size() {
        return size;
    }

    void forEach(Consumer<ConnectionEntry> consumer) {
        for (ConnectionEntry entry : slots.clone()) {
            if (entry != null) {
                consumer.accept(entry);
            }
        }
    }

    private void insert(ConnectionEntry entry) {
        int i = home(entry.connection.localSocketId());
        while (slots[i] != null) {
            i = i + 1 & slots.length - 1;
        }
        slots[i] = entry;
    }

    private int home(int socketId) {
        // Fibonacci hashing: IDs may be dense or random, both spread.
        return socketId * 0x9E37_79B9 >>> Integer.numberOfLeadingZeros(slots.length - 1);
    }
}
