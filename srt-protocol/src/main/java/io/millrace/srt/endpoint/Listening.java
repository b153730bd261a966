package io.millrace.srt.endpoint;

import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.ListenerHandshake;
import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.handshake.SynCookie;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.receive.TsbpdClock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The callers of an endpoint, from their first datagram to the decision on them. */
final class Listening {
    /**
     * A granted connection's time zero lies this far in the past, so that payloads older than the connection, which a
     * subscriber is started with, have timestamps that are not negative.
     */
    private static final long HEAD_START_MICROS = 60_000_000;

    private boolean accepting;
    private final Connections connections;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final IntSupplier newSocketId;
    private final Admission admission;

    Listening(
            EndpointSettings settings,
            Connections connections,
            Outbox outbox,
            SynCookie cookie,
            RandomGenerator random,
            IntSupplier newSocketId) {
        accepting = settings.accepting();
        this.connections = connections;
        this.outbox = outbox;
        this.random = random;
        this.newSocketId = newSocketId;
        admission = new Admission(settings, cookie, random);
    }

    /** From now on lets callers in by these. If it lets none in, those that wait for a decision have got theirs. */
    void settings(EndpointSettings changed) {
        accepting = changed.accepting();
        admission.settings(changed);
        if (!accepting) {
            rejectAll(RejectReason.CLOSE);
        }
    }

    /** A handshake that is for no socket in particular. */
    void handleHandshake(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
        if (!admission.mayCall(from.getAddress())) {
            outbox.discard(Discarded.DENIED_ADDRESS);
            return;
        }
        HandshakePacket request = HandshakePacket.read(datagram);
        // No socket has ID 0. An answer to it would be a request again, and two listeners, each taken in by the other's
        // forged address, would answer each other for ever.
        if (request.socketId() == 0 || (!accepting && !isRepeated(from, request))) {
            outbox.discard(Discarded.UNEXPECTED_HANDSHAKE);
            return;
        }
        switch (request.type()) {
            case HandshakePacket.INDUCTION -> handleInduction(nowMicros, from, request);
            case HandshakePacket.CONCLUSION -> handleConclusion(nowMicros, from, request, datagram, strays);
            case HandshakePacket.WAVE_A_HAND -> {
                // As long as its request, so nobody is flooded through us; no state, so no log either.
                outbox.discard(Discarded.RENDEZVOUS);
                if (admission.mayBeAnswered(from.getAddress(), nowMicros)) {
                    refuse(from, request, RejectReason.ROGUE);
                }
            }
            default -> outbox.discard(Discarded.UNEXPECTED_HANDSHAKE);
        }
    }

    /** Whether it is the conclusion of a caller that has had its decision: the answer to it may have been lost. */
    private boolean isRepeated(InetSocketAddress from, HandshakePacket request) {
        if (request.type() != HandshakePacket.CONCLUSION) {
            return false;
        }
        ConnectionEntry existing = connections.ofCaller(from, request.socketId());
        return existing == null ? admission.isDecided(from, request) : isOf(existing, request);
    }

    private static boolean isOf(ConnectionEntry connection, HandshakePacket conclusion) {
        return connection.connection.negotiated().initialSequenceNumber() == conclusion.initialSequenceNumber();
    }

    private void handleInduction(long nowMicros, InetSocketAddress from, HandshakePacket request) {
        if (admission.mayBeAnswered(from.getAddress(), nowMicros)) {
            int cookie = admission.cookie(from, nowMicros);
            outbox.answer(
                    Reply.handshake(from, ListenerHandshake.inductionResponse(request, cookie, from.getAddress())));
        } else {
            outbox.discard(Discarded.OVER_BUDGET_INDUCTION);
        }
    }

    private void handleConclusion(
            long nowMicros, InetSocketAddress from, HandshakePacket request, ByteBuffer datagram, StraySink strays) {
        int issuer = admission.cookieIssuer(request.cookie(), from, nowMicros);
        if (issuer == SynCookie.INVALID) {
            outbox.discard(Discarded.BAD_COOKIE);
            return;
        }
        ConnectionEntry existing = connections.ofCaller(from, request.socketId());
        if (existing != null && isOf(existing, request)) {
            repeatConclusion(nowMicros, existing);
            return;
        }
        if (admission.noteRepeated(from, request, nowMicros)) {
            outbox.discard(Discarded.REPEATED_CONCLUSION);
        } else if (admission.isDecided(from, request)) {
            outbox.discard(Discarded.REPEATED_CONCLUSION);
            RejectReason refusal = admission.refusal(from, request);
            if (refusal != null) {
                refuse(from, request, refusal);
            }
        } else if (existing == null && strays.takeConclusion(issuer, from, datagram)) {
            // Whoever gave the cookie decides, and alone knows whether it has done so: two decisions would lead to two
            // connections with one caller.
            return;
        } else if (outbox.isFullOfEvents()) {
            outbox.discard(Discarded.EVENTS_FULL);
        } else if (!admission.mayAsk(from.getAddress(), nowMicros)) {
            outbox.discard(Discarded.OVER_BUDGET_CONCLUSION);
        } else {
            handleCaller(nowMicros, from, request, datagram);
        }
    }

