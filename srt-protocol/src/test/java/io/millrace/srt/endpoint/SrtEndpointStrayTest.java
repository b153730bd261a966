package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two endpoints that stand for one listener, and datagrams that come to the wrong one. */
class SrtEndpointStrayTest {
    private final List<DrivenEndpoint> endpoints = DrivenEndpoint.listeners(2);
    private final DrivenEndpoint here = endpoints.get(0);
    private final DrivenEndpoint there = endpoints.get(1);
    private final ScriptedCaller caller = ScriptedCaller.number(1);
    private final Strays strays = new Strays();

    @Test
    void packetsForAnotherEndpointAreHandedOverAndNotCountedAsUnknown() {
        SrtConnection connection = caller.connectTo(there);
        int socketId = connection.localSocketId();

        here.receive(caller.address, ScriptedCaller.control(ControlType.KEEP_ALIVE, socketId), strays);
        here.receive(caller.address, ScriptedCaller.control(ControlType.SHUTDOWN, socketId), strays);

        assertThat(strays.offered).containsExactly("packet " + socketId, "packet " + socketId);
        assertThat(here.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isZero();
        assertThat(there.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    @Test
    void whatNobodyTakesIsDiscarded() {
        strays.taking = false;

        here.receive(caller.address, caller.data(0, 4711), strays);

        assertThat(strays.offered).containsExactly("packet 4711");
        assertThat(here.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isEqualTo(1);
    }

    @Test
    void whatIsHandedOverEndsThere() {
        here.receive(caller.address, caller.data(0, 4711), strays);

        assertThat(strays.offered).containsExactly("packet 4711");
        assertThat(here.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isZero();
        assertThat(there.endpoint.discarded(Discarded.UNKNOWN_SOCKET_ID)).isEqualTo(1);
    }

    @Test
    void strayFromAForeignAddressReachesNoConnection() {
        SrtConnection connection = caller.connectTo(there);
        InetSocketAddress foreign = ScriptedCaller.address(99);

        here.receive(foreign, ScriptedCaller.control(ControlType.SHUTDOWN, connection.localSocketId()), strays);

        assertThat(connection.closeReason()).isNull();
        assertThat(there.endpoint.discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(1);
    }

    @Test
    void whatIsForThisEndpointOrNotSrtIsOfferedToNobody() {
        SrtConnection connection = caller.connectTo(here);
        int socketId = connection.localSocketId();
        int[] call = new int[1];
        here.input(() ->
                call[0] = here.endpoint.connect(here.nowMicros(), caller.address, ConnectionSettings.DEFAULT, "call"));

        here.receive(caller.address, caller.data(0, socketId), strays);
        here.receive(ScriptedCaller.address(99), caller.data(1, socketId), strays);
        here.receive(caller.address, caller.data(0, call[0]), strays);
        here.receive(caller.address, caller.induction(), strays);
        here.receive(caller.address, ScriptedCaller.control(ControlType.SHUTDOWN, 0), strays);
        here.receive(caller.address, ByteBuffer.allocate(8), strays);

        assertThat(strays.offered).isEmpty();
    }

    @Test
    void conclusionIsWorkedOnWhereItsCookieCameFrom() {
        ByteBuffer conclusion = caller.conclusionFor(there);

        here.receive(caller.address, conclusion, strays);

        assertThat(strays.offered).containsExactly("conclusion 1");
        assertThat(here.takeEvents()).isEmpty();
        assertThat(there.takeEvent(EndpointEvent.CallerArrived.class).caller().address())
                .isEqualTo(caller.address);
    }

    @Test
    void conclusionOfAnEndpointThatIsGoneIsWorkedOnWhereItArrives() {
        strays.taking = false;

        here.receive(caller.address, caller.conclusionFor(there), strays);

        assertThat(here.takeEvent(EndpointEvent.CallerArrived.class).caller().address())
                .isEqualTo(caller.address);
    }

    @Test
    void repeatedConclusionThatStraysLeadsToNoSecondDecisionAndIsAnswered() {
        ByteBuffer conclusion = caller.conclusionFor(there);
        there.receive(caller.address, conclusion);
        PendingCaller pending =
                there.takeEvent(EndpointEvent.CallerArrived.class).caller();
        here.receive(caller.address, conclusion, strays);
        assertThat(there.takeEvents()).isEmpty();
        there.input(() -> there.endpoint.accept(
                there.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT));

        here.receive(caller.address, conclusion, strays);

        assertThat(ScriptedCaller.handshakes(strays.answers))
                .singleElement()
                .extracting(HandshakePacket::type)
                .isEqualTo(HandshakePacket.CONCLUSION);
        assertThat(here.takeEvents()).isEmpty();
        assertThat(there.takeEvents()).isEmpty();
        assertThat(there.endpoint.connectionCount()).isEqualTo(1);
    }

    @Test
    void conclusionOfAKnownCallerIsOfferedToNobody() {
        ByteBuffer conclusion = caller.conclusionFor(here);
        strays.taking = false;
        here.receive(caller.address, conclusion, strays);
        here.receive(caller.address, conclusion, strays);

        assertThat(strays.offered).containsExactly("conclusion 0");
        assertThat(here.endpoint.discarded(Discarded.REPEATED_CONCLUSION)).isEqualTo(1);
    }

    @Test
    void conclusionWithAForgedCookieIsOfferedToNobody() {
        ByteBuffer conclusion = caller.conclusionFor(there);
        int cookie = conclusion.getInt(ScriptedCaller.COOKIE);

        here.receive(caller.address, ScriptedCaller.with(conclusion, ScriptedCaller.COOKIE, cookie ^ 0x200), strays);
        here.receive(ScriptedCaller.address(99), conclusion, strays);

        assertThat(strays.offered).isEmpty();
        assertThat(here.endpoint.discarded(Discarded.BAD_COOKIE)).isEqualTo(2);
    }

    @Test
    void endpointOwnsItsConnectionsCallsAndCallers() {
        ByteBuffer conclusion = caller.conclusionFor(here);
        assertThat(here.endpoint.owns(caller.address, conclusion)).isFalse();
        here.receive(caller.address, conclusion);
        PendingCaller pending =
                here.takeEvent(EndpointEvent.CallerArrived.class).caller();
        assertThat(here.endpoint.owns(caller.address, conclusion)).isTrue();
        SrtConnection[] connection = new SrtConnection[1];
        here.input(() -> connection[0] =
                here.endpoint.accept(here.nowMicros(), pending, KeyAgreement.Clear.CLEAR, ConnectionSettings.DEFAULT));
        int[] call = new int[1];
        here.input(() ->
                call[0] = here.endpoint.connect(here.nowMicros(), caller.address, ConnectionSettings.DEFAULT, "call"));

        assertThat(here.endpoint.owns(caller.address, conclusion)).isTrue();
        assertThat(here.endpoint.owns(caller.address, caller.data(0, connection[0].localSocketId())))
                .isTrue();
        assertThat(here.endpoint.owns(caller.address, caller.data(0, call[0]))).isTrue();
        assertThat(here.endpoint.owns(caller.address, caller.data(0, 4711))).isFalse();
        assertThat(here.endpoint.owns(ScriptedCaller.address(99), conclusion)).isFalse();
    }

    /** Hands everything to the other endpoint, if it takes anything. */
    private final class Strays implements StraySink {
        final List<String> offered = new ArrayList<>();
        final List<DrivenEndpoint.Sent> answers = new ArrayList<>();
        boolean taking = true;

        @Override
        public boolean takePacket(int socketId, InetSocketAddress from, ByteBuffer packet) {
            offered.add("packet " + socketId);
            return take(from, packet);
        }

        @Override
        public boolean takeConclusion(int issuer, InetSocketAddress from, ByteBuffer conclusion) {
            offered.add("conclusion " + issuer);
            return take(from, conclusion);
        }

        private boolean take(InetSocketAddress from, ByteBuffer datagram) {
            if (taking) {
                answers.addAll(there.receive(from, datagram));
            }
            return taking;
        }
    }
}
