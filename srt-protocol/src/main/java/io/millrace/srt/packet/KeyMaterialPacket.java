package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * The control packets that carry key material: a {@link ControlType#USER_DEFINED} packet with its subtype, and the message
 * behind the header. draft-sharabayko-srt §3.2.2, §6.1.6.
 */
public final class KeyMaterialPacket {
    /** Subtype of the message itself. */
    public static final int KMREQ = 3;
    /** Subtype of its answer. */
    public static final int KMRSP = 4;
    /** Bytes before the message. */
    public static final int HEADER_LENGTH = ControlHeader.LENGTH;

    private KeyMaterialPacket() {}

    /** The message, a view between the header and the limit. */
    public static ByteBuffer content(ByteBuffer packet) {
        return packet.slice(packet.position() + HEADER_LENGTH, packet.remaining() - HEADER_LENGTH);
    }

    /** Writes the header at the position and moves the position behind it, where the message belongs. */
    public static void writeHeader(ByteBuffer to, int subtype, int timestamp, int destinationSocketId) {
        ControlHeader.write(to, ControlType.USER_DEFINED, subtype, 0, timestamp, destinationSocketId);
    }
}
