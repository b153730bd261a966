package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.send.SendBuffer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A well-behaved peer of a listener that others attack. It sends and receives a stream on one connection over a perfect
 * network, so both streams must arrive complete.
 */
final class Bystander {
    static final String STREAM_ID = "bystander";
    static final InetSocketAddress ADDRESS = ScriptedCaller.address(1);
    private static final InetSocketAddress LISTENER = ScriptedCaller.address(0);

    private final DrivenEndpoint listener;
    private final DrivenEndpoint peer = new DrivenEndpoint(EndpointSettings.CALLER, 77, 1_000_000);
    private final SendBuffer up = new SendBuffer(64);
    private final SendBuffer down = new SendBuffer(64);
    private final StrictReceiver atListener = new StrictReceiver(Delivery.ON_ARRIVAL);
    private final StrictReceiver atPeer = new StrictReceiver(Delivery.ON_ARRIVAL);
    private final List<SrtConnection> ends = new ArrayList<>();
    private int published;

    Bystander(DrivenEndpoint listener) {
        this.listener = listener;
        peer.onEvent(event -> {
            // Anything else would be the end of the call or of the connection.
            assertThat(event).isInstanceOf(EndpointEvent.Connected.class);
            opened(((EndpointEvent.Connected) event).connection(), atPeer, up);
        });
    }

    /** Connects; the listener's owner hands the listener's end over by {@link #accepted}. */
    void connect() {
        exchange(
                peer.input(
                        () -> peer.endpoint.connect(peer.nowMicros(), LISTENER, ConnectionSettings.DEFAULT, STREAM_ID)),
                List.of());
        assertThat(ends).hasSize(2);
    }

    void accepted(SrtConnection connection) {
        opened(connection, atListener, down);
    }

    int socketIdAtListener() {
        return ends.get(0).localSocketId();
    }

    /** Lets time pass for both ends, and sends one payload in each direction. Returns what goes to others. */
    List<Sent> advance(long micros) {
        List<Sent> fromListener = new ArrayList<>(listener.advance(micros));
        List<Sent> fromPeer = new ArrayList<>(peer.advance(micros));
        byte[] payload = ByteBuffer.allocate(188).putInt(published++).array();
        fromPeer.addAll(peer.input(() -> {
            up.append(peer.nowMicros(), payload);
            peer.endpoint.wake(ends.get(1));
        }));
        fromListener.addAll(listener.input(() -> {
            down.append(listener.nowMicros(), payload);
            listener.endpoint.wake(ends.get(0));
        }));
        return exchange(fromPeer, fromListener);
    }

    /** Passes datagrams on until both ends have nothing more to say. Returns what goes to others. */
    List<Sent> exchange(List<Sent> fromPeer, List<Sent> fromListener) {
        List<Sent> toOthers = new ArrayList<>();
        List<Sent> toListener = fromPeer;
        List<Sent> toPeer = fromListener;
        while (!toListener.isEmpty() || !toPeer.isEmpty()) {
            List<Sent> answers = new ArrayList<>();
            for (Sent datagram : toPeer) {
                if (datagram.to().equals(ADDRESS)) {
                    answers.addAll(peer.receive(LISTENER, datagram.packet()));
                } else {
                    toOthers.add(datagram);
                }
            }
            toPeer = new ArrayList<>();
            for (Sent datagram : toListener) {
                toPeer.addAll(listener.receive(ADDRESS, datagram.packet()));
            }
            toListener = answers;
        }
        return toOthers;
    }

    void assertUnharmed() {
        assertThat(ends).allMatch(end -> end.closeReason() == null);
        assertIsComplete(atListener);
        assertIsComplete(atPeer);
    }

    private void assertIsComplete(StrictReceiver receiver) {
        assertThat(receiver.payloads().size()).isEqualTo(published);
        receiver.payloads().forEach((offset, payload) -> {
            if (payload.getInt(0) != offset) {
                assertThat(payload.getInt(0)).isEqualTo(offset.intValue());
            }
        });
    }

    private void opened(SrtConnection connection, StrictReceiver receiver, SendBuffer log) {
        ends.add(connection);
        connection.receiveInto(receiver, Delivery.ON_ARRIVAL);
        connection.sendFrom(log, 0, 0);
    }
}
