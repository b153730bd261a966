package io.millrace.relay.access;

import io.millrace.srt.handshake.KeyAgreement;

/**
 * A caller that may come in.
 *
 * @param request what it asked for
 * @param grant what it gets
 * @param agreement what it encrypts with, if it does
 */
public record Admitted(StreamRequest request, Grant grant, KeyAgreement agreement) {
    /** To be called instead of opening a connection: gives back what the grant took, and forgets the keys. */
    public void discard() {
        grant.release().run();
        if (agreement instanceof KeyAgreement.Secured secured) {
            secured.wipe();
        }
    }
}
