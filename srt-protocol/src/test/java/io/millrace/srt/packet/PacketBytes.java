package io.millrace.srt.packet;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Packets from and to hexadecimal text. */
final class PacketBytes {
    private PacketBytes() {}

    /** The bytes in a buffer that starts at a position other than 0 and goes on behind its limit. Blanks are ignored. */
    static ByteBuffer ofHex(String... hex) {
        byte[] bytes = HexFormat.of().parseHex(String.join("", hex).replace(" ", ""));
        return ByteBuffer.allocate(bytes.length + 50)
                .position(5)
                .put(bytes)
                .limit(5 + bytes.length)
                .position(5);
    }

    /** What is written, eight digits a word. */
    static String hexOf(Consumer<ByteBuffer> writer) {
        ByteBuffer to = ByteBuffer.allocate(2048);
        writer.accept(to);
        return HexFormat.of().formatHex(to.array(), 0, to.position()).replaceAll("(.{8})(?=.)", "$1 ");
    }
}
