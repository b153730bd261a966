package io.millrace.relay.interop;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts, over all connections of one direction, how often a sender went over to another key: SRT data packets, sent for
 * the first time, whose key flags (KK) are not those of the one before. Looks at what a link was given, before any harm.
 */
final class KeyChanges {
    private static final int DATA_HEADER_BYTES = 16;
    private static final int CONTROL_BIT = 1 << 31;
    private static final int KEY_FLAGS_SHIFT = 27;
    private static final int RETRANSMITTED_BIT = 1 << 26;

    private final Map<Integer, Integer> lastFlags = new HashMap<>();
    private final AtomicLong number = new AtomicLong();

    /** Leaves the datagram's position as it is. */
    void look(ByteBuffer datagram) {
        int start = datagram.position();
        if (datagram.remaining() <= DATA_HEADER_BYTES || (datagram.getInt(start) & CONTROL_BIT) != 0) {
            return;
        }
        int word = datagram.getInt(start + 4);
        if ((word & RETRANSMITTED_BIT) != 0) {
            return;
        }
        int flags = word >> KEY_FLAGS_SHIFT & 3;
        int socketId = datagram.getInt(start + 12);
        Integer before = lastFlags.put(socketId, flags);
        if (before != null && before != flags) {
            number.incrementAndGet();
        }
    }

    long number() {
        return number.get();
    }
}
