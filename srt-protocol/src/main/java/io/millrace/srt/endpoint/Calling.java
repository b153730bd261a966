package io.millrace.srt.endpoint;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.CallerHandshake;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.handshake.RejectReason;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.receive.TsbpdClock;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The calls of an endpoint, from the first message to the answer or the lack of one. */
final class Calling {
    private final EndpointSettings settings;
    private final Connections connections;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final Map<Integer, Call> calls = new HashMap<>();

    Calling(EndpointSettings settings, Connections connections, Outbox outbox, RandomGenerator random) {
        this.settings = settings;
        this.connections = connections;
        this.outbox = outbox;
        this.random = random;
    }

    /** The call that waits for an answer to this socket ID of ours, or null. */
    @Nullable
    Call get(int localSocketId) {
        // A listener's endpoint has none, and strangers' packets are to cost it no object.
        return calls.isEmpty() ? null : calls.get(localSocketId);
    }

    void connect(long nowMicros, CallerHandshake handshake, ConnectionSettings connectionSettings) {
        Call call = new Call(handshake, connectionSettings, nowMicros);
        calls.put(handshake.socketId(), call);
        sendMessage(call, nowMicros);
    }

    /** An answer from whom was called. */
    void handleAnswer(long nowMicros, Call call, ByteBuffer datagram) {
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
                fail(call, handshake.rejectReason(), handshake.rejectionType());
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
                connection.keepEarlyData();
                connections.open(new ConnectionEntry(connection, null));
                outbox.add(new EndpointEvent.Connected(connection));
            }
        }
    }

    void giveUpAll(RejectReason reason) {
        for (Call call : calls.values()) {
            fail(call, reason, 0);
        }
        calls.clear();
    }

    void handleTimeout(long nowMicros) {
        for (Iterator<Call> i = calls.values().iterator(); i.hasNext(); ) {
            Call call = i.next();
            if (nowMicros - call.startedMicros() >= settings.connectTimeoutMicros()) {
                i.remove();
                call.handshake().timedOut();
                fail(call, RejectReason.TIMEOUT, 0);
            } else if (nowMicros >= call.nextMessageMicros()) {
                sendMessage(call, nowMicros);
            }
        }
    }

    long nextTimeoutMicros() {
        long next = Long.MAX_VALUE;
        for (Call call : calls.values()) {
            next = Math.min(next, call.nextMessageMicros());
            next = Math.min(next, call.startedMicros() + settings.connectTimeoutMicros());
        }
        return next;
    }

    /** Calls that wait for an answer. */
    int size() {
        return calls.size();
    }

    private void fail(Call call, RejectReason reason, int rejectionType) {
        call.handshake().wipe();
        outbox.add(new EndpointEvent.ConnectFailed(call.handshake().socketId(), reason, rejectionType));
    }

    private void sendMessage(Call call, long nowMicros) {
        CallerHandshake handshake = call.handshake();
        outbox.answer(new Reply(
                handshake.listener(),
                handshake.message(),
                handshake.extensions(),
                now -> (int) (now - call.startedMicros()),
                0));
        call.messageSent(nowMicros);
    }
}
