package io.millrace.srt.crypto;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESWrapEngine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.jspecify.annotations.Nullable;

/** AES key wrap with the default initial value. RFC 3394. */
final class KeyWrap {
    /** Bytes by which wrapped keys are longer. */
    static final int OVERHEAD = 8;

    private KeyWrap() {}

    static byte[] wrap(byte[] kek, byte[] keys) {
        AESWrapEngine engine = new AESWrapEngine();
        engine.init(true, new KeyParameter(kek));
        return engine.wrap(keys, 0, keys.length);
    }

    /** The keys, or null if these bytes are not what {@link #wrap} makes with this key. */
    static byte @Nullable [] unwrap(byte[] kek, byte[] wrapped) {
        AESWrapEngine engine = new AESWrapEngine();
        engine.init(false, new KeyParameter(kek));
        try {
            return engine.unwrap(wrapped, 0, wrapped.length);
        } catch (InvalidCipherTextException e) {
            return null;
        }
    }
}
