package io.millrace.srt.packet;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Packets as a peer would send them, for tests. Each lies in a buffer that does not start at position 0. */
public final class Packets {
    /** Destination of all packets: our side's socket ID. */
    public static final int DESTINATION = 0x1234567;

    private Packets() {}

    /** A data packet of a message of its own, sent for the first time and clear. */
    public static ByteBuffer data(int sequenceNumber, int timestamp, byte[] payload) {
        return data(sequenceNumber, timestamp, false, payload);
    }

    /** A data packet. */
    public static ByteBuffer data(int sequenceNumber, int timestamp, boolean retransmitted, byte[] payload) {
        return written(to -> {
            DataHeader.write(to, sequenceNumber, MessageNumber.FIRST, 0, retransmitted, timestamp, DESTINATION);
            to.put(payload);
        });
    }

    /** The same data packet as if encrypted with the even key. */
    public static ByteBuffer encrypted(ByteBuffer data) {
        int at = data.position() + 4;
        return data.putInt(at, data.getInt(at) | 1 << 27);
    }

    /** KMREQ or KMRSP with this content. */
    public static ByteBuffer keyMaterial(int subtype, ByteBuffer content) {
        return written(to -> {
            KeyMaterialPacket.writeHeader(to, subtype, 0, DESTINATION);
            to.put(content.duplicate());
        });
    }

    /** A full ACK. */
    public static ByteBuffer ack(int number, int sequenceNumber, int rttMicros, int varianceMicros, int window) {
        return written(to -> {
            AckPacket.writeSmall(to, number, sequenceNumber, rttMicros, varianceMicros, window, 0, DESTINATION);
            AckPacket.writeRates(to, 1_000, 10_000, 1_360_000);
        });
    }

    /** A light ACK. */
    public static ByteBuffer lightAck(int sequenceNumber) {
        return written(to -> AckPacket.writeLight(to, sequenceNumber, 0, DESTINATION));
    }

    /** A NAK of ranges: first and last sequence number of each in turn. */
    public static ByteBuffer nak(int... firstAndLast) {
        return written(to -> {
            LossList.writeHeader(to, 0, DESTINATION);
            for (int i = 0; i < firstAndLast.length; i += 2) {
                LossList.writeRange(to, firstAndLast[i], firstAndLast[i + 1]);
            }
        });
    }

    /** A drop request. */
    public static ByteBuffer dropRequest(int first, int last) {
        return written(to -> DropRequest.write(to, 0, first, last, 0, DESTINATION));
    }

    /** A control packet that is all header. */
    public static ByteBuffer bare(ControlType type, int typeSpecific, int timestamp) {
        return written(to -> BareControlPacket.write(to, type, typeSpecific, timestamp, DESTINATION));
    }

    private static ByteBuffer written(Consumer<ByteBuffer> writer) {
        ByteBuffer to = ByteBuffer.allocate(64 * 1024).position(7);
        writer.accept(to);
        to.limit(to.position()).position(7);
        if (PacketDecoder.check(to) != null) {
            throw new IllegalArgumentException("not a packet: " + PacketDecoder.check(to));
        }
        return to;
    }
}
