package io.millrace.relay.jmh;

import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.SequenceNumber;
import java.nio.ByteBuffer;

/** The full ACKs of one connection's peer, one after the other in the same buffer. */
public final class PeerAcks {
    private static final int ACK_NUMBER_AT = 4;
    private static final int WINDOW_PACKETS = 8_192;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(AckPacket.FULL_LENGTH);
    private final int initialSequenceNumber;
    private int ackNumber;

    public PeerAcks(SrtConnection connection) {
        initialSequenceNumber = connection.negotiated().initialSequenceNumber();
        AckPacket.writeSmall(
                packet, 0, initialSequenceNumber, 10_000, 500, WINDOW_PACKETS, 0, connection.localSocketId());
        AckPacket.writeRates(packet, 760, 50_000, 1_033_600);
        packet.flip();
    }

    /** The next ACK: everything before this offset from the connection's first packet has arrived. */
    public ByteBuffer next(long offset) {
        packet.putInt(ACK_NUMBER_AT, ++ackNumber);
        return packet.putInt(ControlHeader.LENGTH, SequenceNumber.plus(initialSequenceNumber, offset));
    }
}
