package io.millrace.srt.handshake;

import io.millrace.srt.packet.HandshakePacket;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Handshakes from hexadecimal extension blocks, and blocks to hexadecimal text. */
final class BlockBytes {
    private BlockBytes() {}

    /** The blocks behind a fixed part of zeros, in a buffer that starts at a position other than 0. */
    static HandshakeExtensions read(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        ByteBuffer packet = ByteBuffer.allocate(9 + HandshakePacket.FIXED_LENGTH + bytes.length + 100);
        packet.position(9 + HandshakePacket.FIXED_LENGTH).put(bytes);
        return HandshakeExtensions.read(packet.limit(packet.position()).position(9));
    }

    /** The blocks as they are written, eight digits a word. */
    static String write(HandshakeExtensions extensions) {
        ByteBuffer to = ByteBuffer.allocate(extensions.length());
        extensions.write(to);
        return words(to.flip());
    }

    /** Eight digits a word. */
    static String words(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes).replaceAll("(.{8})(?=.)", "$1 ");
    }
}
