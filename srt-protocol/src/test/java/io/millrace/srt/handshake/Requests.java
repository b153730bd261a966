package io.millrace.srt.handshake;

import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Handshakes as a libsrt caller in live mode sends them, and what can be wrong with them. */
final class Requests {
    static final int VERSION = 0x00010503;
    static final int LIVE_FLAGS = 0xBF;
    static final InetAddress CALLER = InetAddress.getLoopbackAddress();

    private Requests() {}

    static HandshakePacket induction() {
        return new HandshakePacket(
                4,
                0,
                HandshakePacket.SOCKET_TYPE_DATAGRAM,
                1_000,
                1500,
                8192,
                HandshakePacket.INDUCTION,
                77,
                0,
                address());
    }

    static HandshakePacket conclusion() {
        return conclusion(5, 1_000, 1500, 8192, 77);
    }

    static HandshakePacket conclusion(int version, int sequenceNumber, int segmentSize, int flowWindow, int socketId) {
        return new HandshakePacket(
                version,
                0,
                HandshakePacket.FLAG_HSREQ,
                sequenceNumber,
                segmentSize,
                flowWindow,
                HandshakePacket.CONCLUSION,
                socketId,
                0xC00C1E,
                address());
    }

    static HandshakeExtensions live(ExtensionBlock... more) {
        return hsreq(new SrtExtension(VERSION, LIVE_FLAGS, 120, 0), more);
    }

    static HandshakeExtensions hsreq(SrtExtension srt, ExtensionBlock... more) {
        List<ExtensionBlock> blocks = new ArrayList<>();
        blocks.add(new ExtensionBlock(ExtensionBlock.HSREQ, srt.content()));
        blocks.addAll(List.of(more));
        return new HandshakeExtensions(blocks);
    }

    static HandshakeExtensions hsrsp(SrtExtension srt) {
        return new HandshakeExtensions(List.of(new ExtensionBlock(ExtensionBlock.HSRSP, srt.content())));
    }

    static ExtensionBlock words(int type, int... words) {
        ByteBuffer content = ByteBuffer.allocate(4 * words.length);
        for (int word : words) {
            content.putInt(word);
        }
        return new ExtensionBlock(type, content.array());
    }

    private static AddressField address() {
        return AddressField.of(CALLER);
    }
}
