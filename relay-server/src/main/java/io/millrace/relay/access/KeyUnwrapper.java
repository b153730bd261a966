package io.millrace.relay.access;

import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a caller has a passphrase. To derive a key from it takes about a millisecond of a processor, so what
 * was derived lately is kept, and this is done on worker threads alone. Callable from any of them.
 */
final class KeyUnwrapper {
    private static final int MAX_KEPT = 256;

    private final Map<Derivation, KeyEncryptionKey> derived = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Derivation, KeyEncryptionKey> eldest) {
            return size() > MAX_KEPT;
        }
    };

    private record Derivation(Passphrase passphrase, ByteBuffer salt, int keyLength) {}

    /** The caller's keys, or null if it has another passphrase. */
    KeyAgreement.@Nullable Secured unwrap(KeyMaterial material, Passphrase passphrase) {
        return KeyAgreement.Secured.answer(material, derive(material, passphrase));
    }

    /** The key that unwraps this message, if the passphrase is the right one; the caller's to wipe. */
    KeyEncryptionKey derive(KeyMaterial material, Passphrase passphrase) {
        Derivation derivation = new Derivation(passphrase, ByteBuffer.wrap(material.salt()), material.keyLength());
        KeyEncryptionKey kek = kept(derivation);
        if (kek == null) {
            kek = KeyEncryptionKey.derive(passphrase, material);
            keep(derivation, kek.copy());
        }
        return kek;
    }

    private synchronized @Nullable KeyEncryptionKey kept(Derivation derivation) {
        KeyEncryptionKey kek = derived.get(derivation);
        return kek == null ? null : kek.copy();
    }

    private synchronized void keep(Derivation derivation, KeyEncryptionKey kek) {
        derived.put(derivation, kek);
    }
}
