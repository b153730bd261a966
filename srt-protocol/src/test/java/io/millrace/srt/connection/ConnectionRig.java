package io.millrace.srt.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.WrittenPackets;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.millrace.srt.receive.TsbpdClock;
import io.millrace.srt.send.SendBuffer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A connection in virtual time, driven as its endpoint does it. */
final class ConnectionRig implements PayloadReceiver {
    static final long MILLI = 1_000;
    static final long SECOND = 1_000_000;
    static final long ZERO = 900_000_000_000L;
    static final int FIRST = 1_000;
    static final int LATENCY_MILLIS = 6_000;

    final SrtConnection connection;
    final SendBuffer source = new SendBuffer(64);
    final List<Long> delivered = new ArrayList<>();
    final List<ByteBuffer> written = new ArrayList<>();
    long now = ZERO;
    int timeouts;

    private final WrittenPackets sink = new WrittenPackets();

    ConnectionRig() {
        this(LATENCY_MILLIS);
    }

    ConnectionRig(int latencyMillis) {
        this(latencyMillis, KeyAgreement.Clear.CLEAR, RefreshPeriod.DEFAULT);
    }

    ConnectionRig(int latencyMillis, KeyAgreement agreement, RefreshPeriod period) {
        connection = new SrtConnection(
                5,
                new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000), 77, ZERO - 60 * SECOND),
                new Negotiated(
                        FIRST,
                        SrtExtension.OUR_VERSION,
                        SrtExtension.OUR_FLAGS,
                        latencyMillis,
                        latencyMillis,
                        1500,
                        8192,
                        ""),
                agreement,
                ConnectionSettings.DEFAULT.withRefreshPeriod(period),
                new TsbpdClock(ZERO, 0),
                new java.util.Random(1),
                ZERO);
    }

    ConnectionRig receiving(Delivery delivery) {
        connection.receiveInto(this, delivery);
        return this;
    }

    ConnectionRig sending() {
        connection.sendFrom(source, 0, 0);
        return this;
    }

    @Override
    public void received(long offset, long originMicros, byte[] payload) {
        delivered.add(offset);
    }

    @Override
    public void settled(long offset) {}

    void handle(ByteBuffer packet) {
        connection.handlePacket(packet, now);
        drain();
    }

    void publish(int bytes) {
        source.append(now, new byte[bytes]);
        drain();
    }

    void run(long micros) {
        long end = now + micros;
        while (connection.closeReason() == null && connection.nextTimeoutMicros() <= end) {
            now = Math.max(now, connection.nextTimeoutMicros());
            assertThat(++timeouts).as("timeouts without an end").isLessThan(10_000);
            connection.handleTimeout(now);
            drain();
        }
        now = end;
    }

    /** By how much the counters change: everything with a name that ends on Total, and what else only events move. */
    Map<Statistic, Double> countersMovedBy(Runnable event) {
        Map<Statistic, Double> before = snapshot();
        event.run();
        Map<Statistic, Double> moved = new EnumMap<>(Statistic.class);
        snapshot().forEach((statistic, value) -> {
            double change = value - before.get(statistic);
            if (isCounter(statistic) && change != 0) {
                moved.put(statistic, change);
            }
        });
        return moved;
    }

    private static boolean isCounter(Statistic statistic) {
        return (statistic.name().endsWith("Total") && statistic != Statistic.usSndDurationTotal)
                || statistic == Statistic.pktReorderDistance
                || statistic == Statistic.pktRcvAvgBelatedTime;
    }

    Map<Statistic, Double> snapshot() {
        Map<Statistic, Double> values = new EnumMap<>(Statistic.class);
        connection.statistics(now).forEach(values::put);
        return values;
    }

    double value(Statistic statistic) {
        return connection.statistics(now).value(statistic);
    }

    private void drain() {
        if (connection.closeReason() == null) {
            connection.drain(sink, now, 0);
            written.addAll(sink.take());
        }
    }
}
