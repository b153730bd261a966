package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * Acknowledgement. draft-sharabayko-srt §3.2.4.
 *
 * <p>A full ACK has all seven words, a small one the first four, a light one only the first. The type-specific word of
 * the header is the ACK number, 0 in a light ACK, which is not answered.
 *
 * <pre>
 * |            Last Acknowledged Packet Sequence Number           |
 * |                              RTT                              |
 * |                          RTT Variance                         |
 * |                     Available Buffer Size                     |
 * |                     Packets Receiving Rate                    |
 * |                     Estimated Link Capacity                   |
 * |                         Receiving Rate                        |
 * </pre>
 */
public final class AckPacket {
    /** Bytes on the wire of a full ACK. */
    public static final int FULL_LENGTH = ControlHeader.LENGTH + 28;
    /** Bytes on the wire of a small ACK. */
    public static final int SMALL_LENGTH = ControlHeader.LENGTH + 16;
    /** Bytes on the wire of a light ACK. */
    public static final int LIGHT_LENGTH = ControlHeader.LENGTH + 4;

    private AckPacket() {}

    /** Number that the ACKACK repeats; 0 in a light ACK. */
    public static int ackNumber(ByteBuffer packet) {
        return ControlHeader.typeSpecific(packet);
    }

    /** First sequence number that the receiver does not have yet. Bit 31 is set in a broken one (seen in the field). */
    public static int sequenceNumber(ByteBuffer packet) {
        return word(packet, 0);
    }

    /** Whether RTT, its variance and the buffer size are there. */
    public static boolean hasRoundTrip(ByteBuffer packet) {
        return ControlHeader.informationLength(packet) >= 16;
    }

    /** Whether the rates and the link capacity are there too. */
    public static boolean hasRates(ByteBuffer packet) {
        return ControlHeader.informationLength(packet) >= 24;
    }

    /** Smoothed round-trip time, microseconds. */
    public static int rttMicros(ByteBuffer packet) {
        return word(packet, 1);
    }

    /** Round-trip time variance, microseconds. */
    public static int rttVarianceMicros(ByteBuffer packet) {
        return word(packet, 2);
    }

    /** Free receive buffer, packets. */
    public static int availableBufferPackets(ByteBuffer packet) {
        return word(packet, 3);
    }

    /** Packets received per second. */
    public static int receivingRatePackets(ByteBuffer packet) {
        return word(packet, 4);
    }

    /** Estimated link capacity, packets per second. */
    public static int linkCapacityPackets(ByteBuffer packet) {
        return word(packet, 5);
    }

    /** Bytes received per second, or 0 where an old peer leaves the word out. */
    public static int receivingRateBytes(ByteBuffer packet) {
        return ControlHeader.informationLength(packet) >= 28 ? word(packet, 6) : 0;
    }

    /** Writes a light ACK at the position. */
    public static void writeLight(ByteBuffer to, int sequenceNumber, int timestamp, int destinationSocketId) {
        ControlHeader.write(to, ControlType.ACK, 0, 0, timestamp, destinationSocketId);
        to.putInt(sequenceNumber);
    }

    /** Writes a small ACK at the position. */
    public static void writeSmall(
            ByteBuffer to,
            int ackNumber,
            int sequenceNumber,
            int rttMicros,
            int rttVarianceMicros,
            int availableBufferPackets,
            int timestamp,
            int destinationSocketId) {
        ControlHeader.write(to, ControlType.ACK, 0, ackNumber, timestamp, destinationSocketId);
        to.putInt(sequenceNumber).putInt(rttMicros).putInt(rttVarianceMicros).putInt(availableBufferPackets);
    }

    /** Makes the small ACK just written a full one. */
    public static void writeRates(
            ByteBuffer to, int receivingRatePackets, int linkCapacityPackets, int receivingRateBytes) {
        to.putInt(receivingRatePackets).putInt(linkCapacityPackets).putInt(receivingRateBytes);
    }

    private static int word(ByteBuffer packet, int index) {
        return packet.getInt(packet.position() + ControlHeader.LENGTH + 4 * index);
    }
}