    /** Whether this caller has a connection, waits for a decision, or has lately been decided on. */
    boolean knows(InetSocketAddress from, HandshakePacket conclusion) {
        return connections.ofCaller(from, conclusion.socketId()) != null
                || admission.isPending(from, conclusion)
                || admission.isDecided(from, conclusion);
    }

    /** A caller that has proved its address and was not heard of before. */
    private void handleCaller(long nowMicros, InetSocketAddress from, HandshakePacket request, ByteBuffer datagram) {
        HandshakeExtensions extensions = HandshakeExtensions.read(datagram);
        RejectReason objection = ListenerHandshake.objection(request, extensions);
        if (objection != null) {
            outbox.add(new EndpointEvent.CallerRefused(from, extensions.streamId(), objection));
            if (request.version() == 4) {
                outbox.answer(Reply.shutdown(from, 0, request.socketId()));
            } else {
                refuse(from, request, objection);
            }
            return;
        }
        PendingCaller caller =
                new PendingCaller(from, request, extensions, ControlHeader.timestamp(datagram), nowMicros);
        if (admission.admit(caller)) {
            outbox.add(new EndpointEvent.CallerArrived(caller));
        } else {
            outbox.discard(Discarded.PENDING_CALLERS_FULL);
            refuse(from, request, RejectReason.BACKLOG);
        }
    }

    @Nullable
    SrtConnection accept(
            long nowMicros, PendingCaller caller, KeyAgreement agreement, ConnectionSettings connectionSettings) {
        if (!caller.decide()) {
            return null;
        }
        if (caller.hasGivenUp(nowMicros)) {
            admission.decided(caller, RejectReason.TIMEOUT);
            outbox.add(new EndpointEvent.CallerExpired(caller));
            return null;
        }
        admission.decided(caller, null);
        HandshakePacket request = caller.request();
        ConnectionEntry previous = connections.ofCaller(caller.address(), request.socketId());
        if (previous != null) {
            connections.close(nowMicros, previous.connection, CloseReason.REPLACED);
        }
        int socketId = newSocketId.getAsInt();
        Negotiated negotiated = ListenerHandshake.negotiate(request, caller.extensions(), connectionSettings.offer());
        SrtConnection connection = new SrtConnection(
                socketId,
                new Peer(caller.address(), request.socketId(), nowMicros - HEAD_START_MICROS),
                negotiated,
                agreement,
                connectionSettings,
                new TsbpdClock(caller.arrivedMicros(), caller.timestamp()),
                random,
                nowMicros);
        HandshakeExtensions extensions = ListenerHandshake.conclusionExtensions(negotiated, agreement);
        HandshakePacket response = ListenerHandshake.conclusionResponse(
                request,
                extensions,
                negotiated,
                connectionSettings.offer().flowWindow(),
                socketId,
                caller.address().getAddress());
        ConnectionEntry entry =
                new ConnectionEntry(connection, new ConnectionEntry.ConclusionResponse(response, extensions));
        connections.open(entry);
        conclude(entry);
        return connection;
    }

    boolean reject(PendingCaller caller, RejectReason reason) {
        if (!caller.decide()) {
            return false;
        }
        admission.decided(caller, reason);
        refuse(caller.address(), caller.request(), reason);
        return true;
    }

    void rejectAll(RejectReason reason) {
        admission.pending().forEach(caller -> reject(caller, reason));
    }

    void handleTimeout(long nowMicros) {
        for (PendingCaller expired : admission.expire(nowMicros)) {
            outbox.add(new EndpointEvent.CallerExpired(expired));
            refuse(expired.address(), expired.request(), RejectReason.TIMEOUT);
        }
    }

    long nextTimeoutMicros() {
        return admission.nextExpiryMicros();
    }

    /** Says once more that a caller has its connection, which it says it doesn't know. */
    void repeatConclusion(long nowMicros, ConnectionEntry entry) {
        conclude(entry);
        entry.connection.onHandshakeRepeated(nowMicros);
        connections.enqueue(entry);
    }

    /**
     * Says that a caller has its connection. §4.3.1.2: with the present time, from which the caller derives its time base.
     */
    private void conclude(ConnectionEntry entry) {
        ConnectionEntry.ConclusionResponse response = entry.response;
        if (response != null) {
            SrtConnection connection = entry.connection;
            outbox.answer(new Reply(
                    connection.replyAddress(),
                    response.handshake(),
                    response.extensions(),
                    connection::timestamp,
                    connection.peerSocketId()));
        }
    }

    /** Callers that are remembered. */
    int size() {
        return admission.size();
    }

    private void refuse(InetSocketAddress caller, HandshakePacket request, RejectReason reason) {
        outbox.answer(Reply.handshake(caller, ListenerHandshake.rejection(request, reason)));
    }
}
