package io.millrace.srt.connection;

import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import org.jspecify.annotations.Nullable;

/**
 * Key material with another salt or key length than before. The draft does not speak of it and libsrt does not send it,
 * but libsrt takes it and some peers send it. To read it takes another key encrypting key, which somebody else has to
 * derive; as that is dear, the newest message only is asked about, and seldom.
 */
final class UnreadKeyMaterial {
    /** Keys last for minutes at least. A peer that changes them all the time must not buy our processor's time. */
    static final long INTERVAL_MICROS = 5_000_000;

    private @Nullable KeyMaterial waiting;
    private @Nullable KeyMaterial asked;
    private long mayAskMicros = Long.MIN_VALUE;

    /** Takes the place of what waits. */
    void arrived(KeyMaterial material) {
        waiting = material;
    }

    /** The message that a key is to be derived for now, or null. Who asks does so. */
    @Nullable
    KeyMaterial take(long nowMicros) {
        if (waiting == null || nowMicros < mayAskMicros) {
            return null;
        }
        asked = waiting;
        waiting = null;
        mayAskMicros = nowMicros + INTERVAL_MICROS;
        return asked;
    }

    /** The message that this key was derived for; null if it was none of ours, or was replaced since. */
    @Nullable
    KeyMaterial derived(KeyEncryptionKey kek) {
        KeyMaterial material = asked;
        if (material == null || !kek.fits(material)) {
            return null;
        }
        asked = null;
        if (waiting != null && waiting.equals(material)) {
            // Repeated meanwhile for want of an answer, which it gets now.
            waiting = null;
        }
        return material;
    }

    /** When {@link #take} has something; {@link Long#MAX_VALUE} if nothing waits. */
    long dueMicros() {
        return waiting == null ? Long.MAX_VALUE : mayAskMicros;
    }

    void clear() {
        waiting = null;
        asked = null;
    }
}
