package io.millrace.srt.endpoint;

import com.sun.management.ThreadMXBean;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.HandshakePacket;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a bad datagram costs an endpoint, without the socket that it comes from. A benchmark and no test; it takes a minute
 * and wants a quiet machine:
 *
 * <pre>
 * mvn -q -pl srt-protocol test-compile
 * taskset -c 1 java -cp srt-protocol/target/test-classes:srt-protocol/target/classes \
 *     io.millrace.srt.endpoint.BadDatagramBenchmark
 * </pre>
 */
final class BadDatagramBenchmark {
    private static final int ADDRESSES = 1_024;
    /** Datagrams that are read together, and after which answers are written. */
    private static final int BATCH = 64;

    private static final int WARM_UP_ROUNDS = 4;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 500_000_000;
    private static final long START_MICROS = 60_000_000;
    private static final HandshakeLimits GENEROUS = new HandshakeLimits(1_000_000, 1_000_000, 1_000_000);
    private static final HandshakeLimits MEAN = new HandshakeLimits(1, 1, 1);

    private final String kind;
    private final SrtEndpoint endpoint;
    private final ByteBuffer[] datagrams = new ByteBuffer[ADDRESSES];
    private final InetSocketAddress[] addresses = new InetSocketAddress[ADDRESSES];
    private final Sink sink = new Sink();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long nowMicros = START_MICROS;
    private int next;

    private interface Kind {
        ByteBuffer datagram(DrivenEndpoint listener, ScriptedCaller caller);
    }

    private BadDatagramBenchmark(String kind, EndpointSettings settings, Kind made) {
        this.kind = kind;
        DrivenEndpoint listener = new DrivenEndpoint(settings, 1, nowMicros);
        endpoint = listener.endpoint;
        for (int i = 0; i < ADDRESSES; i++) {
            ScriptedCaller caller = ScriptedCaller.number(i);
            addresses[i] = caller.address;
            ByteBuffer datagram = made.datagram(listener, caller);
            datagrams[i] = ByteBuffer.allocateDirect(datagram.remaining()).put(datagram.duplicate());
            datagrams[i].flip();
        }
    }

    public static void main(String[] args) {
        EndpointSettings generous = EndpointSettings.LISTENER.withHandshakeLimits(GENEROUS);
        EndpointSettings mean = EndpointSettings.LISTENER.withHandshakeLimits(MEAN);
        System.out.println("CPU time (median, least to most) and garbage per datagram, and what became of them");
        measure("not SRT", generous, (listener, caller) -> ByteBuffer.allocate(12));
        measure("unknown socket ID", generous, (listener, caller) -> caller.data(0, caller.socketId));
        int[] socketId = new int[1];
        measure("known socket ID, foreign address", generous, (listener, caller) -> {
            if (socketId[0] == 0) {
                InetSocketAddress home = ScriptedCaller.address(ADDRESSES);
                socketId[0] = new ScriptedCaller(home, 1, 1).connectTo(listener).localSocketId();
            }
            return caller.data(0, socketId[0]);
        });
        measure(
                "no socket ID, no handshake",
                generous,
                (listener, caller) -> ScriptedCaller.control(ControlType.SHUTDOWN, 0));
        measure("denied address", generous.withCallers(address -> false), (listener, caller) -> caller.induction());
        measure("induction, answered", generous, (listener, caller) -> caller.induction());
        measure("induction, over budget", mean, (listener, caller) -> caller.induction());
        measure(
                "rendezvous, refused",
                generous,
                (listener, caller) ->
                        ScriptedCaller.with(caller.induction(), ScriptedCaller.TYPE, HandshakePacket.WAVE_A_HAND));
        measure(
                "conclusion, bad cookie",
                generous,
                (listener, caller) -> ScriptedCaller.with(caller.conclusionFor(listener), ScriptedCaller.COOKIE, 1));
        measure("conclusion, repeated while pending", generous, (listener, caller) -> {
            ByteBuffer conclusion = caller.conclusionFor(listener);
            listener.receive(caller.address, conclusion);
            listener.takeEvents();
            return conclusion;
        });
        measure(
                "conclusion, refused for its content",
                generous,
                (listener, caller) -> ScriptedCaller.with(
                        caller.conclusionFor(listener), ScriptedCaller.INITIAL_SEQUENCE_NUMBER, -1));
        DrivenEndpoint unlimited = new DrivenEndpoint(generous, 1, START_MICROS);
        // The same seed gives the same cookies.
        measure(
                "conclusion, over budget",
                mean,
                (listener, caller) -> ScriptedCaller.with(
                        caller.conclusionFor(unlimited), ScriptedCaller.INITIAL_SEQUENCE_NUMBER, -1));
    }

    private static void measure(String kind, EndpointSettings settings, Kind made) {
        new BadDatagramBenchmark(kind, settings, made).run();
    }

    private void run() {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round();
        }
        double[] nanos = new double[ROUNDS];
        long before = allocatedBytes();
        long count = 0;
        for (int i = 0; i < ROUNDS; i++) {
            // Of this thread, so that what else the machine does is not counted.
            long start = threads.getCurrentThreadCpuTime();
            int datagramsOfRound = round();
            nanos[i] = (double) (threads.getCurrentThreadCpuTime() - start) / datagramsOfRound;
            count += datagramsOfRound;
        }
        long garbage = (allocatedBytes() - before) / count;
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%-36s %6.0f ns (%.0f to %.0f) %5d bytes %s%n",
                kind,
                nanos[ROUNDS / 2],
                nanos[0],
                nanos[ROUNDS - 1],
                garbage,
                discards());
    }

    private int round() {
        long end = System.nanoTime() + ROUND_NANOS;
        int count = 0;
        do {
            for (int i = 0; i < BATCH; i++) {
                int index = next++ & ADDRESSES - 1;
                // As fast as a generous budget is refilled.
                nowMicros++;
                endpoint.handleDatagram(nowMicros, addresses[index], datagrams[index]);
            }
            while (endpoint.pollEvent() != null) {
                // Nobody is there to hear it.
            }
            endpoint.drain(nowMicros, sink);
            count += BATCH;
        } while (System.nanoTime() < end);
        return count;
    }

    /** To see that it is what it says. */
    private String discards() {
        StringBuilder text = new StringBuilder();
        for (Discarded reason : Discarded.values()) {
            if (endpoint.discarded(reason) > 0) {
                text.append(reason)
                        .append(' ')
                        .append(endpoint.discarded(reason))
                        .append(' ');
            }
        }
        return text.toString();
    }

    private long allocatedBytes() {
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Takes answers and forgets them. */
    private static final class Sink implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);

        @Override
        public ByteBuffer begin(InetSocketAddress destination, int maxLength) {
            return buffer.clear();
        }

        @Override
        public void end() {}
    }
}
