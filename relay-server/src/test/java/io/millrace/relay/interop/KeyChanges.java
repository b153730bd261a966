package io.millrace.relay.interop;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts, over all connections of one direction, how often a sender went over to another key: SRT data packets that are
 * farther than all before, whose key flags (KK) are others than those of the last such one. Looks at what a link was given,
 * before any harm.
 */
final class KeyChanges {
    private static final int DATA_HEADER_BYTES = 16;
    private static final int CONTROL_BIT = 1 << 31;
    private static final int KEY_FLAGS_SHIFT = 27;
    /** What is sent again, or later than what follows it, still goes by the key that was in use when its turn was. */
    private record Newest(int sequenceNumber, int keyFlags) {
        boolean isAtOrAfter(int other) {
            // Sequence numbers have 31 bits.
            return (sequenceNumber - other) << 1 >= 0;
        }
    }

    private final Map<Integer, Newest> newest = new HashMap<>();
    private final AtomicLong number = new AtomicLong();

    /** Leaves the datagram's position as it is. */
    void look(ByteBuffer datagram) {
        int start = datagram.position();
        if (datagram.remaining() <= DATA_HEADER_BYTES || (datagram.getInt(start) & CONTROL_BIT) != 0) {
            return;
        }
        int sequenceNumber = datagram.getInt(start);
        int keyFlags = datagram.getInt(start + 4) >> KEY_FLAGS_SHIFT & 3;
        int socketId = datagram.getInt(start + 12);
        Newest before = newest.get(socketId);
        if (before != null && before.isAtOrAfter(sequenceNumber)) {
            return;
        }
        newest.put(socketId, new Newest(sequenceNumber, keyFlags));
        if (before != null && before.keyFlags != keyFlags) {
            number.incrementAndGet();
        }
    }

    long number() {
        return number.get();
    }
}
