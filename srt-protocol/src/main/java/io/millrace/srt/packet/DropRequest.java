package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * Message drop request: the sender will not send these packets (again). draft-sharabayko-srt §3.2.9.
 *
 * <pre>
 * |                First Packet Sequence Number                   |
 * |                Last Packet Sequence Number                    |
 * </pre>
 *
 * The type-specific word of the header is the message number, 0 where only the range counts.
 */
public final class DropRequest {
    /** Bytes on the wire. */
    public static final int LENGTH = ControlHeader.LENGTH + 8;

    private DropRequest() {}

    /** First sequence number of the range. */
    public static int first(ByteBuffer packet) {
        return packet.getInt(packet.position() + ControlHeader.LENGTH);
    }

    /** Last sequence number of the range, included. */
    public static int last(ByteBuffer packet) {
        return packet.getInt(packet.position() + ControlHeader.LENGTH + 4);
    }

    /** Whether both ends are sequence numbers, in order and less than half of the number space apart. */
    static boolean isWellFormed(ByteBuffer packet) {
        return packet.remaining() >= LENGTH
                && SequenceNumber.isValid(first(packet))
                && SequenceNumber.isValid(last(packet))
                && SequenceNumber.distance(first(packet), last(packet)) >= 0;
    }

    /** Writes the packet at the position. */
    public static void write(
            ByteBuffer to, int messageNumber, int first, int last, int timestamp, int destinationSocketId) {
        ControlHeader.write(to, ControlType.DROP_REQUEST, 0, messageNumber, timestamp, destinationSocketId);
        to.putInt(first).putInt(last);
    }
}
