package io.millrace.srt.handshake;

import io.millrace.srt.crypto.KeyMaterial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One extension block of a conclusion. draft-sharabayko-srt §3.2.1, Figure 6: type, length in words, content.
 */
public final class ExtensionBlock {
    public static final int HSREQ = 1;
    public static final int HSRSP = 2;
    public static final int KMREQ = 3;
    public static final int KMRSP = 4;
    /** Stream ID. */
    public static final int SID = 5;
    /** Congestion control by name; absent for "live". */
    public static final int CONGESTION = 6;
    /** Packet filter configuration. */
    public static final int FILTER = 7;

    public static final int GROUP = 8;

    private final int type;
    private final byte[] content;

    /** @param content a whole number of words */
    ExtensionBlock(int type, byte[] content) {
        this.type = type;
        this.content = content;
    }

    /**
     * A block that holds text: padded with zeros to whole words, then the bytes of each word reversed. The draft says so
     * of the stream ID alone (§3.2.1.3); it is true of all texts.
     */
    static ExtensionBlock ofText(int type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ExtensionBlock(type, reverseWords(Arrays.copyOf(bytes, (bytes.length + 3) & ~3)));
    }

    static ExtensionBlock ofKeyMaterial(int type, KeyMaterial material) {
        ByteBuffer content = ByteBuffer.allocate(material.length());
        material.write(content);
        return new ExtensionBlock(type, content.array());
    }

    /** Type; any 16-bit value, encoders in the field send their own. */
    public int type() {
        return type;
    }

    /** The content as text. Bytes that are not UTF-8 become replacement characters. */
    String text() {
        byte[] bytes = reverseWords(content);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The content, for reading. */
    ByteBuffer content() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    int words() {
        return content.length / 4;
    }

    /** Bytes on the wire. */
    int length() {
        return 4 + content.length;
    }

    void write(ByteBuffer to) {
        to.putInt(type << 16 | words()).put(content);
    }

    private static byte[] reverseWords(byte[] words) {
        byte[] reversed = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            reversed[i] = words[i ^ 3];
        }
        return reversed;
    }
}
