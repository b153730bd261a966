package io.millrace.relay.jmh;

import io.millrace.relay.jmh.OpenConnections.OpenConnection;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.crypto.KeyFlags;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.MessageNumber;
import io.millrace.srt.packet.SequenceNumber;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A data packet in clear comes from a publisher, up to where its payload is handed over, and what the endpoint answers
 * is written. The payload itself, copied once, is 1,336 bytes of an operation's garbage.
 */
public class ReceiveBenchmark extends HotStep implements PayloadReceiver {
    private static final int BURST = 10;
    private static final int BURSTS = 10;
    private static final int PACKETS = BURST * BURSTS;
    /** Which of {@link #PACKETS} comes late. */
    private static final int LATE = 55;

    private static final long TICK_MICROS = 10_000;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(DataHeader.LENGTH + PAYLOAD_BYTES);
    private @Nullable OpenConnections connections;
    private @Nullable OpenConnection publisher;
    private long offset;
    private long received;

    /** Public, so that the payload can't be optimised away. */
    public byte @Nullable [] newest;

    @Setup
    public void connect() {
        connections = new OpenConnections(1, Encryption.CLEAR);
        publisher = connections.open().get(0);
        publisher.connection().receiveInto(this, Delivery.ON_ARRIVAL);
    }

    @TearDown
    public void checkThatAllWasTaken() {
        // The packet that is late in the last round never comes.
        check(received >= offset - 1, "every packet was handed over once");
        ConnectionStatistics statistics = publisher.connection().statistics(connections.nowMicros());
        check(statistics.value(Statistic.pktRcvDropTotal) == 0, "no packet was given up");
    }

    @Override
    public void received(long packetOffset, long originMicros, byte[] payload) {
        received++;
        newest = payload;
    }

    @Override
    public void settled(long settledOffset) {}

    /** Nothing is missing; ten packets are read together. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void inOrder() {
        for (int burst = 0; burst < BURSTS; burst++) {
            for (int i = 0; i < BURST; i++) {
                receive(offset++, false);
            }
            connections.pass();
        }
    }

    /** One packet of a hundred is missing, asked for, and comes as a retransmission a hundred packets later. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void onePercentLate() {
        for (int burst = 0; burst < BURSTS; burst++) {
            for (int i = 0; i < BURST; i++) {
                boolean late = burst * BURST + i == LATE;
                if (!late) {
                    receive(offset, false);
                } else if (offset >= PACKETS) {
                    receive(offset - PACKETS, true);
                }
                offset++;
            }
            connections.pass();
        }
    }

    /** One packet comes, then the timer rings and a full ACK is written, as every 10 ms of a stream. */
    @Benchmark
    public void packetAndFullAck() {
        receive(offset++, false);
        connections.pass();
        connections.advance(TICK_MICROS);
        connections.handleTimeout();
        connections.pass();
    }

    private void receive(long packetOffset, boolean retransmitted) {
        connections.advance(PAYLOAD_INTERVAL_MICROS);
        packet.clear();
        DataHeader.write(
                packet,
                SequenceNumber.plus(publisher.connection().negotiated().initialSequenceNumber(), packetOffset),
                MessageNumber.ofOffset(packetOffset),
                KeyFlags.CLEAR,
                retransmitted,
                publisher.callersEnd().timestamp(connections.nowMicros()),
                publisher.connection().localSocketId());
        connections.receive(publisher, packet.rewind());
    }
}
