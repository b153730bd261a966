package io.millrace.srt.crypto;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * State of the key exchange in one direction. A responder that can't use the key material of a connection which does
 * not enforce encryption answers with this one word in place of the message.
 */
public enum KmState {
    /** Nothing is encrypted; as an answer: the responder has a passphrase and got no key material. */
    UNSECURED,
    /** Sent and not answered. */
    SECURING,
    /** Both sides have the keys. */
    SECURED,
    /** The responder has no passphrase. */
    NO_SECRET,
    /** The responder has another passphrase. */
    BAD_SECRET,
    /** The responder was set to another cipher mode. */
    BAD_CRYPTO_MODE;

    /** Bytes of the word. */
    public static final int LENGTH = 4;

    private static final KmState[] BY_VALUE = values();

    /** The state between position and limit, or null if that is something else. */
    public static @Nullable KmState read(ByteBuffer content) {
        if (content.remaining() != LENGTH) {
            return null;
        }
        int word = content.getInt(content.position());
        // libsrt writes the word in the byte order of little-endian hosts; the draft's order is accepted as well.
        int value = (word & 0xFF_FFFF) == 0 ? word >>> 24 : word;
        return value >= 0 && value < BY_VALUE.length ? BY_VALUE[value] : null;
    }

    /** Writes the word at the position, as libsrt does: the lowest byte first. */
    public void write(ByteBuffer to) {
        to.putInt(Integer.reverseBytes(ordinal()));
    }
}
