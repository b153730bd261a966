package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * Header of a data packet. draft-sharabayko-srt §3.1.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0|                    Packet Sequence Number                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |P P|O|K K|R|                   Message Number                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                           Timestamp                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     Destination Socket ID                     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * Every accessor reads the packet that starts at the buffer's position; nothing is allocated.
 */
public final class DataHeader {
    /** Bytes before the payload. */
    public static final int LENGTH = 16;

    /** Bytes of headers that rates, statistics and the segment size count with each packet: 16 SRT, 8 UDP, 20 IP. */
    public static final int COUNTED_LENGTH = 44;

    /** PP=11: a message that fits one packet, the only kind in live mode. */
    private static final int SOLO = 0xC000_0000;

    private static final int RETRANSMITTED = 0x0400_0000;

    private DataHeader() {}

    /** 31-bit packet sequence number. */
    public static int sequenceNumber(ByteBuffer packet) {
        return packet.getInt(packet.position()) & SequenceNumber.MAX;
    }

    /** PP: 2 first, 1 last, 3 only, 0 middle packet of a message. */
    public static int boundary(ByteBuffer packet) {
        return packet.getInt(packet.position() + 4) >>> 30;
    }

    /** O. Some senders set it in live mode, so it means nothing there. */
    public static boolean isInOrder(ByteBuffer packet) {
        return (packet.getInt(packet.position() + 4) & 0x2000_0000) != 0;
    }

    /** KK: 0 clear, 1 even key, 2 odd key. */
    public static int keyFlags(ByteBuffer packet) {
        return packet.getInt(packet.position() + 4) >>> 27 & 3;
    }

    /** R. */
    public static boolean isRetransmitted(ByteBuffer packet) {
        return (packet.getInt(packet.position() + 4) & RETRANSMITTED) != 0;
    }

    /** 26-bit message number; 0 marks a packet of the packet filter. */
    public static int messageNumber(ByteBuffer packet) {
        return packet.getInt(packet.position() + 4) & MessageNumber.MAX;
    }

    /** Timestamp field, for {@link PacketTimestamp#unwrap}. */
    public static int timestamp(ByteBuffer packet) {
        return packet.getInt(packet.position() + 8);
    }

    /** Bytes of payload, from the buffer's limit. */
    public static int payloadLength(ByteBuffer packet) {
        return packet.remaining() - LENGTH;
    }

    /** Writes the header of a whole message at the position and moves the position behind it; {@code keyFlags} is KK. */
    public static void write(
            ByteBuffer to,
            int sequenceNumber,
            int messageNumber,
            int keyFlags,
            boolean retransmitted,
            int timestamp,
            int destinationSocketId) {
        to.putInt(sequenceNumber);
        to.putInt(SOLO | keyFlags << 27 | (retransmitted ? RETRANSMITTED : 0) | messageNumber);
        to.putInt(timestamp);
        to.putInt(destinationSocketId);
    }
}
