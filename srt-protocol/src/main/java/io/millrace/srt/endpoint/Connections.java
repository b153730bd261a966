package io.millrace.srt.endpoint;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.packet.DatagramSink;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open connections of an endpoint: where they are found, when they are due, which have something to send. */
final class Connections {
    private final Outbox outbox;
    private final SocketIdTable bySocketId = new SocketIdTable();
    /** Those that callers have opened. */
    private final Map<PeerSocket, ConnectionEntry> byPeerSocket = new HashMap<>();

    private final Deadlines deadlines = new Deadlines();
    private final ArrayDeque<ConnectionEntry> ready = new ArrayDeque<>();

    private record PeerSocket(InetSocketAddress address, int socketId) {}

    Connections(Outbox outbox) {
        this.outbox = outbox;
    }

    /** The connection with this socket ID of ours, or null. */
    @Nullable
    ConnectionEntry get(int localSocketId) {
        return bySocketId.get(localSocketId);
    }

    /** The connection that this caller's socket has opened, or null. */
    @Nullable
    ConnectionEntry ofCaller(InetSocketAddress address, int peerSocketId) {
        return byPeerSocket.get(new PeerSocket(address, peerSocketId));
    }

    /** What is kept of this connection; null if it is closed. */
    @Nullable
    ConnectionEntry entryOf(SrtConnection connection) {
        ConnectionEntry entry = bySocketId.get(connection.localSocketId());
        return entry != null && entry.connection == connection ? entry : null;
    }

    void open(ConnectionEntry entry) {
        if (entry.response != null) {
            byPeerSocket.put(peerSocket(entry.connection), entry);
        }
        bySocketId.put(entry);
        deadlines.add(entry);
        enqueue(entry);
    }

    /** Says that a connection may have something to send. */
    void enqueue(ConnectionEntry entry) {
        if (!entry.queued) {
            entry.queued = true;
            ready.add(entry);
        }
    }

    /** Closes a connection if it is open. */
    void close(long nowMicros, SrtConnection connection, CloseReason reason) {
        ConnectionEntry entry = entryOf(connection);
        if (entry != null) {
            connection.close(reason);
            finish(nowMicros, entry);
        }
    }

    void closeAll(long nowMicros) {
        List<SrtConnection> open = new ArrayList<>();
        bySocketId.forEach(entry -> open.add(entry.connection));
        open.forEach(connection -> close(nowMicros, connection, CloseReason.LOCAL));
    }

    /** Forgets a connection if it has been closed. */
    void finishIfClosed(long nowMicros, ConnectionEntry entry) {
        if (entry.connection.closeReason() != null) {
            finish(nowMicros, entry);
        }
    }

    void handleTimeout(long nowMicros) {
        List<ConnectionEntry> expired = new ArrayList<>();
        deadlines.forEachExpired(nowMicros, expired::add);
        for (ConnectionEntry entry : expired) {
            entry.connection.handleTimeout(nowMicros);
            enqueue(entry);
            askForKey(nowMicros, entry);
            finishIfClosed(nowMicros, entry);
        }
    }

    /** Passes the wish for another key encrypting key on to the owner, if there is one. */
    void askForKey(long nowMicros, ConnectionEntry entry) {
        KeyMaterial material = entry.connection.takeUnreadKeyMaterial(nowMicros);
        if (material != null) {
            outbox.add(new EndpointEvent.KeyMaterialArrived(entry.connection, material));
        }
    }

    void drain(long nowMicros, DatagramSink sink) {
        ConnectionEntry entry = ready.poll();
        while (entry != null) {
            entry.queued = false;
            SrtConnection connection = entry.connection;
            if (connection.closeReason() == null) {
                connection.drain(sink, nowMicros);
                deadlines.set(entry, connection.nextTimeoutMicros());
            }
            entry = ready.poll();
        }
    }

    long nextTimeoutMicros() {
        return deadlines.earliestMicros();
    }

    /** Open connections. */
    int count() {
        return bySocketId.size();
    }

    /** All that is kept, of whatever kind. */
    int size() {
        return bySocketId.size() + byPeerSocket.size() + ready.size();
    }

    private void finish(long nowMicros, ConnectionEntry entry) {
        SrtConnection connection = entry.connection;
        CloseReason reason = connection.closeReason();
        if (reason == null) {
            throw new IllegalStateException("the connection is open");
        }
        if (bySocketId.get(connection.localSocketId()) != entry) {
            // Its owner has closed it from within, when it was handed a payload.
            return;
        }
        bySocketId.remove(connection.localSocketId());
        deadlines.remove(entry);
        if (entry.response != null) {
            byPeerSocket.remove(peerSocket(connection), entry);
        }
        // A replaced connection's peer socket is shaking hands anew and would take a shutdown for a refusal.
        if (reason != CloseReason.PEER_SHUTDOWN && reason != CloseReason.REPLACED) {
            outbox.farewell(Reply.shutdown(
                    connection.peerAddress(), connection.timestamp(nowMicros), connection.peerSocketId()));
        }
        outbox.add(new EndpointEvent.Closed(connection, reason));
    }

    private static PeerSocket peerSocket(SrtConnection connection) {
        return new PeerSocket(connection.peerAddress(), connection.peerSocketId());
    }
}
