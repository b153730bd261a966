package io.millrace.relay.bench;

import io.millrace.srt.endpoint.DatagramEndpoint;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.StraySink;
import io.millrace.srt.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint behind a bad network: stands between it and the driver of its socket, and loses and delays the datagrams
 * that pass in both directions. So neither the protocol nor the transport knows of it, it costs no other socket or
 * thread, and what is not impaired does not meet it.
 *
 * <p>Datagrams arrive on the grid of a millisecond: up to so much later than after the delay, which saves timers.
 */
final class ImpairedEndpoint implements DatagramEndpoint {
    private static final int MAX_DATAGRAM_BYTES = 2_048;
    private static final long GRID_MICROS = 1_000;

    private final DatagramEndpoint endpoint;
    private final RandomGenerator random;
    private final double loss;
    private final long delayMicros;
    /** In the order in which they are due, since all are delayed alike. */
    private final Queue<Transit> inbound = new ArrayDeque<>();

    private final Queue<Transit> outbound = new ArrayDeque<>();
    private final Departures departures = new Departures();

    private boolean bypassed;
    private long datagrams;
    private long lostDatagrams;

    /**
     * A datagram on its way.
     *
     * @param peer whom it is from or for
     */
    private record Transit(long dueMicros, InetSocketAddress peer, ByteBuffer datagram) {}

    /** What the network did, in both directions together. */
    record Toll(long datagrams, long lostDatagrams) {
        static final Toll NONE = new Toll(0, 0);

        Toll plus(Toll other) {
            return new Toll(datagrams + other.datagrams, lostDatagrams + other.lostDatagrams);
        }
    }

    /** @param random decides what is lost */
    ImpairedEndpoint(DatagramEndpoint endpoint, Impairment impairment, RandomGenerator random) {
        this.endpoint = endpoint;
        this.random = random;
        loss = impairment.lossPercent() / 100;
        delayMicros = impairment.delayMillis() * 1_000L;
    }

    /** From now on the network is a good one, and what was delayed arrives: so that farewells are heard. */
    void bypass() {
        bypassed = true;
    }

    Toll toll() {
        return new Toll(datagrams, lostDatagrams);
    }

    @Override
    public void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
        if (isLost()) {
            return;
        }
        if (isDelayed()) {
            inbound.add(new Transit(dueMicros(nowMicros), from, copy(datagram)));
        } else {
            endpoint.handleDatagram(nowMicros, from, datagram, strays);
        }
    }

    @Override
    public void handleTimeout(long nowMicros) {
        Transit next;
        while ((next = inbound.peek()) != null && isDue(next, nowMicros)) {
            inbound.remove();
            endpoint.handleDatagram(nowMicros, next.peer(), next.datagram(), StraySink.NONE);
        }
        if (endpoint.nextTimeoutMicros() <= nowMicros) {
            endpoint.handleTimeout(nowMicros);
        }
    }

    @Override
    public @Nullable EndpointEvent pollEvent() {
        return endpoint.pollEvent();
    }

    @Override
    public boolean drain(long nowMicros, DatagramSink sink, int turns) {
        departures.nowMicros = nowMicros;
        boolean more = endpoint.drain(nowMicros, departures, turns);
        Transit next;
        while ((next = outbound.peek()) != null && isDue(next, nowMicros)) {
            outbound.remove();
            sink.begin(next.peer(), next.datagram().remaining()).put(next.datagram());
            sink.end();
        }
        return more;
    }

    @Override
    public long nextTimeoutMicros() {
        return Math.min(endpoint.nextTimeoutMicros(), Math.min(firstDueMicros(inbound), firstDueMicros(outbound)));
    }

    private static long firstDueMicros(Queue<Transit> queue) {
        Transit first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.dueMicros();
    }

    private boolean isLost() {
        if (bypassed) {
            return false;
        }
        datagrams++;
        boolean lost = random.nextDouble() < loss;
        lostDatagrams += lost ? 1 : 0;
        return lost;
    }

    private boolean isDelayed() {
        return delayMicros > 0 && !bypassed;
    }

    private boolean isDue(Transit transit, long nowMicros) {
        return bypassed || transit.dueMicros() <= nowMicros;
    }

    private long dueMicros(long nowMicros) {
        return isDelayed() ? (nowMicros + delayMicros + GRID_MICROS - 1) / GRID_MICROS * GRID_MICROS : nowMicros;
    }

    private static ByteBuffer copy(ByteBuffer datagram) {
        return ByteBuffer.allocate(datagram.remaining()).put(0, datagram, datagram.position(), datagram.remaining());
    }

    /** Where the endpoint's datagrams set out. */
    private final class Departures implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
        private @Nullable InetSocketAddress peer;
        private long nowMicros;

        @Override
        public ByteBuffer begin(InetSocketAddress to, int maxLength) {
            peer = to;
            return buffer.clear().limit(maxLength);
        }

        @Override
        public void end() {
            InetSocketAddress to = peer;
            if (to != null && !isLost()) {
                outbound.add(new Transit(dueMicros(nowMicros), to, copy(buffer.flip())));
            }
        }
    }
}
