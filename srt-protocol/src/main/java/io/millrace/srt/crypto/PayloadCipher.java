package io.millrace.srt.crypto;

import java.nio.ByteBuffer;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts or decrypts the payloads of one direction of one connection by one key. Not thread-safe.
 *
 * <p>The same payload with the same header gives the same ciphertext each time, so a retransmission needs no copy of
 * what was sent first. The header must be the same in all but the R flag: with {@link CipherMode#GCM} another timestamp
 * under the same number would give away how tags are made.
 *
 * <p>The JDK keeps its own copies of the key, which nobody can overwrite.
 */
sealed interface PayloadCipher permits CtrCipher, GcmCipher {
    /**
     * @param key the stream encrypting key; not kept
     * @param salt 16 bytes; not kept
     */
    static PayloadCipher of(CipherMode mode, byte[] key, byte[] salt) {
        SecretKeySpec aes = new SecretKeySpec(key, "AES");
        return switch (mode) {
            case CTR -> new CtrCipher(aes, salt);
            case GCM -> new GcmCipher(aes, salt);
        };
    }

    /**
     * The clear payload of the data packet between position and limit, in an array of its length; null if the packet is
     * not authentic, which only {@link CipherMode#GCM} can tell.
     */
    byte @Nullable [] decrypt(ByteBuffer packet);

    /** Encrypts the payload to the position, right behind the header of its packet. */
    void encrypt(byte[] payload, ByteBuffer to);
}
