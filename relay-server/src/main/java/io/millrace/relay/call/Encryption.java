package io.millrace.relay.call;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.util.random.RandomGenerator;

/**
 * How a caller encrypts.
 *
 * @param keyLengthBytes 16, 24 or 32
 */
public record Encryption(Passphrase passphrase, int keyLengthBytes, CipherMode mode) {
    /** Keys for one call. Takes about a millisecond: not for an event loop. */
    public KeyAgreement newKeys(RandomGenerator random) {
        byte[] salt = KeyEncryptionKey.generateSalt(random);
        KeyEncryptionKey kek = KeyEncryptionKey.derive(passphrase, salt, keyLengthBytes);
        return KeyAgreement.Secured.initiate(kek, mode, random);
    }
}
