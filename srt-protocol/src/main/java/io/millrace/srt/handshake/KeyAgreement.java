package io.millrace.srt.handshake;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.SessionKeys;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake has led to about encryption. draft-sharabayko-srt §4.3, §6.1.5.
 *
 * <pre>
 * responder has a passphrase | initiator sent KMREQ | enforced      | not enforced
 * ---------------------------+----------------------+---------------+---------------------------
 * no                         | no                   | Clear         | Clear
 * no                         | yes                  | refused, 1011 | Unsecured NO_SECRET
 * yes                        | no                   | refused, 1011 | Unsecured UNSECURED
 * yes                        | yes, unwraps         | Secured       | Secured
 * yes                        | yes, doesn't unwrap  | refused, 1010 | Unsecured BAD_SECRET
 * yes                        | yes, other cipher    | refused, 1017 | refused, 1017
 * </pre>
 */
public sealed interface KeyAgreement {
    /** Nobody encrypts. */
    enum Clear implements KeyAgreement {
        CLEAR
    }

    /**
     * Both sides have the keys, or are going to: with these the initiator calls, and with these the responder answers.
     *
     * @param material the message, which the responder echoes
     * @param keys that it holds
     * @param kek what wraps them and later ones
     */
    record Secured(KeyMaterial material, SessionKeys keys, KeyEncryptionKey kek) implements KeyAgreement {
        /**
         * New keys, for a call of ours.
         *
         * @param random must be unpredictable: a {@code SecureRandom} outside of tests
         */
        public static Secured initiate(KeyEncryptionKey kek, CipherMode mode, RandomGenerator random) {
            SessionKeys keys = SessionKeys.generate(kek.keyLength(), random);
            return new Secured(KeyMaterial.wrap(mode, keys, kek), keys, kek);
        }

        /** The keys in a caller's message; null if they were wrapped by another key than this one. */
        public static @Nullable Secured answer(KeyMaterial material, KeyEncryptionKey kek) {
            SessionKeys keys = material.unwrap(kek);
            return keys == null ? null : new Secured(material, keys, kek);
        }

        /** Overwrites the secrets, where no connection comes of them. */
        public void wipe() {
            keys.wipe();
            kek.wipe();
        }
    }

    /**
     * The sides don't have the same keys, and neither enforces encryption.
     *
     * @param state the responder's, as it tells the initiator
     * @param ours what we encrypt with, as libsrt's initiator does, although the peer can't read it: rather that than in
     *     clear what has a passphrase. Null for a responder, which has no keys to encrypt with
     */
    record Unsecured(KmState state, @Nullable Secured ours) implements KeyAgreement {
        /** What the initiator is told by a responder that enforces encryption; an initiator that does so leaves. */
        public RejectReason refusal() {
            return switch (state) {
                case BAD_SECRET -> RejectReason.BAD_SECRET;
                case BAD_CRYPTO_MODE -> RejectReason.CRYPTO;
                default -> RejectReason.UNSECURE;
            };
        }
    }

    /**
     * The responder's side, by the table above. Where encryption is enforced, {@link Unsecured} is to be refused.
     *
     * @param requested whether the initiator sent KMREQ
     * @param hasPassphrase whether there is one for this initiator
     * @param unwrapped what its message was unwrapped to; null where that failed or was not tried
     */
    static KeyAgreement respond(boolean requested, boolean hasPassphrase, @Nullable Secured unwrapped) {
        if (unwrapped != null) {
            return unwrapped;
        }
        if (requested) {
            return new Unsecured(hasPassphrase ? KmState.BAD_SECRET : KmState.NO_SECRET, null);
        }
        return hasPassphrase ? new Unsecured(KmState.UNSECURED, null) : Clear.CLEAR;
    }
}
