package io.millrace.relay.jmh;

import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.PacketDecoder;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** A datagram is checked, and every field read that its handling needs. */
public class DecodeBenchmark extends HotStep {
    private static final int DATAGRAMS = 64;
    private static final int SOCKET_ID = 0x1234_5678;

    private final ByteBuffer[] data = new ByteBuffer[DATAGRAMS];
    private final ByteBuffer[] acks = new ByteBuffer[DATAGRAMS];
    private int next;

    @Setup
    public void write() {
        for (int i = 0; i < DATAGRAMS; i++) {
            data[i] = ByteBuffer.allocateDirect(DataHeader.LENGTH + PAYLOAD_BYTES);
            DataHeader.write(data[i], 1_000 + i, 1 + i, i & 1, false, 1_316 * i, SOCKET_ID);
            data[i].rewind();
            acks[i] = ByteBuffer.allocateDirect(AckPacket.FULL_LENGTH);
            AckPacket.writeSmall(acks[i], 1 + i, 1_000 + 8 * i, 10_000 + i, 500, 8_192 - i, 10_000 * i, SOCKET_ID);
            AckPacket.writeRates(acks[i], 760, 50_000, 1_033_600);
            acks[i].rewind();
        }
    }

    @Benchmark
    public int dataPacket() {
        ByteBuffer packet = data[next++ & DATAGRAMS - 1];
        if (PacketDecoder.check(packet) != null || PacketDecoder.isControl(packet)) {
            return 0;
        }
        return PacketDecoder.destinationSocketId(packet)
                ^ DataHeader.sequenceNumber(packet)
                ^ DataHeader.messageNumber(packet)
                ^ DataHeader.keyFlags(packet)
                ^ (DataHeader.isRetransmitted(packet) ? 1 : 0)
                ^ DataHeader.timestamp(packet)
                ^ DataHeader.payloadLength(packet);
    }

    @Benchmark
    public int ack() {
        ByteBuffer packet = acks[next++ & DATAGRAMS - 1];
        if (PacketDecoder.check(packet) != null || ControlHeader.type(packet) != ControlType.ACK) {
            return 0;
        }
        return PacketDecoder.destinationSocketId(packet)
                ^ AckPacket.ackNumber(packet)
                ^ AckPacket.sequenceNumber(packet)
                ^ (AckPacket.hasRoundTrip(packet) ? AckPacket.rttMicros(packet) : 0)
                ^ AckPacket.rttVarianceMicros(packet)
                ^ AckPacket.availableBufferPackets(packet)
                ^ (AckPacket.hasRates(packet) ? AckPacket.linkCapacityPackets(packet) : 0);
    }
}
