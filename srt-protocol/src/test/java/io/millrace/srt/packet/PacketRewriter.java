package io.millrace.srt.packet;

import io.millrace.srt.handshake.HandshakeExtensions;
import java.nio.ByteBuffer;

/** Reads a packet field by field and writes a new one from the fields: nothing of it is copied but opaque payload. */
final class PacketRewriter {
    private PacketRewriter() {}

    /** The packet again, from position to limit of a new buffer whose position is not that of the old one. */
    static ByteBuffer rewrite(ByteBuffer packet) {
        ByteBuffer to = ByteBuffer.allocate(packet.remaining() + 50).position(3);
        if (PacketDecoder.isControl(packet)) {
            rewriteControl(packet, to);
        } else {
            rewriteData(packet, to);
        }
        return to.limit(to.position()).position(3);
    }

    private static void rewriteData(ByteBuffer packet, ByteBuffer to) {
        int at = to.position();
        DataHeader.write(
                to,
                DataHeader.sequenceNumber(packet),
                DataHeader.messageNumber(packet),
                0,
                DataHeader.isRetransmitted(packet),
                DataHeader.timestamp(packet),
                PacketDecoder.destinationSocketId(packet));
        // What we never send: another boundary than "solo", the order flag.
        int word = to.getInt(at + 4) & 0x07FF_FFFF;
        word |= DataHeader.boundary(packet) << 30;
        word |= DataHeader.isInOrder(packet) ? 0x2000_0000 : 0;
        word |= DataHeader.keyFlags(packet) << 27;
        to.putInt(at + 4, word);
        copyRest(packet, DataHeader.LENGTH, to);
        assert DataHeader.payloadLength(packet) == to.position() - at - DataHeader.LENGTH;
    }

    private static void rewriteControl(ByteBuffer packet, ByteBuffer to) {
        ControlType type = ControlHeader.type(packet);
        int timestamp = ControlHeader.timestamp(packet);
        int destination = PacketDecoder.destinationSocketId(packet);
        switch (type) {
            case HANDSHAKE -> {
                HandshakePacket.read(packet).write(to, timestamp, destination);
                HandshakeExtensions.read(packet).write(to);
            }
            case ACK -> rewriteAck(packet, to);
            case NAK -> {
                LossList.writeHeader(to, timestamp, destination);
                LossList.forEach(packet, (first, last) -> LossList.writeRange(to, first, last));
            }
            case DROP_REQUEST ->
                DropRequest.write(
                        to,
                        ControlHeader.typeSpecific(packet),
                        DropRequest.first(packet),
                        DropRequest.last(packet),
                        timestamp,
                        destination);
            case KEEP_ALIVE, CONGESTION_WARNING, SHUTDOWN, ACK_ACK, PEER_ERROR -> {
                BareControlPacket.write(to, type, ControlHeader.typeSpecific(packet), timestamp, destination);
                to.putInt(to.position() - 4, BareControlPacket.information(packet));
            }
            case USER_DEFINED -> {
                ControlHeader.write(
                        to,
                        type,
                        ControlHeader.subtype(packet),
                        ControlHeader.typeSpecific(packet),
                        timestamp,
                        destination);
                copyRest(packet, ControlHeader.LENGTH, to);
            }
        }
    }

    private static void rewriteAck(ByteBuffer packet, ByteBuffer to) {
        int timestamp = ControlHeader.timestamp(packet);
        int destination = PacketDecoder.destinationSocketId(packet);
        if (!AckPacket.hasRoundTrip(packet)) {
            AckPacket.writeLight(to, AckPacket.sequenceNumber(packet), timestamp, destination);
            return;
        }
        int at = to.position();
        AckPacket.writeSmall(
                to,
                AckPacket.ackNumber(packet),
                AckPacket.sequenceNumber(packet),
                AckPacket.rttMicros(packet),
                AckPacket.rttVarianceMicros(packet),
                AckPacket.availableBufferPackets(packet),
                timestamp,
                destination);
        if (AckPacket.hasRates(packet)) {
            AckPacket.writeRates(
                    to,
                    AckPacket.receivingRatePackets(packet),
                    AckPacket.linkCapacityPackets(packet),
                    AckPacket.receivingRateBytes(packet));
            // Old peers leave the last word out.
            to.position(at + Math.min(AckPacket.FULL_LENGTH, packet.remaining()));
        }
    }

    private static void copyRest(ByteBuffer packet, int from, ByteBuffer to) {
        to.put(packet.duplicate().position(packet.position() + from));
    }
}
