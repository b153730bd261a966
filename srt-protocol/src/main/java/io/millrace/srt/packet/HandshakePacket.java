package io.millrace.srt.packet;

import java.nio.ByteBuffer;

/**
 * Handshake, the fixed part. draft-sharabayko-srt §3.2.1. The extension blocks that may follow are read elsewhere.
 *
 * <pre>
 * |                            Version                            |
 * |        Encryption Field       |        Extension Field        |
 * |                 Initial Packet Sequence Number                |
 * |                 Maximum Transmission Unit Size                |
 * |                    Maximum Flow Window Size                   |
 * |                         Handshake Type                        |
 * |                         SRT Socket ID                         |
 * |                           SYN Cookie                          |
 * |                        Peer IP Address                        |
 * |                           (4 words)                           |
 * </pre>
 *
 * @param version 4 or 5
 * @param encryption key length / 8, only an announcement; 16 bits
 * @param extension {@link #SRT_MAGIC}, socket type or extension flags, by type; 16 bits
 * @param initialSequenceNumber 31 bits
 * @param maximumSegmentSize bytes, with the IP and UDP headers
 * @param flowWindow packets
 * @param type see the constants; 1000 and above is a rejection
 * @param socketId of the sender of this packet; in an induction response the caller's own
 * @param cookie SYN cookie
 * @param peerAddress the address that the sender of this packet sees its peer at; nobody checks it
 */
public record HandshakePacket(
        int version,
        int encryption,
        int extension,
        int initialSequenceNumber,
        int maximumSegmentSize,
        int flowWindow,
        int type,
        int socketId,
        int cookie,
        AddressField peerAddress) {
    /** Bytes on the wire without extension blocks. */
    public static final int FIXED_LENGTH = ControlHeader.LENGTH + 48;

    /** Handshake type: rendezvous, first message. */
    public static final int WAVE_A_HAND = 0;
    /** Handshake type: asks for, or carries, a cookie. */
    public static final int INDUCTION = 1;
    /** Handshake type: asks for, or grants, the connection. */
    public static final int CONCLUSION = -1;
    /** Handshake type: rendezvous, last message. */
    public static final int AGREEMENT = -2;
    /** Lowest handshake type that is a rejection. */
    public static final int FIRST_REJECTION = 1000;

    /** Extension field of an induction response: "this is SRT". */
    public static final int SRT_MAGIC = 0x4A17;
    /** Extension field of an induction request: the socket type of UDT that SRT grew from. */
    public static final int SOCKET_TYPE_DATAGRAM = 2;
    /** Extension field of a conclusion: an HSREQ or HSRSP block follows. */
    public static final int FLAG_HSREQ = 1;
    /** Extension field of a conclusion: a KMREQ or KMRSP block follows. */
    public static final int FLAG_KMREQ = 2;
    /** Extension field of a conclusion: other blocks follow. */
    public static final int FLAG_CONFIG = 4;

    /** Reads the handshake at the buffer's position; {@link PacketDecoder} has checked its length. */
    public static HandshakePacket read(ByteBuffer packet) {
        int at = packet.position() + ControlHeader.LENGTH;
        int fields = packet.getInt(at + 4);
        return new HandshakePacket(
                packet.getInt(at),
                fields >>> 16,
                fields & 0xFFFF,
                packet.getInt(at + 8),
                packet.getInt(at + 12),
                packet.getInt(at + 16),
                packet.getInt(at + 20),
                packet.getInt(at + 24),
                packet.getInt(at + 28),
                new AddressField(
                        packet.getInt(at + 32),
                        packet.getInt(at + 36),
                        packet.getInt(at + 40),
                        packet.getInt(at + 44)));
    }

    /** Writes header and fixed part at the position; extension blocks may follow. */
    public void write(ByteBuffer to, int timestamp, int destinationSocketId) {
        ControlHeader.write(to, ControlType.HANDSHAKE, 0, 0, timestamp, destinationSocketId);
        to.putInt(version).putInt(encryption << 16 | extension);
        to.putInt(initialSequenceNumber).putInt(maximumSegmentSize).putInt(flowWindow);
        to.putInt(type).putInt(socketId).putInt(cookie);
        peerAddress.write(to);
    }

    /** Whether this refuses a connection. */
    public boolean isRejection() {
        return type >= FIRST_REJECTION;
    }
}
