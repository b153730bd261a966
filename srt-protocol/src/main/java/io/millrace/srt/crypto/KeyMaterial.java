package io.millrace.srt.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The key material message, content of KMREQ and KMRSP in handshakes and in control packets. draft-sharabayko-srt §3.2.2.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0|Vers.|  PT=2 |         Sign=0x2029           |   Resv1   |K K|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     KEK Index (KEKI) = 0                      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Cipher    |      Auth     |      SE=2     |     Resv2     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |             Resv3             |    SLen/4=4   |     KLen/4    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        Salt (16 bytes)                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |        Wrap: 8 bytes to check, then even and/or odd key       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Immutable. Two messages are equal if their bytes are: that is how an answer is recognised.
 */
public final class KeyMaterial {
    /** Bytes of the salt. */
    public static final int SALT_LENGTH = 16;
    /** Bytes of the longest message: two keys of 32 bytes. */
    public static final int MAX_LENGTH = 32 + KeyWrap.OVERHEAD + 2 * 32;

    private static final int SALT_AT = 16;
    private static final int WRAP_AT = SALT_AT + SALT_LENGTH;

    /** S=0, version 1, packet type 2, signature; key flags 0. */
    private static final int FIRST_WORD = 0x1220_2900;

    private static final int RESERVED_1 = 0xFC;
    private static final int ENCAPSULATION_SRT = 2;

    private final byte[] message;

    private KeyMaterial(byte[] message) {
        this.message = message;
    }

    /** Why the bytes between position and limit are not a key material message, or null if they are one. */
    public static @Nullable BadKeyMaterial check(ByteBuffer content) {
        int at = content.position();
        if (content.remaining() < WRAP_AT) {
            return BadKeyMaterial.TOO_SHORT;
        }
        int first = content.getInt(at);
        if ((first & ~(RESERVED_1 | KeyFlags.BOTH)) != FIRST_WORD) {
            return BadKeyMaterial.NOT_KEY_MATERIAL;
        }
        if ((first & KeyFlags.BOTH) == 0) {
            return BadKeyMaterial.NO_KEY;
        }
        if (content.getInt(at + 4) != 0) {
            return BadKeyMaterial.UNKNOWN_KEK;
        }
        if (CipherMode.of(content.get(at + 8), content.get(at + 9)) == null) {
            return BadKeyMaterial.UNSUPPORTED_CIPHER;
        }
        if (content.get(at + 10) != ENCAPSULATION_SRT) {
            return BadKeyMaterial.WRONG_ENCAPSULATION;
        }
        if (content.get(at + 14) != SALT_LENGTH / 4) {
            return BadKeyMaterial.BAD_SALT_LENGTH;
        }
        int keyLength = 4 * content.get(at + 15);
        if (!isKeyLength(keyLength)) {
            return BadKeyMaterial.BAD_KEY_LENGTH;
        }
        return content.remaining() == length(first & KeyFlags.BOTH, keyLength) ? null : BadKeyMaterial.WRONG_LENGTH;
    }

    /** The message between position and limit, which has passed {@link #check}. */
    public static KeyMaterial read(ByteBuffer content) {
        BadKeyMaterial bad = check(content);
        if (bad != null) {
            throw new IllegalArgumentException("unchecked key material: " + bad);
        }
        byte[] message = new byte[content.remaining()];
        content.get(content.position(), message);
        return new KeyMaterial(message);
    }

    /** The message that brings these keys to somebody who has the same passphrase. */
    public static KeyMaterial wrap(CipherMode mode, SessionKeys keys, KeyEncryptionKey kek) {
        ByteBuffer to = ByteBuffer.allocate(length(keys.flags(), keys.keyLength()))
                .putInt(FIRST_WORD | keys.flags())
                .putInt(0)
                .put((byte) mode.cipher())
                .put((byte) mode.authentication())
                .put((byte) ENCAPSULATION_SRT)
                .put((byte) 0)
                .putShort((short) 0)
                .put((byte) (SALT_LENGTH / 4))
                .put((byte) (keys.keyLength() / 4))
                .put(kek.salt())
                .put(kek.wrap(keys));
        return new KeyMaterial(to.array());
    }

    /** The keys, or null if they were wrapped by another passphrase's key or damaged on the way. */
    public @Nullable SessionKeys unwrap(KeyEncryptionKey kek) {
        if (!kek.fits(this)) {
            throw new IllegalArgumentException("a key encrypting key for another salt or key length");
        }
        return kek.unwrap(keyFlags(), Arrays.copyOfRange(message, WRAP_AT, message.length));
    }

    /** Which keys it holds, see {@link KeyFlags}. */
    public int keyFlags() {
        return message[3] & KeyFlags.BOTH;
    }

    /** How payloads are encrypted by these keys. */
    public CipherMode mode() {
        CipherMode mode = CipherMode.of(message[8], message[9]);
        if (mode == null) {
            throw new AssertionError("checked when read");
        }
        return mode;
    }

    /** Bytes of one key: 16, 24 or 32. */
    public int keyLength() {
        return 4 * message[15];
    }

    /** A copy of the salt. */
    public byte[] salt() {
        return Arrays.copyOfRange(message, SALT_AT, WRAP_AT);
    }

    /** Bytes of the message, a multiple of 4. */
    public int length() {
        return message.length;
    }

    /** Writes the message at the position. */
    public void write(ByteBuffer to) {
        to.put(message);
    }

    /** Whether the bytes between position and limit are this message: the peer has understood it. */
    public boolean isEchoedBy(ByteBuffer content) {
        return content.equals(ByteBuffer.wrap(message));
    }

    static boolean isKeyLength(int bytes) {
        return bytes == 16 || bytes == 24 || bytes == 32;
    }

    private static int length(int keyFlags, int keyLength) {
        return WRAP_AT + KeyWrap.OVERHEAD + Integer.bitCount(keyFlags) * keyLength;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyMaterial material && Arrays.equals(message, material.message);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(message);
    }

    @Override
    public String toString() {
        return "KeyMaterial[keyFlags=" + keyFlags() + ", mode=" + mode() + ", keyLength=" + keyLength() + "]";
    }
}
