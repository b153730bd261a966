package io.millrace.relay.access;

import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import org.jspecify.annotations.Nullable;

/**
 * A caller that may come in.
 *
 * @param request what it asked for
 * @param grant what it gets
 * @param agreement what it encrypts with, if it does
 * @param passphrase that the keys are wrapped by; null where they are not agreed on
 */
public record Admitted(
        StreamRequest request,
        Grant grant,
        KeyAgreement agreement,
        @Nullable Passphrase passphrase) {
    /** To be called instead of opening a connection: gives back what the grant took, and forgets the keys. */
    public void discard() {
        grant.release().run();
        if (agreement instanceof KeyAgreement.Secured secured) {
            secured.wipe();
        }
    }
}
