package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.capture.Capture;
import io.millrace.srt.capture.CapturedDatagram;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.SequenceNumber;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a real caller said in a capture, to be said again to a listener of ours: with our cookie, and to the socket IDs
 * that ours gives.
 */
final class CapturedSession {
    private static final int DESTINATION = 12;
    /** Nobody waits longer for the next packet; the idle timeout has tests of its own. */
    private static final long MAX_PAUSE_MICROS = 300_000;

    private final InetSocketAddress caller;
    private final List<CapturedDatagram> said = new ArrayList<>();
    /** The captured listener's socket IDs to those of the callers that it gave them to. */
    private final Map<Integer, Integer> callersOfListeners = new HashMap<>();

    private final Map<Integer, Integer> firstSequenceNumbers = new HashMap<>();

    CapturedSession(String capture) {
        List<CapturedDatagram> datagrams = Capture.load(capture);
        caller = datagrams.get(0).from();
        for (CapturedDatagram datagram : datagrams) {
            ByteBuffer packet = datagram.payload();
            if (datagram.from().equals(caller)) {
                said.add(datagram);
            } else if (isConclusion(packet)) {
                HandshakePacket response = HandshakePacket.read(packet);
                int socketId = PacketDecoder.destinationSocketId(packet);
                callersOfListeners.put(response.socketId(), socketId);
                firstSequenceNumbers.put(socketId, response.initialSequenceNumber());
            }
        }
    }

    /** Captured socket IDs of the callers. */
    List<Integer> callerSocketIds() {
        return List.copyOf(callersOfListeners.values());
    }

    /** The payloads that this caller sent, by offset. */
    Map<Long, ByteBuffer> payloads(int callerSocketId) {
        Map<Long, ByteBuffer> payloads = new TreeMap<>();
        for (CapturedDatagram datagram : said) {
            ByteBuffer packet = datagram.payload();
            Integer owner = callersOfListeners.get(PacketDecoder.destinationSocketId(packet));
            if (!PacketDecoder.isControl(packet) && owner != null && owner == callerSocketId) {
                int first = firstSequenceNumbers.get(callerSocketId);
                long offset = SequenceNumber.distance(first, DataHeader.sequenceNumber(packet));
                payloads.put(offset, packet.slice(packet.position() + 16, packet.remaining() - 16));
            }
        }
        return payloads;
    }

    /** Changes, multiplies or withholds the datagrams of a session. */
    interface Tampering {
        /** What is said instead of {@code packet}, which has our cookie and socket ID already. */
        List<ByteBuffer> instead(ByteBuffer packet);
    }

    /**
     * Says all of it, or the first so many datagrams.
     *
     * @return our socket IDs by those of the callers
     */
    Map<Integer, Integer> replay(AttackedListener to, int limit, Tampering tampering) {
        Map<Integer, Integer> ours = new HashMap<>();
        int[] cookie = {0};
        long lastMicros = said.get(0).micros();
        for (CapturedDatagram datagram : said.subList(0, Math.min(limit, said.size()))) {
            to.advance(Math.min(datagram.micros() - lastMicros, MAX_PAUSE_MICROS));
            lastMicros = datagram.micros();
            ByteBuffer packet = addressed(
                    ScriptedCaller.copy(datagram.payload()), cookie[0], id -> ours.get(callersOfListeners.get(id)));
            for (ByteBuffer each : tampering.instead(packet)) {
                for (Sent answer : to.receive(caller, each)) {
                    learn(answer, cookie, ours);
                }
            }
        }
        return ours;
    }

    private static void learn(Sent answer, int[] cookie, Map<Integer, Integer> ours) {
        ByteBuffer packet = answer.packet();
        if (PacketDecoder.isControl(packet) && ControlHeader.type(packet) == ControlType.HANDSHAKE) {
            HandshakePacket handshake = HandshakePacket.read(packet);
            if (handshake.type() == HandshakePacket.INDUCTION) {
                cookie[0] = handshake.cookie();
            } else if (handshake.type() == HandshakePacket.CONCLUSION) {
                ours.put(PacketDecoder.destinationSocketId(packet), handshake.socketId());
            }
        }
    }

    private static ByteBuffer addressed(ByteBuffer packet, int cookie, UnaryOperator<Integer> socketIds) {
        int destination = PacketDecoder.destinationSocketId(packet);
        if (destination != 0) {
            Integer socketId = socketIds.apply(destination);
            return packet.putInt(DESTINATION, socketId == null ? destination : socketId);
        }
        return isConclusion(packet) ? packet.putInt(ScriptedCaller.COOKIE, cookie) : packet;
    }

    private static boolean isConclusion(ByteBuffer packet) {
        return PacketDecoder.isControl(packet)
                && ControlHeader.type(packet) == ControlType.HANDSHAKE
                && HandshakePacket.read(packet).type() == HandshakePacket.CONCLUSION;
    }

    /** Fails for a capture whose replay would prove nothing. */
    void assertHasPayloads() {
        assertThat(callerSocketIds())
                .isNotEmpty()
                .allSatisfy(id -> assertThat(payloads(id)).isNotEmpty());
    }
}
