package io.millrace.srt.endpoint;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.CallerHandshake;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.Offer;
import io.millrace.srt.packet.BareControlPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.KeyMaterialPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A caller as single packets, to be sent in any order and with any field changed. */
final class ScriptedCaller {
    /** Where the fields of a handshake are, bytes from the start of the packet. */
    static final int VERSION = 16;

    static final int INITIAL_SEQUENCE_NUMBER = 24;
    static final int TYPE = 36;
    static final int SOCKET_ID = 40;
    static final int COOKIE = 44;

    private static final InetSocketAddress LISTENER = new InetSocketAddress("192.0.2.1", 9000);

    final InetSocketAddress address;
    final int socketId;
    final int initialSequenceNumber;
    private final KeyAgreement keys;

    ScriptedCaller(InetSocketAddress address, int socketId, int initialSequenceNumber) {
        this(address, socketId, initialSequenceNumber, KeyAgreement.Clear.CLEAR);
    }

    /** @param keys that it calls with, and that a listener of {@link #connectTo} has too */
    ScriptedCaller(InetSocketAddress address, int socketId, int initialSequenceNumber, KeyAgreement keys) {
        this.address = address;
        this.socketId = socketId;
        this.initialSequenceNumber = initialSequenceNumber;
        this.keys = keys;
    }

    static ScriptedCaller number(int number) {
        return new ScriptedCaller(address(number), 0x1000 + number, 100);
    }

    /** Any number of addresses, all different. */
    static InetSocketAddress address(int number) {
        return new InetSocketAddress(
                "10." + (number >>> 16 & 0xFF) + "." + (number >>> 8 & 0xFF) + "." + (number & 0xFF),
                1024 + (number >>> 24));
    }

    ByteBuffer induction() {
        return packet(handshake());
    }

    /** The conclusion that follows the listener's answer to an induction. */
    ByteBuffer conclusion(ByteBuffer inductionResponse) {
        CallerHandshake handshake = handshake();
        handshake.onResponse(HandshakePacket.read(inductionResponse), HandshakeExtensions.read(inductionResponse));
        return packet(handshake);
    }

    /** Asks for a cookie and returns the conclusion that carries it. */
    ByteBuffer conclusionFor(DrivenEndpoint listener) {
        return conclusion(listener.receive(address, induction()).get(0).packet());
    }

    /** Shakes hands with a listener that accepts, and returns the listener's end of the connection. */
    SrtConnection connectTo(DrivenEndpoint listener) {
        listener.receive(address, conclusionFor(listener));
        PendingCaller pending =
                listener.takeEvent(EndpointEvent.CallerArrived.class).caller();
        SrtConnection[] connection = new SrtConnection[1];
        listener.input(() -> connection[0] =
                listener.endpoint.accept(listener.nowMicros(), pending, keys, ConnectionSettings.DEFAULT));
        return connection[0];
    }

    ByteBuffer data(int offset, int destinationSocketId) {
        ByteBuffer packet = ByteBuffer.allocate(DataHeader.LENGTH + 188);
        DataHeader.write(
                packet, initialSequenceNumber + offset, offset + 1, 0, false, 1_000 * offset, destinationSocketId);
        return packet.rewind();
    }

    static ByteBuffer control(ControlType type, int destinationSocketId) {
        ByteBuffer packet = ByteBuffer.allocate(BareControlPacket.LENGTH);
        BareControlPacket.write(packet, type, 0, 0, destinationSocketId);
        return packet.rewind();
    }

    /** KMREQ or KMRSP with this content. */
    static ByteBuffer keyMaterial(int subtype, byte[] content, int destinationSocketId) {
        ByteBuffer packet = ByteBuffer.allocate(KeyMaterialPacket.HEADER_LENGTH + content.length);
        KeyMaterialPacket.writeHeader(packet, subtype, 0, destinationSocketId);
        return packet.put(content).rewind();
    }

    /** The packet with one of its words changed. */
    static ByteBuffer with(ByteBuffer packet, int field, int value) {
        return copy(packet).putInt(field, value);
    }

    static ByteBuffer copy(ByteBuffer packet) {
        return ByteBuffer.allocate(packet.remaining()).put(packet.duplicate()).rewind();
    }

    static List<HandshakePacket> handshakes(List<DrivenEndpoint.Sent> sent) {
        return sent.stream().map(each -> HandshakePacket.read(each.packet())).toList();
    }

    private CallerHandshake handshake() {
        return new CallerHandshake(LISTENER, Offer.DEFAULT, keys, true, "#!::r=test", socketId, initialSequenceNumber);
    }

    private static ByteBuffer packet(CallerHandshake handshake) {
        HandshakeExtensions extensions = handshake.extensions();
        ByteBuffer packet = ByteBuffer.allocate(HandshakePacket.FIXED_LENGTH + extensions.length());
        handshake.message().write(packet, 0, 0);
        extensions.write(packet);
        return packet.rewind();
    }
}
