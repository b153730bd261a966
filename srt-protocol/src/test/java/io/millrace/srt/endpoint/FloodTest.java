package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.LossList;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One kind of bad datagram, again and again, at an endpoint that a stream comes to and one goes out from. */
@Tag("any-jdk")
class FloodTest {
    private static final int DATAGRAMS = 100_000;
    private static final int PER_SECOND = 20_000;
    private static final int BATCH = 200;

    /** Two events and a datagram or two of the bystander's, and the callers that are remembered after a decision. */
    private static final int FEW = 300;

    /** Proves its addresses, being at home there: few, since each has a budget. */
    private static final int HOMES = 1_000;

    private final Random random = new Random(1);
    private final Map<InetSocketAddress, ByteBuffer> conclusions = new HashMap<>();
    private AttackedListener target;

    private enum Flood {
        INDUCTIONS(null),
        INDUCTIONS_IN_THE_BYSTANDERS_NAME(null),
        RENDEZVOUS(Discarded.RENDEZVOUS),
        BAD_COOKIES(Discarded.BAD_COOKIE),
        NO_HANDSHAKES(Discarded.NOT_A_HANDSHAKE),
        UNKNOWN_SOCKET_IDS(Discarded.UNKNOWN_SOCKET_ID),
        /** To the bystander's connection, from elsewhere. */
        FOREIGN_PACKETS(Discarded.FOREIGN_ADDRESS),
        /** From another port of the bystander's address, as its neighbour behind a NAT would. */
        NEIGHBOURS_PACKETS(Discarded.FOREIGN_ADDRESS);

        /** What becomes of each datagram; null if it may be answered. */
        final Discarded discarded;

