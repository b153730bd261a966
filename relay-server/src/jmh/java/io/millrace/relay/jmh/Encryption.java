package io.millrace.relay.jmh;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How the payloads of a benchmark's connections are encrypted. */
public enum Encryption {
    CLEAR(null, 0),
    CTR_128(CipherMode.CTR, 16),
    CTR_256(CipherMode.CTR, 32),
    GCM_128(CipherMode.GCM, 16),
    GCM_256(CipherMode.GCM, 32);

    private static final Passphrase PASSPHRASE = Passphrase.of("correct horse");

    private final @Nullable CipherMode mode;
    private final int keyBytes;

    Encryption(@Nullable CipherMode mode, int keyBytes) {
        this.mode = mode;
        this.keyBytes = keyBytes;
    }

    /** Keys that a caller encrypts with; not for {@link #CLEAR}. */
    KeyAgreement.Secured newKeys(RandomGenerator random) {
        byte[] salt = KeyEncryptionKey.generateSalt(random);
        KeyEncryptionKey kek = KeyEncryptionKey.derive(PASSPHRASE, salt, keyBytes);
        return KeyAgreement.Secured.initiate(kek, Objects.requireNonNull(mode), random);
    }

    /** What a caller calls with. */
    KeyAgreement call(RandomGenerator random) {
        return mode == null ? KeyAgreement.Clear.CLEAR : newKeys(random);
    }

    /** What a listener accepts a call with. */
    static KeyAgreement answer(@Nullable KeyMaterial material) {
        if (material == null) {
            return KeyAgreement.Clear.CLEAR;
        }
        KeyEncryptionKey kek = KeyEncryptionKey.derive(PASSPHRASE, material);
        return Objects.requireNonNull(KeyAgreement.Secured.answer(material, kek));
    }
}
