package io.millrace.srt.endpoint;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.handshake.CallerHandshake;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.SynCookie;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.Malformed;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.SequenceNumber;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Protocol state of one UDP socket: its callers, its calls and its connections. Performs no I/O and reads no clock: time
 * is an argument, in microseconds of a clock that never steps back.
 *
 * <p>After each input ({@code handle…}, {@link #accept}, {@link #wake} and so on; a burst of datagrams is one input) its
 * driver polls events until there are none, drains, and arms one timer at {@link #nextTimeoutMicros}. The same inputs
 * give the same outputs. Used by one thread at a time.
 */
public final class SrtEndpoint implements DatagramEndpoint {
    /**
     * So long a peer has to be silent before its datagrams are taken from a forwarder. A receiver of media speaks every
     * 10 ms, so nobody gets into a connection that is well by forging a forwarder's address.
     */
    private static final long SILENT_BEFORE_FORWARDED_MICROS = 100_000;

    private final RandomGenerator random;
    private final IntSupplier socketIds;
    private final Outbox outbox = new Outbox();
    private final Connections connections = new Connections(outbox);
    private final Listening listening;
    private final Calling calling;
    private final long[] malformed = new long[Malformed.values().length];
    private Predicate<InetAddress> mayForward;

    /**
     * @param random source of the cookies' secret, sequence numbers and keys: must be unpredictable, a {@code SecureRandom}
     *     outside of tests
     * @param socketIds source of our socket IDs, 1 to 0x3fffffff, hard to guess
     */
    public SrtEndpoint(EndpointSettings settings, RandomGenerator random, IntSupplier socketIds) {
        this(settings, random, socketIds, new SynCookie(random));
    }

    /**
     * One of several endpoints that stand for the same listener.
     *
     * @param cookie with the secret that they share
     */
    public SrtEndpoint(EndpointSettings settings, RandomGenerator random, IntSupplier socketIds, SynCookie cookie) {
        this.random = random;
        this.socketIds = socketIds;
        listening = new Listening(settings, connections, outbox, cookie, random, this::newSocketId);
        calling = new Calling(settings, connections, outbox, random);
        mayForward = settings.mayForward();
    }

    /**
     * Input: new callers are let in by other bounds from now on. Connections stay as they are, and so does how long calls of
     * ours may take. Callers that wait for a decision go on waiting, unless none are let in any more.
     */
    public void handleSettings(EndpointSettings changed) {
        listening.settings(changed);
        mayForward = changed.mayForward();
    }

    /**
     * Input: a datagram between the buffer's position and limit. Never throws for what is in it. It ends here, whosever it
     * is.
     */
    public void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram) {
        handleDatagram(nowMicros, from, datagram, StraySink.NONE);
    }

    @Override
    public void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
        Malformed fault = PacketDecoder.check(datagram);
        if (fault != null) {
            malformed[fault.ordinal()]++;
            return;
        }
        int socketId = PacketDecoder.destinationSocketId(datagram);
        if (socketId == 0) {
            handleUnconnected(nowMicros, from, datagram, strays);
            return;
        }
        ConnectionEntry entry = connections.get(socketId);
        if (entry != null) {
            handleConnected(nowMicros, from, datagram, entry);
            return;
        }
        Call call = calling.get(socketId);
        if (call == null) {
            if (!strays.takePacket(socketId, from, datagram)) {
                outbox.discard(Discarded.UNKNOWN_SOCKET_ID);
            }
        } else if (!isHandshake(datagram)) {
            // Data that overtakes the answer to our call is lost here and asked for again.
            outbox.discard(Discarded.UNKNOWN_SOCKET_ID);
        } else if (!call.handshake().listener().equals(from)) {
            outbox.discard(Discarded.FOREIGN_ADDRESS);
        } else {
            calling.handleAnswer(nowMicros, call, datagram);
        }
    }

    private void handleUnconnected(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
        if (isHandshake(datagram)) {
            listening.handleHandshake(nowMicros, from, datagram, strays);
        } else {
            outbox.discard(Discarded.NOT_A_HANDSHAKE);
        }
    }

    private void handleConnected(long nowMicros, InetSocketAddress from, ByteBuffer datagram, ConnectionEntry entry) {
        SrtConnection connection = entry.connection;
        if (!connection.replyAddress().equals(from) && !follow(nowMicros, connection, from, datagram)) {
            // Not even if the peer's address has changed, as a NAT may do to it: without encryption nothing that a peer
            // sends proves who it is, so it has to connect anew.
            outbox.discard(Discarded.FOREIGN_ADDRESS);
            return;
        }
        if (isHandshake(datagram)) {
            // A caller that did not get our answer may already know the socket ID from a data packet.
            if (HandshakePacket.read(datagram).type() == HandshakePacket.CONCLUSION) {
                listening.repeatConclusion(nowMicros, entry);
            }
            return;
        }
        connection.handlePacket(datagram, nowMicros);
        connections.enqueue(entry);
        if (PacketDecoder.isControl(datagram)) {
            connections.askForKey(nowMicros, entry);
        }
        connections.finishIfClosed(nowMicros, entry);
    }

    /** Goes on with the peer by another way, if it may come by it. Its own address wins at once. */
    private boolean follow(long nowMicros, SrtConnection connection, InetSocketAddress from, ByteBuffer datagram) {
        boolean follows = connection.peerAddress().equals(from)
                || !isHandshake(datagram)
                        && connection.silentMicros(nowMicros) >= SILENT_BEFORE_FORWARDED_MICROS
                        && mayForward.test(from.getAddress());
        if (follows) {
            connection.replyTo(from);
        }
        return follows;
    }

    private static boolean isHandshake(ByteBuffer packet) {
        return PacketDecoder.isControl(packet) && ControlHeader.type(packet) == ControlType.HANDSHAKE;
    }

    @Override
    public void handleTimeout(long nowMicros) {
        connections.handleTimeout(nowMicros);
        listening.handleTimeout(nowMicros);
        calling.handleTimeout(nowMicros);
    }

    @Override
    public @Nullable EndpointEvent pollEvent() {
        return outbox.pollEvent();
    }

    /** Output: writes everything that is to be sent now. */
    public void drain(long nowMicros, DatagramSink sink) {
        drain(nowMicros, sink, Integer.MAX_VALUE);
    }

    @Override
    public boolean drain(long nowMicros, DatagramSink sink, int turns) {
        outbox.drain(nowMicros, sink);
        return connections.drain(nowMicros, sink, turns);
    }

    /**
     * How long a connection with something to send has waited for its turn since this was asked last, on average, in
     * microseconds: what the load of this endpoint's driver costs its peers.
     */
    public long takeMeanWaitMicros() {
        return connections.takeMeanWaitMicros();
    }

    @Override
    public long nextTimeoutMicros() {
        long handshakes = Math.min(listening.nextTimeoutMicros(), calling.nextTimeoutMicros());
        return Math.min(connections.nextTimeoutMicros(), handshakes);
    }

    /**
     * Grants a pending caller its connection. Attach what it receives into or sends from before the next input.
     *
     * @param agreement what its key material led to; the keys are the connection's from now on, and wiped with it
     * @return the connection, or null if the caller has been decided on or has expired
     */
    public @Nullable SrtConnection accept(
            long nowMicros, PendingCaller caller, KeyAgreement agreement, ConnectionSettings connectionSettings) {
        return listening.accept(nowMicros, caller, agreement, connectionSettings);
    }

    /** Refuses a pending caller. False, and without effect, if it has been decided on or has expired. */
    public boolean reject(PendingCaller caller, RejectReason reason) {
        return listening.reject(caller, reason);
    }

    /** Calls a listener without encryption. */
    public int connect(
            long nowMicros, InetSocketAddress listener, ConnectionSettings connectionSettings, String streamId) {
        return connect(nowMicros, listener, connectionSettings, streamId, KeyAgreement.Clear.CLEAR, true);
    }

    /**
     * Calls a listener. {@link EndpointEvent.Connected} or {@link EndpointEvent.ConnectFailed} follows.
     *
     * @param streamId empty for none; at most 512 bytes of UTF-8
     * @param keys the keys to encrypt with ({@link KeyAgreement.Secured#initiate}), which are the connection's from now on,
     *     or {@link KeyAgreement.Clear}
     * @param enforced whether the connection is given up if the listener has another passphrase, none, or one where we
     *     have none
     * @return the socket ID that the connection will have
     */
    public int connect(
            long nowMicros,
            InetSocketAddress listener,
            ConnectionSettings connectionSettings,
            String streamId,
            KeyAgreement keys,
            boolean enforced) {
        int socketId = newSocketId();
        // libsrt refuses the greatest number as the first one.
        int initialSequenceNumber = random.nextInt(SequenceNumber.MAX);
        calling.connect(
                nowMicros,
                new CallerHandshake(
                        listener,
                        connectionSettings.offer(),
                        keys,
                        enforced,
                        streamId,
                        socketId,
                        initialSequenceNumber),
                connectionSettings);
        return socketId;
    }

    /** Input: the log that this connection sends from has more. */
    public void wake(SrtConnection connection) {
        ConnectionEntry entry = connections.entryOf(connection);
        if (entry != null) {
            connections.enqueue(entry);
        }
    }

    /**
     * Gives a connection the key that {@link EndpointEvent.KeyMaterialArrived} asked for: its peer gets its answer, and
     * later key material of the peer is unwrapped by this key.
     *
     * @param kek derived from the connection's passphrase for that message; the connection's from now on
     */
    public void rekey(SrtConnection connection, KeyEncryptionKey kek) {
        connection.rekey(kek);
        wake(connection);
    }

    /** Closes a connection: its peer is told, and a {@link EndpointEvent.Closed} follows. */
    public void close(long nowMicros, SrtConnection connection) {
        connections.close(nowMicros, connection, CloseReason.LOCAL);
    }

    /**
     * Tells somebody who has no connection here, and takes itself for connected, that it is over. Dropped and counted when
     * too many answers wait.
     *
     * @param socketId the stranger's own
     */
    public void shutDownStranger(InetSocketAddress stranger, int socketId) {
        outbox.answer(Reply.shutdown(stranger, 0, socketId));
    }

    /** Closes every connection, refuses every pending caller and gives up every call. */
    public void closeAll(long nowMicros) {
        connections.closeAll(nowMicros);
        listening.rejectAll(RejectReason.CLOSE);
        calling.giveUpAll(RejectReason.CLOSE);
    }

    /** Whether a stray is this endpoint's: for a connection or call of its, or a conclusion of a caller that it knows. */
    public boolean owns(InetSocketAddress from, ByteBuffer stray) {
        int socketId = PacketDecoder.destinationSocketId(stray);
        return socketId == 0
                ? listening.knows(from, HandshakePacket.read(stray))
                : connections.get(socketId) != null || calling.get(socketId) != null;
    }

    /** Open connections. */
    public int connectionCount() {
        return connections.count();
    }

    /** All that is kept, of whatever kind; each kind has a bound, or is an open connection's or call's. */
    int size() {
        return connections.size() + listening.size() + calling.size() + outbox.size();
    }

    /** Datagrams that were no SRT packets, by reason. */
    public long malformed(Malformed reason) {
        return malformed[reason.ordinal()];
    }

    /** Packets that were discarded, by reason. */
    public long discarded(Discarded reason) {
        return outbox.discarded(reason);
    }

    private int newSocketId() {
        while (true) {
            int socketId = socketIds.getAsInt();
            if (socketId > 0 && connections.get(socketId) == null && calling.get(socketId) == null) {
                return socketId;
            }
        }
    }
}