        Flood(Discarded discarded) {
            this.discarded = discarded;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofWhatProvesNothingLeavesNothingBehind(Flood flood) {
        target = new AttackedListener(EndpointSettings.LISTENER, caller -> {
            throw new AssertionError("let in so far: " + caller.address());
        });

        int most = flood(DATAGRAMS, i -> send(flood, i));

        target.assertNoHarm();
        assertThat(most).isLessThan(FEW);
        if (flood.discarded != null) {
            assertThat(target.listener.endpoint.discarded(flood.discarded)).isEqualTo(DATAGRAMS);
        }
    }

    @Test
    void ofCallersThatAreNeverDecidedOnIsBoundedInNumberAndTime() {
        int[] arrived = new int[1];
        target = new AttackedListener(EndpointSettings.LISTENER, caller -> arrived[0]++);

        int most = flood(DATAGRAMS, this::sendConclusion);

        target.assertNoHarm();
        int bound = EndpointSettings.LISTENER.maximumPendingCallers();
        assertThat(arrived[0]).isEqualTo(bound);
        assertThat(most).isBetween(bound, bound + FEW);
        assertThat(target.listener.endpoint.discarded(Discarded.PENDING_CALLERS_FULL))
                .isPositive();

        target.advance(EndpointSettings.LISTENER.pendingCallerMicros());
        assertThat(target.listener.endpoint.size()).isLessThan(FEW);
        sendConclusion(0);
        assertThat(arrived[0]).isEqualTo(bound + 1);
    }

    @Test
    void ofCallersThatAreRefusedIsBoundedByTheirBudgets() {
        int[] refused = new int[1];
        target = new AttackedListener(EndpointSettings.LISTENER, caller -> {
            refused[0]++;
            target.listener.endpoint.reject(caller, RejectReason.UNAUTHORIZED);
        });

        int most = flood(DATAGRAMS, i -> sendConclusion(i % 10));

        target.assertNoHarm();
        assertThat(most).isLessThan(2 * FEW);
        assertThat(refused[0]).isBetween(10 * 100, 10 * (100 + 50 * DATAGRAMS / PER_SECOND));
        assertThat(target.listener.endpoint.discarded(Discarded.OVER_BUDGET_CONCLUSION))
                .isPositive();
    }

    /** Sends so many datagrams, with the stream in between. Returns the most that the endpoint kept. */
    private int flood(int count, Consumer<Integer> send) {
        int most = 0;
        for (int i = 0; i < count; i++) {
            send.accept(i);
            most = Math.max(most, target.listener.endpoint.size());
            if (i % BATCH == BATCH - 1) {
                target.advance(BATCH * 1_000_000L / PER_SECOND);
            }
        }
        return most;
    }

    private void send(Flood flood, int i) {
        InetSocketAddress anywhere = ScriptedCaller.address(random.nextInt(0x100_0000) + 0x100);
        InetSocketAddress anyPort = new InetSocketAddress(Bystander.ADDRESS.getAddress(), 1 + random.nextInt(1_000));
        ScriptedCaller caller = new ScriptedCaller(anywhere, 1 + random.nextInt(0x4000_0000), 100);
        int known = target.bystander.socketIdAtListener();
        switch (flood) {
            case INDUCTIONS -> target.receive(anywhere, caller.induction());
            case INDUCTIONS_IN_THE_BYSTANDERS_NAME -> target.receive(anyPort, caller.induction());
            case RENDEZVOUS ->
                target.receive(
                        anywhere,
                        ScriptedCaller.with(caller.induction(), ScriptedCaller.TYPE, HandshakePacket.WAVE_A_HAND));
            case BAD_COOKIES -> {
                ByteBuffer conclusion = conclusion(ScriptedCaller.address(0x200));
                target.receive(anywhere, ScriptedCaller.with(conclusion, ScriptedCaller.COOKIE, random.nextInt()));
            }
            case NO_HANDSHAKES -> {
                ByteBuffer packet = packet(0);
                // Handshakes to nobody are other floods.
                target.receive(
                        anywhere, isHandshake(packet) ? ScriptedCaller.control(ControlType.SHUTDOWN, 0) : packet);
            }
            case UNKNOWN_SOCKET_IDS -> {
                int unknown = 1 + random.nextInt(0x4000_0000);
                target.receive(anywhere, packet(unknown == known ? known + 1 : unknown));
            }
            case FOREIGN_PACKETS -> target.receive(anywhere, packet(known));
            case NEIGHBOURS_PACKETS -> target.receive(anyPort, packet(known));
        }
    }

    /** What would do most to a connection, if it reached it. */
    private ByteBuffer packet(int socketId) {
        ByteBuffer packet = ByteBuffer.allocate(200);
        int sequenceNumber = random.nextInt() & 0x7FFF_FFFF;
        switch (random.nextInt(6)) {
            case 0 -> {
                DataHeader.write(packet, sequenceNumber, 1, 0, false, random.nextInt(), socketId);
                packet.position(packet.limit());
            }
            case 1 -> AckPacket.writeLight(packet, sequenceNumber, random.nextInt(), socketId);
            case 2 -> {
                LossList.writeHeader(packet, random.nextInt(), socketId);
                LossList.writeRange(packet, sequenceNumber, sequenceNumber);
            }
            case 3 -> packet.put(ScriptedCaller.control(ControlType.SHUTDOWN, socketId));
            case 4 -> packet.put(ScriptedCaller.control(ControlType.KEEP_ALIVE, socketId));
            default -> packet.put(ScriptedCaller.with(ScriptedCaller.number(1).induction(), 12, socketId));
        }
        return packet.flip();
    }

    /** From one of few addresses, with its cookie and always another socket ID. */
    private void sendConclusion(int i) {
        InetSocketAddress home = ScriptedCaller.address(0x1000 + i % HOMES);
        target.receive(
                home, ScriptedCaller.with(conclusion(home), ScriptedCaller.SOCKET_ID, 1 + random.nextInt(0x4000_0000)));
    }

    private ByteBuffer conclusion(InetSocketAddress home) {
        return conclusions.computeIfAbsent(
                home, address -> new ScriptedCaller(address, 1, 100).conclusionFor(target.listener));
    }

    private static boolean isHandshake(ByteBuffer packet) {
        return packet.getInt(0) == 0x8000_0000;
    }
}
