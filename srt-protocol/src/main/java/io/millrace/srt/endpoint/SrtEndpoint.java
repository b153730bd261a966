package io.millrace.srt.endpoint;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.CallerHandshake;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.ListenerHandshake;
import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DatagramSink;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.Malformed;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.packet.SequenceNumber;
import io.millrace.srt.receive.TsbpdClock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
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
public final class SrtEndpoint {
    /**
     * A granted connection's time zero lies this far in the past, so that payloads older than the connection, which a
     * subscriber is started with, have timestamps that are not negative.
     */
    private static final long HEAD_START_MICROS = 60_000_000;

    /** Answers that may wait to be written; with a driver that drains after each burst they never come near. */
    private static final int MAX_REPLIES = 4096;

    /** Events beyond which no caller adds another one; a driver that polls after each burst never comes near. */
    private static final int MAX_EVENTS = 4096;

    private final EndpointSettings settings;
    private final RandomGenerator random;
    private final IntSupplier socketIds;
    private final Admission admission;

    private final SocketIdTable connections = new SocketIdTable();
    private final Map<PeerSocket, ConnectionEntry> accepted = new HashMap<>();
    private final Map<Integer, Call> calls = new HashMap<>();
    private final Deadlines deadlines = new Deadlines();
    private final ArrayDeque<ConnectionEntry> ready = new ArrayDeque<>();
    private final ArrayDeque<EndpointEvent> events = new ArrayDeque<>();
    private final ArrayDeque<Reply> replies = new ArrayDeque<>();

    private final long[] malformed = new long[Malformed.values().length];
    private final long[] discarded = new long[Discarded.values().length];

    /** A peer's socket, for recognising a repeated conclusion. */
    private record PeerSocket(InetSocketAddress address, int socketId) {}

    /**
     * @param random source of cookies' secret, sequence numbers and keys: must be unpredictable, a {@code SecureRandom}
     *     outside of tests
     * @param socketIds source of our socket IDs, 1 to 0x3fffffff, hard to guess
     */
    public SrtEndpoint(EndpointSettings settings, RandomGenerator random, IntSupplier socketIds) {
        this.settings = settings;
        this.random = random;
        this.socketIds = socketIds;
        admission = new Admission(settings, random);
    }

