package io.millrace.relay.stream;

import io.millrace.relay.jmh.Encryption;
import io.millrace.relay.jmh.HotStep;
import io.millrace.relay.jmh.OpenConnections;
import io.millrace.relay.jmh.OpenConnections.OpenConnection;
import io.millrace.relay.jmh.PeerAcks;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A payload is put into a stream's log and written to a hundred subscribers; an operation is one packet for one of them.
 * A hundredth of the log's entry, a third of a byte, is an operation's garbage in clear.
 */
public class FanOutBenchmark extends HotStep {
    private static final int SUBSCRIBERS = 100;
    /** What is put into the log between two ACKs: 10 ms of 8 Mbit/s. */
    private static final int PAYLOADS = 8;

    private static final long LOG_SPAN_MICROS = 1_620_000;
    private static final long LOG_BYTES = 64L << 20;

    @Param({"CLEAR", "CTR_128", "GCM_128"})
    public Encryption encryption = Encryption.CLEAR;

    private final StreamLog log = new StreamLog(LOG_BYTES, LOG_SPAN_MICROS);
    private final byte[] bytes = new byte[PAYLOAD_BYTES];
    private final List<PeerAcks> acks = new ArrayList<>();
    private @Nullable OpenConnections connections;
    private long position;

    @Setup
    public void connect() {
        connections = new OpenConnections(SUBSCRIBERS, encryption);
        for (OpenConnection subscriber : connections.open()) {
            subscriber.connection().sendFrom(log, 0, 0);
            acks.add(new PeerAcks(subscriber.connection()));
        }
    }

    /** Nothing is in flight when an invocation starts. */
    @Setup(Level.Invocation)
    public void acknowledge() {
        for (int i = 0; i < SUBSCRIBERS; i++) {
            connections.receive(connections.open().get(i), acks.get(i).next(position));
        }
        connections.pass();
    }

    @TearDown
    public void checkThatAllWasSent() {
        for (OpenConnection subscriber : connections.open()) {
            ConnectionStatistics statistics = subscriber.connection().statistics(connections.nowMicros());
            check(statistics.value(Statistic.pktSentTotal) == position, "every payload was sent once");
            check(statistics.value(Statistic.pktFlightSize) == PAYLOADS, "ACKs were taken");
        }
    }

    /** Payloads come evenly, and each one is sent at once. */
    @Benchmark
    @OperationsPerInvocation(SUBSCRIBERS * PAYLOADS)
    public void oneByOne() {
        for (int i = 0; i < PAYLOADS; i++) {
            append();
            send();
        }
    }

    /** Eight payloads come together, and are sent together. */
    @Benchmark
    @OperationsPerInvocation(SUBSCRIBERS * PAYLOADS)
    public void eightTogether() {
        for (int i = 0; i < PAYLOADS; i++) {
            append();
        }
        send();
    }

    private void append() {
        connections.advance(PAYLOAD_INTERVAL_MICROS);
        log.put(position, connections.nowMicros(), bytes, connections.nowMicros());
        position++;
        log.settle(position);
    }

    private void send() {
        for (int i = 0; i < SUBSCRIBERS; i++) {
            connections.wake(connections.open().get(i));
        }
        connections.pass();
    }
}
