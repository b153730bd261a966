package io.millrace.srt.endpoint;

import static io.millrace.srt.endpoint.ScriptedCaller.TYPE;
import static io.millrace.srt.endpoint.ScriptedCaller.copy;
import static io.millrace.srt.endpoint.ScriptedCaller.handshakes;
import static io.millrace.srt.endpoint.ScriptedCaller.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How an endpoint calls a listener. */
class SrtEndpointConnectTest {
    private static final long MILLI = 1_000;
    private static final InetSocketAddress LISTENER = ScriptedCaller.address(1);
    private static final InetSocketAddress CALLER = ScriptedCaller.address(2);
    private static final InetSocketAddress FOREIGN = ScriptedCaller.address(3);

    private final DrivenEndpoint caller = DrivenEndpoint.caller();
    private final DrivenEndpoint listener = DrivenEndpoint.listener();
    private int socketId;

    @Test
    void anUnansweredCallIsRepeatedEachQuarterOfASecondAndFailsAfterThree() {
        List<Sent> first = call();
        assertThat(first).hasSize(1);
        assertThat(caller.advance(249 * MILLI)).isEmpty();
        List<Sent> second = caller.advance(MILLI);
        assertThat(second).hasSize(1);
        // But for the time they are the same.
        assertThat(with(second.get(0).packet(), 8, 0))
                .isEqualTo(with(first.get(0).packet(), 8, 0));

        List<Sent> others = caller.advance(2_749 * MILLI);
        assertThat(handshakes(others)).hasSize(10).allMatch(each -> each.type() == HandshakePacket.INDUCTION);
        assertThat(caller.takeEvents()).isEmpty();
        assertThat(caller.advance(MILLI)).isEmpty();

        assertThat(caller.takeEvent(EndpointEvent.ConnectFailed.class))
                .isEqualTo(new EndpointEvent.ConnectFailed(socketId, RejectReason.TIMEOUT, 0));
        assertThat(caller.endpoint.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theConclusionFollowsTheInductionAndIsRepeatedAlike() {
        ByteBuffer answer = answered(call());

        List<Sent> conclusion = caller.receive(LISTENER, answer);

        assertThat(handshakes(conclusion))
                .extracting(HandshakePacket::type)
                .containsExactly(HandshakePacket.CONCLUSION);
        // A second answer, to an induction that was repeated meanwhile, does not speed it up.
        assertThat(caller.receive(LISTENER, answer)).isEmpty();
        List<Sent> repeated = caller.advance(1_000 * MILLI);
        assertThat(handshakes(repeated)).hasSize(4).allMatch(each -> each.type() == HandshakePacket.CONCLUSION);
    }

    @Test
    void aGrantedCallIsOneConnectionOnBothSides() {
        List<Sent> granted = granted();
        caller.receive(LISTENER, granted.get(0).packet());

        SrtConnection connection =
                caller.takeEvent(EndpointEvent.Connected.class).connection();
        assertThat(connection.localSocketId()).isEqualTo(socketId);
        assertThat(connection.peerAddress()).isEqualTo(LISTENER);
        assertThat(connection.negotiated().receiveLatencyMillis()).isEqualTo(120);
        assertThat(caller.endpoint.connectionCount()).isEqualTo(1);
        assertThat(listener.endpoint.connectionCount()).isEqualTo(1);

        // The same answer again, to a repeated conclusion, changes nothing.
        assertThat(caller.receive(LISTENER, granted.get(0).packet())).isEmpty();
        assertThat(caller.takeEvents()).isEmpty();
        assertThat(caller.endpoint.connectionCount()).isEqualTo(1);
    }

    @Test
    void dataThatIsReadTogetherWithTheConclusionIsReceivedToo() {
        List<Sent> granted = granted();
        caller.receive(LISTENER, granted.get(0).packet());
        SrtConnection connection =
                caller.takeEvent(EndpointEvent.Connected.class).connection();
        int first = connection.negotiated().initialSequenceNumber();
        for (int i = 0; i < 300; i++) {
            caller.receive(LISTENER, data(first + i, i + 1));
        }
        List<Long> received = new ArrayList<>();

        connection.receiveInto(
                new PayloadReceiver() {
                    @Override
                    public void received(long offset, long originMicros, byte[] payload) {
                        received.add(offset);
                    }

                    @Override
                    public void settled(long offset) {}
                },
                Delivery.ON_ARRIVAL);

        // What is kept is bounded.
        assertThat(received)
                .hasSize(256)
                .containsExactlyElementsOf(LongStream.range(0, 256).boxed().toList());
        assertThat(connection.unexpectedData()).isEqualTo(44);
        assertThat(connection.statistics(caller.nowMicros()).value(Statistic.pktRcvLossTotal))
                .isZero();
        caller.receive(LISTENER, data(first + 256, 257));
        assertThat(received).hasSize(257);
    }

    private ByteBuffer data(int sequenceNumber, int messageNumber) {
        ByteBuffer packet = ByteBuffer.allocate(DataHeader.LENGTH + 188);
        DataHeader.write(packet, sequenceNumber, messageNumber, 0, false, 1_000 * messageNumber, socketId);
        return packet.rewind();
    }

    @Test
    void answersFromForeignAddressesAreIgnored() {
        ByteBuffer induction = answered(call());
        assertThat(caller.receive(FOREIGN, copy(induction))).isEmpty();
        assertThat(caller.receive(FOREIGN, with(induction, TYPE, RejectReason.FORBIDDEN.handshakeType())))
                .isEmpty();

        assertThat(caller.endpoint.discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(2);
        assertThat(caller.takeEvents()).isEmpty();
        assertThat(caller.receive(LISTENER, induction)).hasSize(1);
    }

    @Test
    void aRefusalEndsTheCallWithItsReason() {
        ByteBuffer induction = answered(call());

        caller.receive(LISTENER, with(induction, TYPE, RejectReason.NOT_FOUND.handshakeType()));

        assertThat(caller.takeEvent(EndpointEvent.ConnectFailed.class))
                .isEqualTo(new EndpointEvent.ConnectFailed(socketId, RejectReason.NOT_FOUND, 2404));
        assertThat(caller.advance(5_000 * MILLI)).isEmpty();
        assertThat(caller.takeEvents()).isEmpty();
    }

    @Test
    void aRefusalWithoutANameKeepsItsNumber() {
        ByteBuffer induction = answered(call());

        caller.receive(LISTENER, with(induction, TYPE, 3005));

        assertThat(caller.takeEvent(EndpointEvent.ConnectFailed.class))
                .isEqualTo(new EndpointEvent.ConnectFailed(socketId, RejectReason.UNKNOWN, 3005));
    }

    @Test
    void anAnswerThatComesTooLateOpensNothing() {
        List<Sent> granted = granted();
        caller.advance(3_000 * MILLI);
        caller.takeEvent(EndpointEvent.ConnectFailed.class);

        assertThat(caller.receive(LISTENER, granted.get(0).packet())).isEmpty();

        assertThat(caller.takeEvents()).isEmpty();
        assertThat(caller.endpoint.connectionCount()).isZero();
        assertThat(caller.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isEqualTo(1);
    }

    @Test
    void dataThatOvertakesTheAnswerDoesNoHarm() {
        List<Sent> granted = granted();

        assertThat(caller.receive(LISTENER, ScriptedCaller.number(1).data(0, socketId)))
                .isEmpty();
        caller.receive(LISTENER, granted.get(0).packet());

        caller.takeEvent(EndpointEvent.Connected.class);
        assertThat(caller.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isEqualTo(1);
    }

    private List<Sent> call() {
        return caller.input(() -> socketId =
                caller.endpoint.connect(caller.nowMicros(), LISTENER, ConnectionSettings.DEFAULT, "#!::r=test"));
    }

    /** What the listener says to the only datagram in {@code sent}. */
    private ByteBuffer answered(List<Sent> sent) {
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).to()).isEqualTo(LISTENER);
        List<Sent> answers = listener.receive(CALLER, sent.get(0).packet());
        assertThat(answers).hasSize(1);
        return answers.get(0).packet();
    }

    /** Calls, and returns the listener's grant without handing it over. */
    private List<Sent> granted() {
        List<Sent> conclusion = caller.receive(LISTENER, answered(call()));
        listener.receive(CALLER, conclusion.get(0).packet());
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        assertThat(pending.streamId()).isEqualTo("#!::r=test");
        return listener.input(() -> listener.endpoint.accept(
                listener.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT));
    }
}
