package io.millrace.relay.access;

import io.millrace.relay.config.SecretReference;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The passphrase that a reference of the configuration stands for. It is the same object as long as the secret stays the
 * same, so that the keys derived from it can be found again. Callable from any thread that may look at files.
 */
final class ReferencedPassphrase {
    private final SecretReference reference;
    private volatile @Nullable Made last;

    /** No record: those print what they hold. */
    private static final class Made {
        private final String secret;
        private final Passphrase passphrase;

        Made(String secret) {
            this.secret = secret;
            passphrase = Passphrase.of(secret);
        }
    }

    ReferencedPassphrase(SecretReference reference) {
        this.reference = reference;
    }

    /**
     * The passphrase as it is now.
     *
     * @throws IOException with a message for the operator, if there is none or it has become too short or too long
     */
    Passphrase current() throws IOException {
        String secret = reference.value();
        Made made = last;
        if (made == null || !made.secret.equals(secret)) {
            try {
                made = new Made(secret);
            } catch (IllegalArgumentException e) {
                throw new IOException(reference + ": " + e.getMessage(), e);
            }
            last = made;
        }
        return made.passphrase;
    }
}
