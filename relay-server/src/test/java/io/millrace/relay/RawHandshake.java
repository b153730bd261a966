package io.millrace.relay;

import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.packet.AddressField;
import io.millrace.srt.packet.HandshakePacket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A handshake with blocks that our own caller never sends. draft-sharabayko-srt §3.2.1. */
final class RawHandshake {
    private static final int HSREQ = 1;
    private static final int KMREQ = 3;
    private static final int STREAM_ID = 5;
    private static final int CONGESTION = 6;

    private final ByteBuffer blocks = ByteBuffer.allocate(1024);
    private int flags = SrtExtension.OUR_FLAGS;

    /** Asks for file mode by the name of its congestion control. */
    RawHandshake fileCongestionControl() {
        return text(CONGESTION, "file");
    }

    /** Asks for file mode by the flag of its stream API. */
    RawHandshake streamApi() {
        flags |= SrtExtension.STREAM;
        return this;
    }

    /** Brings keys for AES-128; what is in them does not matter to who has no passphrase. */
    RawHandshake brokenKeyMaterial() {
        return block(KMREQ, new byte[16 + 16 + 24]);
    }

    RawHandshake streamId(String streamId) {
        return text(STREAM_ID, streamId);
    }

    /** Shakes hands and returns the type of the last answer. */
    int answerOf(InetSocketAddress listener) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            socket.connect(listener);
            int cookie = exchange(socket, message(4, 2, HandshakePacket.INDUCTION, 0, listener), ByteBuffer.allocate(0))
                    .cookie();
            ByteBuffer srt = ByteBuffer.allocate(16);
            srt.putInt(HSREQ << 16 | 3)
                    .putInt(SrtExtension.OUR_VERSION)
                    .putInt(flags)
                    .putInt(120 << 16 | 120);
            ByteBuffer extensions = ByteBuffer.allocate(1040);
            extensions.put(srt.flip()).put(blocks.flip());
            HandshakePacket conclusion = message(
                    5,
                    HandshakePacket.FLAG_HSREQ | HandshakePacket.FLAG_KMREQ | HandshakePacket.FLAG_CONFIG,
                    HandshakePacket.CONCLUSION,
                    cookie,
                    listener);
            return exchange(socket, conclusion, extensions.flip()).type();
        }
    }

    private static HandshakePacket message(
            int version, int extension, int type, int cookie, InetSocketAddress listener) {
        return new HandshakePacket(
                version, 0, extension, 1000, 1500, 8192, type, 4711, cookie, AddressField.of(listener.getAddress()));
    }

    private static HandshakePacket exchange(DatagramSocket socket, HandshakePacket message, ByteBuffer extensions)
            throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(1500);
        message.write(datagram, 0, 0);
        datagram.put(extensions);
        socket.send(new DatagramPacket(datagram.array(), datagram.position()));
        DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
        socket.receive(answer);
        return HandshakePacket.read(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
    }

    /** Text travels with the bytes of each word reversed. */
    private RawHandshake text(int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] padded = new byte[(bytes.length + 3) & ~3];
        for (int i = 0; i < bytes.length; i++) {
            padded[i ^ 3] = bytes[i];
        }
        return block(type, padded);
    }

    private RawHandshake block(int type, byte[] content) {
        blocks.putInt(type << 16 | content.length / 4).put(content);
        return this;
    }
}
