package io.millrace.srt.endpoint;

import io.millrace.relay.jmh.HotStep;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.Malformed;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What a bad datagram costs an endpoint, its answer included where it has one, without the socket that it comes from. */
@Fork(1)
public class BadDatagramBenchmark extends HotStep {
    private static final int ADDRESSES = 1_024;
    /** Datagrams that are read together, and after which answers are written. */
    private static final int BATCH = 64;

    private static final long START_MICROS = 60_000_000;
    private static final EndpointSettings GENEROUS =
            EndpointSettings.LISTENER.withHandshakeLimits(new HandshakeLimits(1_000_000, 1_000_000, 1_000_000));
    private static final EndpointSettings MEAN =
            EndpointSettings.LISTENER.withHandshakeLimits(new HandshakeLimits(1, 1, 1));

    @Param
    public Kind kind = Kind.NOISE;

    private final ByteBuffer[] datagrams = new ByteBuffer[ADDRESSES];
    private final InetSocketAddress[] addresses = new InetSocketAddress[ADDRESSES];
    private final Sink sink = new Sink();
    private @Nullable SrtEndpoint endpoint;
    private long nowMicros = START_MICROS;
    private int next;

    /** The kinds of bad datagrams, and what the endpoint counts them as; null for one that it answers. */
    public enum Kind {
        NOISE(null),
        UNKNOWN_SOCKET_ID(Discarded.UNKNOWN_SOCKET_ID),
        FOREIGN_ADDRESS(Discarded.FOREIGN_ADDRESS),
        NO_HANDSHAKE(Discarded.NOT_A_HANDSHAKE),
        DENIED_ADDRESS(Discarded.DENIED_ADDRESS),
        INDUCTION(null),
        INDUCTION_OVER_BUDGET(Discarded.OVER_BUDGET_INDUCTION),
        RENDEZVOUS(Discarded.RENDEZVOUS),
        CONCLUSION_BAD_COOKIE(Discarded.BAD_COOKIE),
        CONCLUSION_REPEATED(Discarded.REPEATED_CONCLUSION),
        CONCLUSION_REFUSED(null),
        CONCLUSION_OVER_BUDGET(Discarded.OVER_BUDGET_CONCLUSION);

        private final @Nullable Discarded counted;

        Kind(@Nullable Discarded counted) {
            this.counted = counted;
        }

        EndpointSettings settings() {
            return switch (this) {
                case DENIED_ADDRESS -> GENEROUS.withCallers(address -> false);
                case INDUCTION_OVER_BUDGET, CONCLUSION_OVER_BUDGET -> MEAN;
                default -> GENEROUS;
            };
        }

        /** @param generous a listener with the same cookies that answers everybody */
        ByteBuffer datagram(
                DrivenEndpoint listener, ScriptedCaller caller, int connectedSocketId, DrivenEndpoint generous) {
            return switch (this) {
                case NOISE -> ByteBuffer.allocate(12);
                case UNKNOWN_SOCKET_ID -> caller.data(0, caller.socketId);
                case FOREIGN_ADDRESS -> caller.data(0, connectedSocketId);
                case NO_HANDSHAKE -> ScriptedCaller.control(ControlType.SHUTDOWN, 0);
                case DENIED_ADDRESS, INDUCTION, INDUCTION_OVER_BUDGET -> caller.induction();
                case RENDEZVOUS ->
                    ScriptedCaller.with(caller.induction(), ScriptedCaller.TYPE, HandshakePacket.WAVE_A_HAND);
                case CONCLUSION_BAD_COOKIE ->
                    ScriptedCaller.with(caller.conclusionFor(listener), ScriptedCaller.COOKIE, 1);
                case CONCLUSION_REPEATED -> {
                    ByteBuffer conclusion = caller.conclusionFor(listener);
                    listener.receive(caller.address, conclusion);
                    listener.takeEvents();
                    yield conclusion;
                }
                case CONCLUSION_REFUSED, CONCLUSION_OVER_BUDGET ->
                    ScriptedCaller.with(caller.conclusionFor(generous), ScriptedCaller.INITIAL_SEQUENCE_NUMBER, -1);
            };
        }
    }

    @Setup
    public void write() {
        DrivenEndpoint listener = new DrivenEndpoint(kind.settings(), 1, START_MICROS);
        // The same seed gives the same cookies.
        DrivenEndpoint generous = new DrivenEndpoint(GENEROUS, 1, START_MICROS);
        int connectedSocketId = kind == Kind.FOREIGN_ADDRESS
                ? new ScriptedCaller(ScriptedCaller.address(ADDRESSES), 1, 1)
                        .connectTo(listener)
                        .localSocketId()
                : 0;
        for (int i = 0; i < ADDRESSES; i++) {
            ScriptedCaller caller = ScriptedCaller.number(i);
            addresses[i] = caller.address;
            ByteBuffer datagram = kind.datagram(listener, caller, connectedSocketId, generous);
            datagrams[i] = ByteBuffer.allocateDirect(datagram.remaining()).put(datagram.duplicate());
            datagrams[i].flip();
        }
        endpoint = listener.endpoint;
    }

    @TearDown
    public void checkWhatBecameOfThem() {
        if (kind == Kind.NOISE) {
            check(endpoint.malformed(Malformed.TOO_SHORT) == next, "noise was found malformed");
        } else if (kind.counted == null) {
            check(sink.answers == next, "every datagram was answered");
        } else {
            check(endpoint.discarded(kind.counted) > 0.99 * next, "datagrams were discarded as " + kind.counted);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void handle() {
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
    }

    /** Takes answers and counts them. */
    private static final class Sink implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
        private int answers;

        @Override
        public ByteBuffer begin(InetSocketAddress destination, int maxLength) {
            return buffer.clear();
        }

        @Override
        public void end() {
            answers++;
        }
    }
}
