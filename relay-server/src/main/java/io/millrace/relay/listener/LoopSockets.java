package io.millrace.relay.listener;

import io.millrace.cluster.ConnectionFact;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.HandshakeLimits;
import io.millrace.srt.endpoint.SrtEndpoint;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one listener on one event loop. Everything happens on that loop.
 *
 * <p>To open or close one sends the datagrams of others' connections astray, which is harmless; but a socket that is closed
 * takes its own connections with it, and tells their peers so.
 */
final class LoopSockets {
    /** A node may take all streams of another one in the same second. */
    private static final HandshakeLimits NODES = new HandshakeLimits(20_000, 10_000, 10_000);

    /** A request may be held for {@code streams.waitMillis}; then comes its refusal, and only then its expiry. */
    private static final long DECISION_MARGIN_MICROS = 10_000_000;

    private final ListenerServices services;
    private final ListenerLoops loops;
    private final RefusalLog refusals;
    private final LoopExecutor loop;
    private final SocketIds socketIds;
    private final StrayInbox inbox;
    private final List<ListenerSocket> sockets = new ArrayList<>();

    LoopSockets(ListenerServices services, ListenerLoops loops, RefusalLog refusals, LoopExecutor loop) {
        this.services = services;
        this.loops = loops;
        this.refusals = refusals;
        this.loop = loop;
        socketIds = new SocketIds(
                services.socketIdKey(), loop.index(), services.random().nextInt());
        inbox = new StrayInbox(loop, this::receive);
    }

    LoopExecutor loop() {
        return loop;
    }

    /** What they share with the listener's sockets on other loops. */
    ListenerLoops loops() {
        return loops;
    }

    /** Takes callers on a socket that is bound. */
    void open(UdpSocket socket) {
        SrtEndpoint endpoint =
                new SrtEndpoint(endpointSettings(), services.random(), socketIds, loops.cookies(loop.index()));
        ListenerSocket opened = new ListenerSocket(services, this, refusals, socket, endpoint);
        sockets.add(opened);
        loops.join(loop.index(), inbox);
        opened.start();
    }

    /** Binds a socket and takes callers on it. */
    Future<Void> open(InetSocketAddress local) {
        return services.transport().bind(loop, local).map(socket -> {
            open(socket);
            return null;
        });
    }

    /** Closes the sockets on this address, and with them their connections. */
    Future<?> close(InetAddress address) {
        return close(on(address));
    }

    /** Whether there is a socket on this address. */
    boolean has(InetAddress address) {
        return !on(address).isEmpty();
    }

    Future<?> closeAll() {
        return close(List.copyOf(sockets));
    }

    /** Goes by the configuration as it is now. */
    void reconfigure() {
        sockets.forEach(socket -> socket.reconfigure(endpointSettings()));
    }

    void sample() {
        sockets.forEach(ListenerSocket::sample);
    }

    void updateStatistics() {
        sockets.forEach(ListenerSocket::updateStatistics);
    }

    /** The socket that a stray is for; null if it is none of these. */
    @Nullable
    ListenerSocket ownerOf(InetSocketAddress from, ByteBuffer stray) {
        for (int i = 0; i < sockets.size(); i++) {
            ListenerSocket socket = sockets.get(i);
            if (socket.owns(from, stray)) {
                return socket;
            }
        }
        return null;
    }

    /** A stray of another loop. */
    private void receive(Stray stray) {
        ListenerSocket owner = ownerOf(stray.from(), stray.datagram());
        if (owner != null) {
            owner.handleStray(stray.from(), stray.datagram());
            return;
        }
        ListenerSocket called = calledAt(stray.arrivedAt());
        if (called != null) {
            called.handleUnowned(stray.from(), stray.datagram());
        }
    }

    /** Tells peers of other nodes that their connections are over, where there is a socket that they called; those told. */
    List<ConnectionFact> tellOrphans(List<ConnectionFact> orphans) {
        List<ConnectionFact> told = new ArrayList<>();
        for (ConnectionFact orphan : orphans) {
            ListenerSocket socket = at(orphan.called());
            if (socket != null) {
                socket.shutDown(orphan.peer(), orphan.peerSocketId());
                told.add(orphan);
            }
        }
        return told;
    }

    /** Where a newcomer is answered, and a stranger counted: the socket of the address that was called, or the wildcard's. */
    private @Nullable ListenerSocket calledAt(InetSocketAddress local) {
        ListenerSocket called = at(local);
        // Nobody if the last one has just been closed: as if the datagram had come later.
        return called != null || sockets.isEmpty() ? called : sockets.get(0);
    }

    private @Nullable ListenerSocket at(InetSocketAddress local) {
        for (ListenerSocket socket : sockets) {
            if (socket.localAddress().equals(local)) {
                return socket;
            }
        }
        return null;
    }

    private EndpointSettings endpointSettings() {
        RelayConfig config = services.config();
        return new EndpointSettings(
                loops.isAccepting(),
                config.limits().pendingCallers(),
                config.streams().waitMillis() * 1000L + DECISION_MARGIN_MICROS,
                0,
                loops.policy().addresses(),
                loops.policy().forNodes() ? NODES : config.limits().handshakes(),
                loops.policy().forNodes() ? address -> false : services.otherNodes()::isAt);
    }

    private List<ListenerSocket> on(InetAddress address) {
        return sockets.stream()
                .filter(socket -> socket.localAddress().getAddress().equals(address))
                .toList();
    }

    private Future<?> close(List<ListenerSocket> some) {
        sockets.removeAll(some);
        if (sockets.isEmpty()) {
            loops.leave(loop.index());
        }
        return Future.join(some.stream().map(ListenerSocket::stop).toList());
    }
}
