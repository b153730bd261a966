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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open connections of an endpoint: where they are found, when they are due, which have something to send. */
final class Connections {
    private static final long NOBODY_WAITS = Long.MAX_VALUE;

    private final Outbox outbox;
    private final SocketIdTable bySocketId = new SocketIdTable();
    /** Those that callers have opened. */
    private final Map<PeerSocket, ConnectionEntry> byPeerSocket = new HashMap<>();

    private final Deadlines deadlines = new Deadlines();
    private final ArrayDeque<ConnectionEntry> ready = new ArrayDeque<>();
    /** Those that {@link #handleTimeout} is busy with; kept, since timeouts are a hundred a second. */
    private final List<ConnectionEntry> expired = new ArrayList<>();

    private final Consumer<ConnectionEntry> addExpired = expired::add;
    /** Since when somebody has been waiting for a turn all the time. */
    private long waitingSinceMicros = NOBODY_WAITS;

    private long turns;
    private long waitsMicros;

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
        deadlines.forEachExpired(nowMicros, addExpired);
        for (int i = 0; i < expired.size(); i++) {
            ConnectionEntry entry = expired.get(i);
            entry.connection.handleTimeout(nowMicros);
            enqueue(entry);
            askForKey(nowMicros, entry);
            finishIfClosed(nowMicros, entry);
        }
        expired.clear();
    }

    /** Passes the wish for another key encrypting key on to the owner, if there is one. */
    void askForKey(long nowMicros, ConnectionEntry entry) {
        KeyMaterial material = entry.connection.takeUnreadKeyMaterial(nowMicros);
        if (material != null) {
            outbox.add(new EndpointEvent.KeyMaterialArrived(entry.connection, material));
        }
    }

    /** Gives so many connections their turn, in the order in which they asked; returns whether others are waiting. */
    boolean drain(long nowMicros, DatagramSink sink, int maximumTurns) {
        if (waitingSinceMicros == NOBODY_WAITS) {
            waitingSinceMicros = nowMicros;
        }
        for (int turn = 0; turn < maximumTurns; turn++) {
            ConnectionEntry entry = ready.poll();
            if (entry == null) {
                break;
            }
            entry.queued = false;
            if (entry.connection.closeReason() == null) {
                drain(entry, nowMicros, sink);
            }
        }
        if (ready.isEmpty()) {
            waitingSinceMicros = NOBODY_WAITS;
            return false;
        }
        return true;
    }

    private void drain(ConnectionEntry entry, long nowMicros, DatagramSink sink) {
        SrtConnection connection = entry.connection;
        long waitedMicros = nowMicros - Math.max(waitingSinceMicros, entry.lastTurnMicros);
        turns++;
        waitsMicros += waitedMicros;
        entry.lastTurnMicros = nowMicros;
        connection.drain(sink, nowMicros, waitedMicros);
        deadlines.set(entry, connection.nextTimeoutMicros());
    }

    /** How long a connection has waited for its turn since this was asked last, on average, microseconds. */
    long takeMeanWaitMicros() {
        long mean = turns == 0 ? 0 : waitsMicros / turns;
        turns = 0;
        waitsMicros = 0;
        return mean;
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
                    connection.replyAddress(), connection.timestamp(nowMicros), connection.peerSocketId()));
        }
        outbox.add(new EndpointEvent.Closed(connection, reason));
    }

    private static PeerSocket peerSocket(SrtConnection connection) {
        return new PeerSocket(connection.peerAddress(), connection.peerSocketId());
    }
}
