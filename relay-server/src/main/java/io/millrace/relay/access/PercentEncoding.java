package io.millrace.relay.access;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Undoes what a URL did to a stream id: FFmpeg passes on the {@code %23!::} that it was given. */
public final class PercentEncoding {
    private PercentEncoding() {}

    /**
     * The text with its %XX sequences decoded, once. A '%' that starts none stays. Where the result would be no clean
     * text (broken UTF-8 or control characters) the '%' were no encoding, and the text stays as it is.
     */
    public static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decode(encoded)))
                    .toString();
            return decoded.codePoints().anyMatch(Character::isISOControl) ? text : decoded;
        } catch (CharacterCodingException e) {
            return text;
        }
    }

    private static byte[] decode(ByteBuffer encoded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.remaining());
        while (encoded.hasRemaining()) {
            byte next = encoded.get();
            if (next == '%' && encoded.remaining() >= 2) {
                int high = hexDigit(encoded.get(encoded.position()));
                int low = hexDigit(encoded.get(encoded.position() + 1));
                if (high >= 0 && low >= 0) {
                    encoded.position(encoded.position() + 2);
                    next = (byte) (high << 4 | low);
                }
            }
            decoded.write(next);
        }
        return decoded.toByteArray();
    }

    /** Not {@link Character#digit}: that takes the digits of other scripts too. */
    private static int hexDigit(byte c) {
        return "0123456789abcdef".indexOf(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c);
    }
}
