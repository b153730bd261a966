package io.millrace.srt.crypto;

import io.millrace.srt.packet.DataHeader;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM as libsrt does it from 1.5.4 on. The initialisation vector is the salt's first 12 bytes with the sequence
 * number XORed to the last four of them. Authenticated besides the payload: the header with R cleared. The tag of 16 bytes
 * follows the ciphertext.
 *
 * <p>Older peers use vectors that repeat, and headers in their own byte order: they can't be understood.
 */
final class GcmCipher implements PayloadCipher {
    private static final int TAG_LENGTH = 16;
    private static final int SEQUENCE_NUMBER_AT = 8;
    private static final int VECTOR_LENGTH = 12;
    private static final int NONE = -1;

    /** R in the first byte of the header's second word. */
    private static final int RETRANSMITTED_BYTE = 4;

    private static final int RETRANSMITTED = 0x04;

    private final SecretKeySpec key;
    private final byte[] header = new byte[DataHeader.LENGTH];
    private final ByteBuffer vector = ByteBuffer.allocate(VECTOR_LENGTH);
    private final int saltWord;
    private Cipher cipher = newCipher();
    private int lastEncrypted = NONE;
    private byte[] staging = new byte[0];

    GcmCipher(SecretKeySpec key, byte[] salt) {
        this.key = key;
        vector.put(salt, 0, VECTOR_LENGTH);
        saltWord = vector.getInt(SEQUENCE_NUMBER_AT);
    }

    @Override
    public byte @Nullable [] decrypt(ByteBuffer packet) {
        int length = DataHeader.payloadLength(packet);
        if (length < TAG_LENGTH) {
            return null;
        }
        byte[] in = staging(length);
        packet.get(packet.position() + DataHeader.LENGTH, in, 0, length);
        byte[] payload = new byte[length - TAG_LENGTH];
        try {
            begin(Cipher.DECRYPT_MODE, packet, packet.position());
            cipher.doFinal(in, 0, length, payload, 0);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM takes any input", e);
        }
        return payload;
    }

    @Override
    public void encrypt(byte[] payload, ByteBuffer to) {
        int headerAt = to.position() - DataHeader.LENGTH;
        int sequenceNumber = to.getInt(headerAt);
        // The JDK refuses to encrypt twice in a row by one key and vector: it can't know that this is the same packet
        // again. It remembers the last vector only, so a new instance is needed (3 us) just for a packet sent twice
        // with no other in between.
        if (sequenceNumber == lastEncrypted) {
            cipher = newCipher();
        }
        lastEncrypted = sequenceNumber;
        byte[] out = staging(payload.length + TAG_LENGTH);
        try {
            begin(Cipher.ENCRYPT_MODE, to, headerAt);
            int length = cipher.doFinal(payload, 0, payload.length, out, 0);
            to.put(out, 0, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM takes any input", e);
        }
    }

    private void begin(int mode, ByteBuffer packet, int headerAt) throws GeneralSecurityException {
        packet.get(headerAt, header);
        header[RETRANSMITTED_BYTE] &= ~RETRANSMITTED;
        vector.putInt(SEQUENCE_NUMBER_AT, saltWord ^ packet.getInt(headerAt));
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG_LENGTH, vector.array()));
        cipher.updateAAD(header);
    }

    private byte[] staging(int length) {
        if (staging.length < length) {
            staging = new byte[length];
        }
        return staging;
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks AES-GCM", e);
        }
    }
}
