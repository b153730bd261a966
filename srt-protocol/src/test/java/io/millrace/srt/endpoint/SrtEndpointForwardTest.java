package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.PacketDecoder;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose peer's datagrams begin to come by way of somebody else. */
class SrtEndpointForwardTest {
    private static final InetSocketAddress FORWARDER = new InetSocketAddress("192.0.2.20", 40_000);
    private static final InetSocketAddress OTHER_FORWARDER = new InetSocketAddress("192.0.2.21", 40_001);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("198.51.100.1", 40_000);
    private static final long SILENCE_MICROS = 150_000;

    private final DrivenEndpoint listener = new DrivenEndpoint(
            EndpointSettings.LISTENER.withForwarders(
                    address -> address.getHostAddress().startsWith("192.0.2.")),
            1,
            1_000_000_000);
    private final ScriptedCaller caller = ScriptedCaller.number(1);
    private final SrtConnection connection = caller.connectTo(listener);

    @BeforeEach
    void passTheGrant() {
        listener.advance(1_000);
    }

    @Test
    void answersGoWhereTheForwardedDatagramsComeFrom() {
        listener.advance(SILENCE_MICROS);

        listener.receive(FORWARDER, keepAlive());

        assertThat(listener.advance(1_500_000))
                .isNotEmpty()
                .allMatch(sent -> sent.to().equals(FORWARDER));
        assertThat(connection.peerAddress()).isEqualTo(caller.address);
        assertThat(discarded(Discarded.FOREIGN_ADDRESS)).isZero();
    }

    @Test
    void theEndOfTheConnectionIsToldThere() {
        listener.advance(SILENCE_MICROS);
        listener.receive(FORWARDER, keepAlive());

        List<DrivenEndpoint.Sent> sent =
                listener.input(() -> listener.endpoint.close(listener.nowMicros(), connection));

        assertThat(sent).extracting(DrivenEndpoint.Sent::to).containsExactly(FORWARDER);
    }

    @Test
    void whatThePeerItselfSendsBringsItBackAtOnce() {
        listener.advance(SILENCE_MICROS);
        listener.receive(FORWARDER, keepAlive());

        listener.receive(caller.address, keepAlive());
        listener.receive(FORWARDER, keepAlive());

        assertThat(discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(1);
        assertThat(listener.advance(1_500_000))
                .isNotEmpty()
                .allMatch(sent -> sent.to().equals(caller.address));
    }

    @Test
    void aForwarderIsReplacedByAnotherOnceItIsSilent() {
        listener.advance(SILENCE_MICROS);
        listener.receive(FORWARDER, keepAlive());
        listener.receive(OTHER_FORWARDER, keepAlive());
        assertThat(connection.replyAddress()).isEqualTo(FORWARDER);

        listener.advance(SILENCE_MICROS);
        listener.receive(OTHER_FORWARDER, keepAlive());

        assertThat(connection.replyAddress()).isEqualTo(OTHER_FORWARDER);
    }

    @Test
    void nobodyGetsIntoAConnectionThatIsWellByForgingAForwardersAddress() {
        listener.advance(SILENCE_MICROS);
        listener.receive(caller.address, keepAlive());
        listener.advance(50_000);

        listener.receive(FORWARDER, ScriptedCaller.control(ControlType.SHUTDOWN, connection.localSocketId()));

        assertThat(connection.closeReason()).isNull();
        assertThat(connection.replyAddress()).isEqualTo(caller.address);
        assertThat(discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(1);
    }

    @Test
    void strangersForwardNothing() {
        listener.advance(SILENCE_MICROS);

        listener.receive(STRANGER, ScriptedCaller.control(ControlType.SHUTDOWN, connection.localSocketId()));

        assertThat(connection.closeReason()).isNull();
        assertThat(discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(1);
    }

    @Test
    void handshakesAreNotForwarded() {
        listener.advance(SILENCE_MICROS);
        ByteBuffer conclusion = caller.conclusionFor(listener);

        List<DrivenEndpoint.Sent> answers =
                listener.receive(FORWARDER, ScriptedCaller.with(conclusion, 12, connection.localSocketId()));

        assertThat(answers).isEmpty();
        assertThat(connection.replyAddress()).isEqualTo(caller.address);
    }

    @Test
    void whoMayForwardCanChange() {
        listener.advance(SILENCE_MICROS);
        listener.input(() -> listener.endpoint.handleSettings(EndpointSettings.LISTENER));

        listener.receive(FORWARDER, keepAlive());

        assertThat(connection.replyAddress()).isEqualTo(caller.address);
        assertThat(discarded(Discarded.FOREIGN_ADDRESS)).isEqualTo(1);
    }

    @Test
    void strangersAreToldThatTheirConnectionIsOver() {
        List<DrivenEndpoint.Sent> sent = listener.input(() -> listener.endpoint.shutDownStranger(STRANGER, 4711));

        assertThat(sent).singleElement().satisfies(shutdown -> {
            assertThat(shutdown.to()).isEqualTo(STRANGER);
            assertThat(PacketDecoder.check(shutdown.packet())).isNull();
            assertThat(ControlHeader.type(shutdown.packet())).isEqualTo(ControlType.SHUTDOWN);
            assertThat(PacketDecoder.destinationSocketId(shutdown.packet())).isEqualTo(4711);
        });
    }

    @Test
    void aPeerThatIsToldSoClosesItsConnection() {
        DrivenEndpoint.Sent shutdown = listener.input(
                        () -> listener.endpoint.shutDownStranger(caller.address, connection.localSocketId()))
                .get(0);

        listener.receive(caller.address, shutdown.packet());

        assertThat(listener.takeEvent(EndpointEvent.Closed.class).reason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    private ByteBuffer keepAlive() {
        return ScriptedCaller.control(ControlType.KEEP_ALIVE, connection.localSocketId());
    }

    private long discarded(Discarded reason) {
        return listener.endpoint.discarded(reason);
    }
}
