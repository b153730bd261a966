package io.millrace.relay.access;

import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a caller has a passphrase. To derive a key from it takes about a millisecond of a processor, so what
 * was derived lately is kept, and this is done on worker threads alone. Callable from any of them.
 */
final class KeyUnwrapper {
    static final int MAX_KEPT = 256;

    private final BiFunction<Passphrase, KeyMaterial, KeyEncryptionKey> derivation;
    /** The least recently used ones are first. Nobody else has these objects: what is handed out is a copy. */
    private final Map<Origin, KeyEncryptionKey> derived = new LinkedHashMap<>(16, 0.75f, true);

    /** What a key was derived from. */
    private record Origin(Passphrase passphrase, ByteBuffer salt, int keyLength) {}

    KeyUnwrapper() {
        this(KeyEncryptionKey::derive);
    }

    /** @param derivation makes a new key */
    KeyUnwrapper(BiFunction<Passphrase, KeyMaterial, KeyEncryptionKey> derivation) {
        this.derivation = derivation;
    }

    /** The caller's keys, which whoever asks has for itself; null if it has another passphrase. */
    KeyAgreement.@Nullable Secured unwrap(KeyMaterial material, Passphrase passphrase) {
        KeyEncryptionKey kek = derive(material, passphrase);
        KeyAgreement.Secured secured = KeyAgreement.Secured.answer(material, kek);
        if (secured == null) {
            kek.wipe();
        }
        return secured;
    }

    /** The key that unwraps this message, if the passphrase is the right one; the caller's to wipe. */
    KeyEncryptionKey derive(KeyMaterial material, Passphrase passphrase) {
        Origin origin = new Origin(passphrase, ByteBuffer.wrap(material.salt()), material.keyLength());
        KeyEncryptionKey kek = kept(origin);
        if (kek == null) {
            KeyEncryptionKey made = derivation.apply(passphrase, material);
            kek = made.copy();
            keep(origin, made);
        }
        return kek;
    }

    private synchronized @Nullable KeyEncryptionKey kept(Origin origin) {
        KeyEncryptionKey kek = derived.get(origin);
        return kek == null ? null : kek.copy();
    }

    private synchronized void keep(Origin origin, KeyEncryptionKey kek) {
        KeyEncryptionKey earlier = derived.put(origin, kek);
        if (earlier != null) {
            earlier.wipe();
        }
        if (derived.size() > MAX_KEPT) {
            var eldest = derived.values().iterator();
            eldest.next().wipe();
            eldest.remove();
        }
    }
}
