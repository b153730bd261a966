package io.millrace.relay.jmh;

import io.millrace.relay.jmh.OpenConnections.OpenConnection;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.packet.Payload;
import io.millrace.srt.send.PayloadLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A full ACK comes from one of a hundred subscribers, each further than the one before, and is answered by an ACKACK.
 * That of each subscriber comes every 10 ms.
 */
public class AckBenchmark extends HotStep {
    private static final int SUBSCRIBERS = 100;
    private static final int ROUNDS = 64;
    /** Packets of a stream of 8 Mbit/s in 10 ms. */
    private static final int PACKETS_PER_ACK = 8;

    private static final long ACK_INTERVAL_MICROS = 10_000;

    private final SparseLog log = new SparseLog();
    private final List<PeerAcks> acks = new ArrayList<>();
    private @Nullable OpenConnections connections;
    private long acknowledged;
    private long ackCount;

    @Setup
    public void connect() {
        connections = new OpenConnections(SUBSCRIBERS, Encryption.CLEAR);
        for (OpenConnection subscriber : connections.open()) {
            subscriber.connection().sendFrom(log, 0, 0);
            acks.add(new PeerAcks(subscriber.connection()));
        }
    }

    /** Sends one packet so far ahead that there is enough to be acknowledged. */
    @Setup(Level.Invocation)
    public void send() {
        log.append(acknowledged + (long) ROUNDS * PACKETS_PER_ACK, connections.nowMicros());
        connections.open().forEach(connections::wake);
        connections.pass();
    }

    @TearDown
    public void checkThatAllWasTaken() {
        for (OpenConnection subscriber : connections.open()) {
            ConnectionStatistics statistics = subscriber.connection().statistics(connections.nowMicros());
            check(statistics.value(Statistic.pktRecvACKTotal) == ackCount, "every ACK was taken");
            // The one packet that is sent before each invocation.
            check(statistics.value(Statistic.pktFlightSize) == 1, "everything before the newest is acknowledged");
        }
    }

    @Benchmark
    @OperationsPerInvocation(SUBSCRIBERS * ROUNDS)
    public void ackAndAckAck() {
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged += PACKETS_PER_ACK;
            ackCount++;
            connections.advance(ACK_INTERVAL_MICROS);
            for (int i = 0; i < SUBSCRIBERS; i++) {
                connections.receive(connections.open().get(i), acks.get(i).next(acknowledged));
            }
            connections.pass();
        }
    }

    /**
     * A log in which only the newest payload is left. Senders send it and take what lies before it for sent, so that ACKs
     * can be had without the packets that they are for.
     */
    private static final class SparseLog implements PayloadLog {
        private final byte[] bytes = new byte[PAYLOAD_BYTES];
        private long arrivals;
        private @Nullable Payload newest;

        void append(long position, long nowMicros) {
            newest = new Payload(position, nowMicros, bytes);
            arrivals++;
        }

        @Override
        public long arrivalEnd() {
            return arrivals;
        }

        @Override
        public long oldestArrival() {
            return Math.max(0, arrivals - 1);
        }

        @Override
        public long positionOfArrival(long arrival) {
            return newest != null && arrival == arrivals - 1 ? newest.position() : -1;
        }

        @Override
        public @Nullable Payload payloadAt(long position) {
            return newest != null && newest.position() == position ? newest : null;
        }

        @Override
        public long settledEnd() {
            return newest == null ? 0 : newest.position() + 1;
        }
    }
}
