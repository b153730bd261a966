package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which connection a datagram reaches, if any, and how connections end. */
class SrtEndpointDispatchTest {
    private static final long SECOND = 1_000_000;
    private static final InetSocketAddress FOREIGN = ScriptedCaller.address(99);

    private final DrivenEndpoint listener = DrivenEndpoint.listener();
    private final ScriptedCaller caller = ScriptedCaller.number(1);

    @ParameterizedTest
    @EnumSource
    void noPacketFromAForeignAddressReachesAConnection(ControlType type) {
        SrtConnection connection = caller.connectTo(listener);
        ByteBuffer packet = ByteBuffer.allocate(64);
        packet.putInt(0, 0x8000_0000 | type.code() << 16).putInt(12, connection.localSocketId());

        assertThat(listener.receive(FOREIGN, packet)).isEmpty();
        // The port belongs to the address.
        InetSocketAddress otherPort = new InetSocketAddress(caller.address.getAddress(), 1);
        assertThat(listener.receive(otherPort, packet)).isEmpty();

        assertThat(listener.endpoint.discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(2);
        assertThat(listener.takeEvents()).isEmpty();
        assertThat(connection.closeReason()).isNull();
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void nothingFromElsewhereChangesWhereAConnectionsPacketsGo(InetSocketAddress elsewhere) {
        ByteBuffer conclusion = caller.conclusionFor(listener);
        SrtConnection connection = caller.connectTo(listener);
        int socketId = connection.localSocketId();
        ByteBuffer keyMaterial = ByteBuffer.allocate(72);
        keyMaterial.putInt(0, 0xFFFF_0003).putInt(12, socketId);
        List<ByteBuffer> packets = List.of(
                ScriptedCaller.with(conclusion, 12, socketId),
                ScriptedCaller.with(ScriptedCaller.with(conclusion, 12, socketId), ScriptedCaller.COOKIE, 0),
                ScriptedCaller.with(caller.induction(), 12, socketId),
                keyMaterial,
                ScriptedCaller.control(ControlType.KEEP_ALIVE, socketId),
                caller.data(0, socketId));
        for (ByteBuffer packet : packets) {
            assertThat(listener.receive(elsewhere, packet)).isEmpty();
        }

        assertThat(listener.endpoint.discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(packets.size());
        assertThat(listener.takeEvents()).isEmpty();
        assertThat(connection.statistics(listener.nowMicros()).value(Statistic.pktRecvTotal))
                .isZero();
        // Its keep-alives.
        assertThat(listener.advance(3 * SECOND))
                .isNotEmpty()
                .allMatch(sent -> sent.to().equals(caller.address));
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void aCallerElsewhereWithTheNumbersOfAnotherIsACallerOfItsOwn(InetSocketAddress elsewhere) {
        SrtConnection connection = caller.connectTo(listener);
        ScriptedCaller imitator = new ScriptedCaller(elsewhere, caller.socketId, caller.initialSequenceNumber);

        SrtConnection own = imitator.connectTo(listener);

        assertThat(own).isNotSameAs(connection);
        assertThat(connection.closeReason()).isNull();
        assertThat(connection.peerAddress()).isEqualTo(caller.address);
        assertThat(listener.takeEvents()).isEmpty();
    }

    static Stream<InetSocketAddress> elsewhere() {
        return Stream.of(
                FOREIGN, new InetSocketAddress(ScriptedCaller.number(1).address.getAddress(), 1));
    }

    @Test
    void foreignPacketsDoNotKeepAConnectionAlive() {
        SrtConnection connection = caller.connectTo(listener);
        for (int i = 0; i < 6; i++) {
            listener.receive(FOREIGN, ScriptedCaller.control(ControlType.KEEP_ALIVE, connection.localSocketId()));
            listener.advance(SECOND);
        }

        assertThat(connection.closeReason()).isEqualTo(CloseReason.PEER_IDLE);
    }

    @Test
    void aSilentPeerIsShutDownAfterTheIdleTimeout() {
        caller.connectTo(listener);
        listener.advance(4 * SECOND);
        assertThat(listener.takeEvents()).isEmpty();

        List<Sent> sent = listener.advance(SECOND + 10_000);

        assertThat(listener.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.PEER_IDLE);
        assertThat(ControlHeader.type(sent.get(sent.size() - 1).packet())).isEqualTo(ControlType.SHUTDOWN);
        assertThat(listener.endpoint.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void packetsForUnknownSocketIdsAreCounted() {
        SrtConnection connection = caller.connectTo(listener);
        int unknown = connection.localSocketId() ^ 1;

        assertThat(listener.receive(caller.address, caller.data(0, unknown))).isEmpty();
        assertThat(listener.receive(caller.address, ScriptedCaller.control(ControlType.SHUTDOWN, unknown)))
                .isEmpty();
        assertThat(listener.receive(caller.address, ScriptedCaller.with(caller.induction(), 12, -1)))
                .isEmpty();

        assertThat(listener.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isEqualTo(3);
        assertThat(connection.closeReason()).isNull();
    }

    @Test
    void onlyHandshakesMayAddressNobody() {
        assertThat(listener.receive(caller.address, caller.data(0, 0))).isEmpty();
        assertThat(listener.receive(caller.address, ScriptedCaller.control(ControlType.SHUTDOWN, 0)))
                .isEmpty();

        assertThat(listener.endpoint.discarded(Discarded.NOT_A_HANDSHAKE)).isEqualTo(2);
    }

    @Test
    void answersThatNobodyDrainsAreBounded() {
        ByteBuffer induction = caller.induction();
        for (int i = 0; i < 5_000; i++) {
            listener.endpoint.handleDatagram(listener.nowMicros(), caller.address, induction);
        }

        assertThat(listener.input(() -> {})).hasSize(4_096);
        assertThat(listener.endpoint.discarded(Discarded.REPLIES_FULL)).isEqualTo(904);
    }

    @Test
    void closingTellsThePeer() {
        SrtConnection connection = caller.connectTo(listener);

        List<Sent> sent = listener.input(() -> listener.endpoint.close(listener.nowMicros(), connection));

        assertThat(listener.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.LOCAL);
        assertThat(sent).hasSize(1);
        assertThat(ControlHeader.type(sent.get(0).packet())).isEqualTo(ControlType.SHUTDOWN);
        assertThat(listener.endpoint.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);

        assertThat(listener.input(() -> listener.endpoint.close(listener.nowMicros(), connection)))
                .isEmpty();
        assertThat(listener.takeEvents()).isEmpty();
    }

    @Test
    void aConnectionThatIsGoneHasNoHoldOnTheNextOneWithItsSocketId() {
        DrivenEndpoint forgetful = new DrivenEndpoint(EndpointSettings.LISTENER, 1, SECOND, () -> 7);
        SrtConnection gone = caller.connectTo(forgetful);
        forgetful.input(() -> forgetful.endpoint.close(forgetful.nowMicros(), gone));
        forgetful.takeEvents();
        SrtConnection next = ScriptedCaller.number(2).connectTo(forgetful);

        forgetful.input(() -> forgetful.endpoint.close(forgetful.nowMicros(), gone));

        assertThat(next.localSocketId()).isEqualTo(gone.localSocketId());
        assertThat(next.closeReason()).isNull();
        assertThat(forgetful.takeEvents()).isEmpty();
    }

    @Test
    void closingEverythingRefusesCallersAndFailsCalls() {
        caller.connectTo(listener);
        ScriptedCaller.number(2).connectTo(listener);
        ScriptedCaller waiting = ScriptedCaller.number(3);
        listener.receive(waiting.address, waiting.conclusionFor(listener));
        listener.takeEvent(EndpointEvent.CallerArrived.class);
        int[] call = new int[1];
        listener.input(() ->
                call[0] = listener.endpoint.connect(listener.nowMicros(), FOREIGN, ConnectionSettings.DEFAULT, "x"));

        List<Sent> sent = listener.input(() -> listener.endpoint.closeAll(listener.nowMicros()));

        assertThat(sent).hasSize(3);
        assertThat(sent.stream().filter(each -> each.to().equals(waiting.address)))
                .singleElement()
                .satisfies(
                        each -> assertThat(HandshakePacket.read(each.packet()).type())
                                .isEqualTo(RejectReason.CLOSE.handshakeType()));
        List<EndpointEvent> events = listener.takeEvents();
        assertThat(events).hasSize(3).contains(new EndpointEvent.ConnectFailed(call[0], RejectReason.CLOSE, 0));
        assertThat(events.stream().filter(EndpointEvent.Closed.class::isInstance))
                .hasSize(2);
        assertThat(listener.endpoint.connectionCount()).isZero();
        assertThat(listener.endpoint.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aPeerThatShutDownIsWaitedForWithoutBusyTimerUntilItsStreamIsDelivered() {
        listener.receive(caller.address, caller.conclusionFor(listener));
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        long[] delivered = {0};
        SrtConnection[] connection = new SrtConnection[1];
        listener.input(() -> {
            connection[0] = listener.endpoint.accept(
                    listener.nowMicros(),
                    pending,
                    KeyAgreement.Clear.CLEAR,
                    ConnectionSettings.DEFAULT.withLatency(8_000, 0));
            connection[0].receiveInto(new Counter(delivered), Delivery.BY_TIMESTAMP);
        });
        int socketId = connection[0].localSocketId();
        listener.receive(caller.address, caller.data(0, socketId));
        listener.receive(caller.address, ScriptedCaller.control(ControlType.SHUTDOWN, socketId));

        // Longer than the idle timeout: the driver fails if the timer is due all the time.
        listener.advance(7 * SECOND);
        assertThat(delivered[0]).isZero();
        assertThat(listener.takeEvents()).isEmpty();
        listener.advance(2 * SECOND);

        assertThat(delivered[0]).isEqualTo(1);
        assertThat(listener.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    @Test
    void anOwnerMayCloseAConnectionWhenItIsHandedAPayload() {
        SrtConnection connection = caller.connectTo(listener);
        int[] payloads = new int[1];
        connection.receiveInto(
                new PayloadReceiver() {
                    @Override
                    public void received(long offset, long originMicros, byte[] payload) {
                        payloads[0]++;
                        listener.endpoint.close(listener.nowMicros(), connection);
                    }

                    @Override
                    public void settled(long offset) {}
                },
                Delivery.ON_ARRIVAL);
        SrtConnection other = ScriptedCaller.number(2).connectTo(listener);

        List<Sent> sent = listener.receive(caller.address, caller.data(0, connection.localSocketId()));

        assertThat(payloads[0]).isEqualTo(1);
        assertThat(sent).as("a shutdown").hasSize(1);
        assertThat(listener.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.LOCAL);
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);
        assertThat(other.closeReason()).isNull();
    }

    private record Counter(long[] delivered) implements PayloadReceiver {
        @Override
        public void received(long offset, long originMicros, byte[] payload) {
            delivered[0]++;
        }

        @Override
        public void settled(long offset) {}
    }
}
