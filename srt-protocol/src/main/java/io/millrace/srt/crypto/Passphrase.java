package io.millrace.srt.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The secret that both sides know beforehand: 10 to 79 bytes of UTF-8, blanks included. Every key encrypting key comes
 * from it. Its text is never to be seen, neither in {@link #toString} nor in an exception.
 */
public final class Passphrase {
    /** Fewest bytes. */
    public static final int MIN_BYTES = 10;
    /** Most bytes. */
    public static final int MAX_BYTES = 79;

    private final byte[] utf8;
    private boolean wiped;

    private Passphrase(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * The passphrase with this text.
     *
     * @throws IllegalArgumentException if it is too short, too long or has half a surrogate pair
     */
    public static Passphrase of(CharSequence text) {
        ByteBuffer encoded;
        try {
            encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            // Not as the cause: it says where in the secret the character is.
            throw new IllegalArgumentException("a passphrase is Unicode text");
        }
        byte[] utf8 = new byte[encoded.remaining()];
        encoded.get(utf8);
        encoded.clear();
        while (encoded.hasRemaining()) {
            encoded.put((byte) 0);
        }
        if (utf8.length < MIN_BYTES || utf8.length > MAX_BYTES) {
            int length = utf8.length;
            Arrays.fill(utf8, (byte) 0);
            throw new IllegalArgumentException(
                    "a passphrase has " + MIN_BYTES + " to " + MAX_BYTES + " bytes, not " + length);
        }
        return new Passphrase(utf8);
    }

    /** The text, for whoever asks to wipe. */
    char[] chars() {
        if (wiped) {
            throw new IllegalStateException("the passphrase was wiped");
        }
        CharBuffer decoded = UTF_8.decode(ByteBuffer.wrap(utf8));
        char[] chars = new char[decoded.remaining()];
        decoded.get(chars);
        Arrays.fill(decoded.array(), (char) 0);
        return chars;
    }

    /** Overwrites the secret. Take it out of every collection before: its hash changes. */
    public void wipe() {
        wiped = true;
        Arrays.fill(utf8, (byte) 0);
    }

    /** In a time that depends on the lengths only. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Passphrase passphrase && MessageDigest.isEqual(utf8, passphrase.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return "Passphrase[...]";
    }
}
