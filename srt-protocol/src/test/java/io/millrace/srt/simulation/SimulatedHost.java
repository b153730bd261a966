package io.millrace.srt.simulation;

import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.millrace.srt.packet.DatagramSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An endpoint with its driver in virtual time, with a clock of its own that may run fast or slow. */
public final class SimulatedHost {
    private final Simulation simulation;
    private final InetSocketAddress address;
    private final SrtEndpoint endpoint;
    private final double clockRate;
    private final Sink sink = new Sink();

    private Consumer<EndpointEvent> onEvent = event -> {};
    private Runnable afterInput = () -> {};
    private UnaryOperator<byte[]> outgoing = UnaryOperator.identity();
    private UnaryOperator<byte[]> incoming = UnaryOperator.identity();
    private long armedMicros = Long.MAX_VALUE;
    private long datagramsSent;

    SimulatedHost(Simulation simulation, int number, EndpointSettings settings, Random random, double driftPpm) {
        this.simulation = simulation;
        clockRate = 1 + driftPpm / 1e6;
        try {
            address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number}), 5000);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
        endpoint = new SrtEndpoint(settings, random, () -> random.nextInt(1, 0x3FFF_FFFF));
    }

    public SrtEndpoint endpoint() {
        return endpoint;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Time on this host's clock, microseconds. */
    public long nowMicros() {
        return (long) (simulation.nowMicros() * clockRate);
    }

    /** Datagrams that its endpoint has written. */
    public long datagramsSent() {
        return datagramsSent;
    }

    public void onEvent(Consumer<EndpointEvent> consumer) {
        onEvent = consumer;
    }

    /** What runs after each input, before the endpoint is drained: where a relay wakes its subscribers. */
    public void afterInput(Runnable action) {
        afterInput = action;
    }

    /** Rewrites what goes out and what comes in: a peer that does something in another way than ours. */
    public void rewrite(UnaryOperator<byte[]> out, UnaryOperator<byte[]> in) {
        outgoing = out;
        incoming = in;
    }

    /** Gives the endpoint an input and does what its contract demands after it. */
    public void input(Runnable input) {
        input.run();
        EndpointEvent event = endpoint.pollEvent();
        while (event != null) {
            onEvent.accept(event);
            event = endpoint.pollEvent();
        }
        afterInput.run();
        endpoint.drain(nowMicros(), sink);
        arm();
    }

    void deliver(InetSocketAddress from, byte[] datagram) {
        input(() -> endpoint.handleDatagram(nowMicros(), from, ByteBuffer.wrap(incoming.apply(datagram))));
    }

    private void arm() {
        long next = endpoint.nextTimeoutMicros();
        if (next == Long.MAX_VALUE) {
            return;
        }
        long at = Math.max((long) Math.ceil(next / clockRate), simulation.nowMicros() + 1);
        if (at < armedMicros) {
            armedMicros = at;
            simulation.at(at, () -> {
                if (armedMicros == at) {
                    armedMicros = Long.MAX_VALUE;
                    input(() -> endpoint.handleTimeout(nowMicros()));
                }
            });
        }
    }

    private final class Sink implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocate(2048);
        private InetSocketAddress to = address;

        @Override
        public ByteBuffer begin(InetSocketAddress destination, int maxLength) {
            to = destination;
            return buffer.clear().limit(maxLength);
        }

        @Override
        public void end() {
            datagramsSent++;
            byte[] datagram = Arrays.copyOf(buffer.array(), buffer.position());
            simulation.transmit(SimulatedHost.this, to, outgoing.apply(datagram));
        }
    }
}