    /** Input: a datagram between the buffer's position and limit. Never throws for what is in it. */
    public void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram) {
        Malformed fault = PacketDecoder.check(datagram);
        if (fault != null) {
            malformed[fault.ordinal()]++;
            return;
        }
        int socketId = PacketDecoder.destinationSocketId(datagram);
        if (socketId == 0) {
            handleUnconnected(nowMicros, from, datagram);
            return;
        }
        ConnectionEntry entry = connections.get(socketId);
        if (entry != null) {
            handleConnected(nowMicros, from, datagram, entry);
            return;
        }
        Call call = calls.get(socketId);
        if (call == null || !isHandshake(datagram)) {
            // Data that overtakes the answer to our call is lost here and asked for again.
            discard(Discarded.UNKNOWN_SOCKET_ID);
        } else if (!call.handshake().listener().equals(from)) {
            discard(Discarded.FOREIGN_ADDRESS);
        } else {
            handleAnswer(nowMicros, call, datagram);
        }
    }

    /** Input: time has passed. Late, early and spurious calls are harmless. */
    public void handleTimeout(long nowMicros) {
        List<ConnectionEntry> ended = new ArrayList<>();
        deadlines.forEachExpired(nowMicros, entry -> {
            entry.connection.handleTimeout(nowMicros);
            enqueue(entry);
            if (entry.connection.closeReason() != null) {
                ended.add(entry);
            }
        });
        ended.forEach(entry -> finish(nowMicros, entry));
        for (PendingCaller expired : admission.expire(nowMicros)) {
            events.add(new EndpointEvent.CallerExpired(expired));
            reply(Reply.handshake(
                    expired.address(), ListenerHandshake.rejection(expired.request(), RejectReason.TIMEOUT)));
        }
        for (Iterator<Call> i = calls.values().iterator(); i.hasNext(); ) {
            Call call = i.next();
            if (nowMicros - call.startedMicros() >= settings.connectTimeoutMicros()) {
                i.remove();
                call.handshake().timedOut();
                events.add(new EndpointEvent.ConnectFailed(call.handshake().socketId(), RejectReason.TIMEOUT, 0));
            } else if (nowMicros >= call.nextMessageMicros()) {
                sendMessage(call, nowMicros);
            }
        }
    }

    /** Output: what happened, one by one; null when there is no more. */
    public @Nullable EndpointEvent pollEvent() {
        return events.poll();
    }

    /** Output: writes everything that is to be sent now. */
    public void drain(long nowMicros, DatagramSink sink) {
        Reply reply = replies.poll();
        while (reply != null) {
            reply.write(sink);
            reply = replies.poll();
        }
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

    /** When {@link #handleTimeout} is to be called at the latest; {@link Long#MAX_VALUE} if there is no need. */
    public long nextTimeoutMicros() {
        long next = Math.min(deadlines.earliestMicros(), admission.nextExpiryMicros());
        for (Call call : calls.values()) {
            next = Math.min(next, call.nextMessageMicros());
            next = Math.min(next, call.startedMicros() + settings.connectTimeoutMicros());
        }
        return next;
    }

    /**
     * Grants a pending caller its connection. Attach what it receives into or sends from before the next input.
     *
     * @param agreement what its key material led to; the keys are the connection's from now on, and wiped with it
     * @return the connection, or null if the caller has been decided on or has expired
     */
    public @Nullable SrtConnection accept(
            long nowMicros, PendingCaller caller, KeyAgreement agreement, ConnectionSettings connectionSettings) {
        if (!caller.decide()) {
            return null;
        }
        admission.decided(caller, null);
        PeerSocket peerSocket =
                new PeerSocket(caller.address(), caller.request().socketId());
        ConnectionEntry previous = accepted.get(peerSocket);
        if (previous != null) {
            close(nowMicros, previous.connection, CloseReason.REPLACED);
        }
        int socketId = newSocketId();
        Negotiated negotiated =
                ListenerHandshake.negotiate(caller.request(), caller.extensions(), connectionSettings.offer());
        SrtConnection connection = new SrtConnection(
                socketId,
                new Peer(caller.address(), caller.request().socketId(), nowMicros - HEAD_START_MICROS),
                negotiated,
                agreement,
                connectionSettings,
                new TsbpdClock(caller.arrivedMicros(), caller.timestamp()),
                random,
                nowMicros);
        HandshakeExtensions extensions = ListenerHandshake.conclusionExtensions(negotiated, agreement);
        HandshakePacket response = ListenerHandshake.conclusionResponse(
                caller.request(),
                extensions,
                negotiated,
                connectionSettings.offer().flowWindow(),
                socketId,
                caller.address().getAddress());
        ConnectionEntry entry =
                new ConnectionEntry(connection, new ConnectionEntry.ConclusionResponse(response, extensions));
        accepted.put(peerSocket, entry);
        open(entry);
        repeatConclusion(nowMicros, entry);
        return connection;
    }

    /** Refuses a pending caller. False, and without effect, if it has been decided on or has expired. */
    public boolean reject(PendingCaller caller, RejectReason reason) {
        if (!caller.decide()) {
            return false;
        }
        admission.decided(caller, reason);
        reply(Reply.handshake(caller.address(), ListenerHandshake.rejection(caller.request(), reason)));
        return true;
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
        Call call = new Call(
                new CallerHandshake(
                        listener,
                        connectionSettings.offer(),
                        keys,
                        enforced,
                        streamId,
                        socketId,
                        initialSequenceNumber),
                connectionSettings,
                nowMicros);
        calls.put(socketId, call);
        sendMessage(call, nowMicros);
        return socketId;
    }

    /** Input: the log that this connection sends from has more. */
    public void wake(SrtConnection connection) {
        ConnectionEntry entry = entryOf(connection);
        if (entry != null) {
            enqueue(entry);
        }
    }

    /** Closes a connection: its peer is told, and a {@link EndpointEvent.Closed} follows. */
    public void close(long nowMicros, SrtConnection connection) {
        close(nowMicros, connection, CloseReason.LOCAL);
    }

    /** Closes every connection, refuses every pending caller and gives up every call. */
    public void closeAll(long nowMicros) {
        List<SrtConnection> open = new ArrayList<>();
        connections.forEach(entry -> open.add(entry.connection));
        open.forEach(connection -> close(nowMicros, connection));
        admission.pending().forEach(caller -> reject(caller, RejectReason.CLOSE));
        for (Call call : calls.values()) {
            events.add(new EndpointEvent.ConnectFailed(call.handshake().socketId(), RejectReason.CLOSE, 0));
        }
        calls.clear();
    }

    /** Open connections. */
    public int connectionCount() {
        return connections.size();
    }

    /** All that is kept, of whatever kind; each kind has a bound, or is an open connection's or call's. */
    int size() {
        return connections.size()
                + accepted.size()
                + calls.size()
                + ready.size()
                + events.size()
                + replies.size()
                + admission.size();
    }

    /** Datagrams that were no SRT packets, by reason. */
    public long malformed(Malformed reason) {
        return malformed[reason.ordinal()];
    }

    /** Packets that were discarded, by reason. */
    public long discarded(Discarded reason) {
        return discarded[reason.ordinal()];
    }

    private void handleConnected(long nowMicros, InetSocketAddress from, ByteBuffer datagram, ConnectionEntry entry) {
        SrtConnection connection = entry.connection;
        if (!connection.peerAddress().equals(from)) {
            discard(Discarded.FOREIGN_ADDRESS);
            return;
        }
        if (isHandshake(datagram)) {
            // A caller that did not get our answer may already know the socket ID from a data packet.
            if (HandshakePacket.read(datagram).type() == HandshakePacket.CONCLUSION) {
                repeatConclusion(nowMicros, entry);
            }
            return;
        }
        connection.handlePacket(datagram, nowMicros);
        enqueue(entry);
        if (connection.closeReason() != null) {
            finish(nowMicros, entry);
        }
    }

    private void handleUnconnected(long nowMicros, InetSocketAddress from, ByteBuffer datagram) {
        if (!isHandshake(datagram)) {
            discard(Discarded.NOT_A_HANDSHAKE);
            return;
        }
        if (!admission.mayCall(from.getAddress())) {
            discard(Discarded.DENIED_ADDRESS);
            return;
        }
        HandshakePacket request = HandshakePacket.read(datagram);
        // No socket has ID 0. An answer to it would be a request again, and two listeners, each taken in by the other's
        // forged address, would answer each other for ever.
        if (!settings.accepting() || request.socketId() == 0) {
            discard(Discarded.UNEXPECTED_HANDSHAKE);
            return;
        }
        switch (request.type()) {
            case HandshakePacket.INDUCTION -> handleInduction(nowMicros, from, request);
            case HandshakePacket.CONCLUSION -> handleConclusion(nowMicros, from, request, datagram);
            case HandshakePacket.WAVE_A_HAND -> {
                // As long as its request, so nobody is flooded through us; no state, so no log either.
                discard(Discarded.RENDEZVOUS);
                if (admission.mayBeAnswered(from.getAddress(), nowMicros)) {
                    reply(Reply.handshake(from, ListenerHandshake.rejection(request, RejectReason.ROGUE)));
                }
            }
            default -> discard(Discarded.UNEXPECTED_HANDSHAKE);
        }
    }

    private void handleInduction(long nowMicros, InetSocketAddress from, HandshakePacket request) {
        if (admission.mayBeAnswered(from.getAddress(), nowMicros)) {
            int cookie = admission.cookie(from, nowMicros);
            reply(Reply.handshake(from, ListenerHandshake.inductionResponse(request, cookie, from.getAddress())));
        } else {
            discard(Discarded.OVER_BUDGET_INDUCTION);
        }
    }

    private void handleConclusion(
            long nowMicros, InetSocketAddress from, HandshakePacket request, ByteBuffer datagram) {
        if (!admission.isCookieValid(request.cookie(), from, nowMicros)) {
            discard(Discarded.BAD_COOKIE);
            return;
        }
        ConnectionEntry existing = accepted.get(new PeerSocket(from, request.socketId()));
        if (existing != null
                && existing.connection.negotiated().initialSequenceNumber() == request.initialSequenceNumber()) {
            repeatConclusion(nowMicros, existing);
            return;
        }
        if (admission.isPending(from, request)) {
            discard(Discarded.REPEATED_CONCLUSION);
        } else if (admission.isDecided(from, request)) {
            discard(Discarded.REPEATED_CONCLUSION);
            RejectReason refusal = admission.refusal(from, request);
            if (refusal != null) {
                reply(Reply.handshake(from, ListenerHandshake.rejection(request, refusal)));
            }
        } else if (events.size() >= MAX_EVENTS) {
            discard(Discarded.EVENTS_FULL);
        } else if (!admission.mayAsk(from.getAddress(), nowMicros)) {
            discard(Discarded.OVER_BUDGET_CONCLUSION);
        } else {
            handleCaller(nowMicros, from, request, datagram);
        }
    }

    /** A caller that has proved its address and was not heard of before. */
    private void handleCaller(long nowMicros, InetSocketAddress from, HandshakePacket request, ByteBuffer datagram) {
        HandshakeExtensions extensions = HandshakeExtensions.read(datagram);
        RejectReason objection = ListenerHandshake.objection(request, extensions);
        if (objection != null) {
            events.add(new EndpointEvent.CallerRefused(from, extensions.streamId(), objection));
            reply(
                    request.version() == 4
                            ? Reply.shutdown(from, 0, request.socketId())
                            : Reply.handshake(from, ListenerHandshake.rejection(request, objection)));
            return;
        }
        PendingCaller caller =
                new PendingCaller(from, request, extensions, ControlHeader.timestamp(datagram), nowMicros);
        if (admission.admit(caller)) {
            events.add(new EndpointEvent.CallerArrived(caller));
        } else {
            discard(Discarded.PENDING_CALLERS_FULL);
            reply(Reply.handshake(from, ListenerHandshake.rejection(request, RejectReason.BACKLOG)));
        }
    }

    private void handleAnswer(long nowMicros, Call call, ByteBuffer datagram) {
        CallerHandshake handshake = call.handshake();
        HandshakePacket response = HandshakePacket.read(datagram);
        HandshakeExtensions extensions = HandshakeExtensions.read(datagram);
        CallerHandshake.State before = handshake.state();
        switch (handshake.onResponse(response, extensions)) {
            case INDUCTION -> {}
            case CONCLUSION -> {
                if (before == CallerHandshake.State.INDUCTION) {
                    sendMessage(call, nowMicros);
                }
            }
            case REJECTED -> {
                calls.remove(handshake.socketId());
                events.add(new EndpointEvent.ConnectFailed(
                        handshake.socketId(), handshake.rejectReason(), handshake.rejectionType()));
            }
            case GRANTED -> {
                calls.remove(handshake.socketId());
                SrtConnection connection = new SrtConnection(
                        handshake.socketId(),
                        new Peer(handshake.listener(), response.socketId(), call.startedMicros()),
                        handshake.negotiated(response, extensions),
                        handshake.agreement(),
                        call.settings(),
                        new TsbpdClock(nowMicros, ControlHeader.timestamp(datagram)),
                        random,
                        nowMicros);
                open(new ConnectionEntry(connection, null));
                events.add(new EndpointEvent.Connected(connection));
            }
        }
    }

    private void sendMessage(Call call, long nowMicros) {
        CallerHandshake handshake = call.handshake();
        reply(new Reply(
                handshake.listener(),
                handshake.message(),
                handshake.extensions(),
                (int) (nowMicros - call.startedMicros()),
                0));
        call.messageSent(nowMicros);
    }

    /** §4.3.1.2: with the present time, from which the caller derives its time base. */
    private void repeatConclusion(long nowMicros, ConnectionEntry entry) {
        ConnectionEntry.ConclusionResponse response = entry.response;
        if (response != null) {
            SrtConnection connection = entry.connection;
            reply(new Reply(
                    connection.peerAddress(),
                    response.handshake(),
                    response.extensions(),
                    connection.timestamp(nowMicros),
                    connection.peerSocketId()));
        }
    }

    private void open(ConnectionEntry entry) {
        connections.put(entry);
        deadlines.add(entry);
        enqueue(entry);
    }

    private void close(long nowMicros, SrtConnection connection, CloseReason reason) {
        ConnectionEntry entry = entryOf(connection);
        if (entry != null) {
            connection.close(reason);
            finish(nowMicros, entry);
        }
    }

    /** Null if it is closed; its socket ID may belong to another one by now. */
    private @Nullable ConnectionEntry entryOf(SrtConnection connection) {
        ConnectionEntry entry = connections.get(connection.localSocketId());
        return entry != null && entry.connection == connection ? entry : null;
    }

    private void finish(long nowMicros, ConnectionEntry entry) {
        SrtConnection connection = entry.connection;
        CloseReason reason = connection.closeReason();
        if (reason == null) {
            throw new IllegalStateException("the connection is open");
        }
        connections.remove(connection.localSocketId());
        deadlines.remove(entry);
        if (entry.response != null) {
            accepted.remove(new PeerSocket(connection.peerAddress(), connection.peerSocketId()), entry);
        }
        // A replaced connection's peer socket is shaking hands anew and would take a shutdown for a refusal.
        if (reason != CloseReason.PEER_SHUTDOWN && reason != CloseReason.REPLACED) {
            replies.add(Reply.shutdown(
                    connection.peerAddress(), connection.timestamp(nowMicros), connection.peerSocketId()));
        }
        events.add(new EndpointEvent.Closed(connection, reason));
    }

    private void enqueue(ConnectionEntry entry) {
        if (!entry.queued) {
            entry.queued = true;
            ready.add(entry);
        }
    }

    private void reply(Reply reply) {
        if (replies.size() < MAX_REPLIES) {
            replies.add(reply);
        } else {
            discard(Discarded.REPLIES_FULL);
        }
    }

    private void discard(Discarded reason) {
        discarded[reason.ordinal()]++;
    }

    private int newSocketId() {
        while (true) {
            int socketId = socketIds.getAsInt();
            if (socketId > 0 && connections.get(socketId) == null && !calls.containsKey(socketId)) {
                return socketId;
            }
        }
    }

    private static boolean isHandshake(ByteBuffer packet) {
        return PacketDecoder.isControl(packet) && ControlHeader.type(packet) == ControlType.HANDSHAKE;
    }
}
