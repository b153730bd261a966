package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * The control packets that say all they have to say in their header: keep-alive, ACKACK, shutdown, congestion warning
 * and peer error. draft-sharabayko-srt §3.2.3, §3.2.6 - §3.2.8.
 *
 * <p>libsrt sends four zero bytes after the header of each of them and so do we; none, or more, are accepted.
 */
public final class BareControlPacket {
    /** Bytes on the wire. */
    public static final int LENGTH = ControlHeader.LENGTH + 4;

    private BareControlPacket() {}

    /** Writes the packet at the position; {@code typeSpecific} is the ACK number of an ACKACK and 0 for the others. */
    public static void write(
            ByteBuffer to, ControlType type, int typeSpecific, int timestamp, int destinationSocketId) {
        ControlHeader.write(to, type, 0, typeSpecific, timestamp, destinationSocketId);
        to.putInt(0);
    }

    /** The word after the header, 0 where there is none. libsrt 1.6 says in it why it shuts down. */
    public static int information(ByteBuffer packet) {
        return ControlHeader.informationLength(packet) >= 4
                ? packet.getInt(packet.position() + ControlHeader.LENGTH)
                : 0;
    }
}
