package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.handshake.SynCookie;
import io.millrace.srt.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * An endpoint with a driver that does what the endpoint's contract demands after each input and checks that its timer
 * comes to rest.
 */
final class DrivenEndpoint {
    /** A timer that is still due after being served so often at one time would keep a processor busy. */
    private static final int MAX_ROUNDS = 3;

    final SrtEndpoint endpoint;
    private final List<EndpointEvent> events = new ArrayList<>();
    private Consumer<EndpointEvent> onEvent = events::add;
    private long nowMicros;

    /** A datagram that the endpoint has written. */
    record Sent(InetSocketAddress to, byte[] bytes) {
        ByteBuffer packet() {
            return ByteBuffer.wrap(bytes);
        }
    }

    DrivenEndpoint(EndpointSettings settings, long seed, long nowMicros) {
        this(
                settings,
                seed,
                nowMicros,
                new Random(seed + 1).ints(1, 0x4000_0000).iterator()::nextInt);
    }

    DrivenEndpoint(EndpointSettings settings, long seed, long nowMicros, IntSupplier socketIds) {
        this.nowMicros = nowMicros;
        endpoint = new SrtEndpoint(settings, new Random(seed), socketIds);
    }

    /** One of several that stand for a listener. */
    private DrivenEndpoint(long seed, SynCookie cookie) {
        nowMicros = 1_000_000_000;
        endpoint = new SrtEndpoint(
                EndpointSettings.LISTENER,
                new Random(seed),
                new Random(seed + 1).ints(1, 0x4000_0000).iterator()::nextInt,
                cookie);
    }

    static DrivenEndpoint listener() {
        return new DrivenEndpoint(EndpointSettings.LISTENER, 1, 1_000_000_000);
    }

    /** Endpoints that stand for the same listener. */
    static List<DrivenEndpoint> listeners(int count) {
        SynCookie.Secret secret = new SynCookie.Secret(new Random(1));
        return IntStream.range(0, count)
                .mapToObj(i -> new DrivenEndpoint(10 * i, new SynCookie(secret, i, count)))
                .toList();
    }

    static DrivenEndpoint caller() {
        return new DrivenEndpoint(EndpointSettings.CALLER, 2, 5_000_000_000L);
    }

    long nowMicros() {
        return nowMicros;
    }

    /** Handles events at once instead of keeping them. */
    void onEvent(Consumer<EndpointEvent> consumer) {
        onEvent = consumer;
    }

    /** The events since the last call. */
    List<EndpointEvent> takeEvents() {
        List<EndpointEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** The only event since the last call. */
    <T extends EndpointEvent> T takeEvent(Class<T> type) {
        assertThat(events).hasSize(1).first().isInstanceOf(type);
        return type.cast(takeEvents().get(0));
    }

    /** Hands over a datagram and returns what the endpoint sends because of it. */
    List<Sent> receive(InetSocketAddress from, ByteBuffer datagram) {
        return input(() -> endpoint.handleDatagram(nowMicros, from, datagram));
    }

    /** Hands over a datagram that may be for another endpoint, and returns what this one sends because of it. */
    List<Sent> receive(InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
        return input(() -> endpoint.handleDatagram(nowMicros, from, datagram, strays));
    }

    /** Gives an input and returns what the endpoint sends because of it. */
    List<Sent> input(Runnable input) {
        Sink sink = new Sink();
        serve(input, sink);
        settle(sink);
        return sink.sent;
    }

    /** Drains so much later, as an owner does that was busy, and returns what is sent. */
    List<Sent> drainAfter(long micros) {
        nowMicros += micros;
        return input(() -> {});
    }

    /** Lets time pass, with every timer served, and returns what the endpoint sends meanwhile. */
    List<Sent> advance(long micros) {
        Sink sink = new Sink();
        long until = nowMicros + micros;
        while (endpoint.nextTimeoutMicros() <= until) {
            nowMicros = Math.max(nowMicros, endpoint.nextTimeoutMicros());
            settle(sink);
        }
        nowMicros = until;
        return sink.sent;
    }

    private void settle(Sink sink) {
        for (int round = 0; endpoint.nextTimeoutMicros() <= nowMicros; round++) {
            if (round == MAX_ROUNDS) {
                assertThat(endpoint.nextTimeoutMicros()).as("the next timeout").isGreaterThan(nowMicros);
            }
            serve(() -> endpoint.handleTimeout(nowMicros), sink);
        }
    }

    private void serve(Runnable input, Sink sink) {
        input.run();
        EndpointEvent event = endpoint.pollEvent();
        while (event != null) {
            onEvent.accept(event);
            event = endpoint.pollEvent();
        }
        endpoint.drain(nowMicros, sink);
    }

    private static final class Sink implements DatagramSink {
        final List<Sent> sent = new ArrayList<>();
        private ByteBuffer buffer = ByteBuffer.allocate(0);
        private InetSocketAddress to = new InetSocketAddress(0);

        @Override
        public ByteBuffer begin(InetSocketAddress destination, int maxLength) {
            to = destination;
            buffer = ByteBuffer.allocate(maxLength);
            return buffer;
        }

        @Override
        public void end() {
            sent.add(new Sent(to, Arrays.copyOf(buffer.array(), buffer.position())));
        }
    }
}
