package io.millrace.relay.bench;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.util.random.RandomGenerator;

/**
 * How all connections are encrypted: AES-CTR.
 *
 * @param keyLengthBytes 16, 24 or 32
 */
record Encryption(Passphrase passphrase, int keyLengthBytes) {
    /** Keys for one call. Takes about a millisecond: not for an event loop. */
    KeyAgreement newKeys(RandomGenerator random) {
        byte[] salt = KeyEncryptionKey.generateSalt(random);
        KeyEncryptionKey kek = KeyEncryptionKey.derive(passphrase, salt, keyLengthBytes);
        return KeyAgreement.Secured.initiate(kek, CipherMode.CTR, random);
    }
}
