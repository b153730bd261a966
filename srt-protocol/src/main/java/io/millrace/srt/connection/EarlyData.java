package io.millrace.srt.connection;

import io.millrace.srt.receive.Receiver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The data packets that came before the owner of a connection said who receives them: whoever is called sends at once, and
 * what it sends is read together with its conclusion.
 */
final class EarlyData {
    /** Beyond that they are dropped, and sent again. */
    static final int MOST_PACKETS = 256;

    private final List<Early> packets = new ArrayList<>();

    private record Early(ByteBuffer packet, long arrivedMicros) {}

    /** Keeps a copy of a packet; false if there is no room. */
    boolean add(ByteBuffer packet, long nowMicros) {
        if (packets.size() >= MOST_PACKETS) {
            return false;
        }
        ByteBuffer copy = ByteBuffer.allocate(packet.remaining());
        packets.add(new Early(copy.put(packet.duplicate()).flip(), nowMicros));
        return true;
    }

    void giveTo(Receiver receiver) {
        packets.forEach(early -> receiver.onData(early.packet, early.arrivedMicros));
    }

    int size() {
        return packets.size();
    }
}
