package io.millrace.srt.packet;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one gate for datagrams: what passes it can be read by the accessors of this package without a further check of
 * lengths. Never throws, allocates nothing.
 */
public final class PacketDecoder {
    private PacketDecoder() {}

    /** Why the datagram between the buffer's position and limit is not an SRT packet, or null if it is one. */
    public static @Nullable Malformed check(ByteBuffer datagram) {
        if (datagram.remaining() < DataHeader.LENGTH) {
            return Malformed.TOO_SHORT;
        }
        if (!isControl(datagram)) {
            return DataHeader.keyFlags(datagram) == 3 ? Malformed.BAD_KEY_FLAGS : null;
        }
        ControlType type = ControlHeader.type(datagram);
        if (type == null) {
            return Malformed.UNKNOWN_CONTROL_TYPE;
        }
        return switch (type) {
            case HANDSHAKE -> datagram.remaining() < HandshakePacket.FIXED_LENGTH ? Malformed.SHORT_HANDSHAKE : null;
            case ACK -> datagram.remaining() < AckPacket.LIGHT_LENGTH ? Malformed.SHORT_ACK : null;
            case NAK -> LossList.isWellFormed(datagram) ? null : Malformed.BAD_LOSS_LIST;
            case DROP_REQUEST -> DropRequest.isWellFormed(datagram) ? null : Malformed.BAD_DROP_REQUEST;
            case KEEP_ALIVE, CONGESTION_WARNING, SHUTDOWN, ACK_ACK, PEER_ERROR, USER_DEFINED -> null;
        };
    }

    /** F: whether this is a control packet. */
    public static boolean isControl(ByteBuffer packet) {
        return packet.getInt(packet.position()) < 0;
    }

    /** Destination socket ID, in the same place in every packet; 0 asks for a connection. */
    public static int destinationSocketId(ByteBuffer packet) {
        return packet.getInt(packet.position() + 12);
    }
}
