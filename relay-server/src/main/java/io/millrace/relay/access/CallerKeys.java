package io.millrace.relay.access;

import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one caller brings along, and which passphrase they are wrapped by. However many are tried on them, its
 * address is charged for one, and for none once one of them fits. Used by one worker thread at a time.
 */
final class CallerKeys {
    private final @Nullable KeyMaterial material;
    private final InetAddress peer;
    private final KeyUnwrapper unwrapper;
    private final WrongPassphraseBudget budget;

    private boolean charged;
    private boolean overBudget;
    private @Nullable Passphrase passphrase;
    private KeyAgreement.@Nullable Secured unwrapped;

    /** @param material null if the caller brings none */
    CallerKeys(@Nullable KeyMaterial material, InetAddress peer, KeyUnwrapper unwrapper, WrongPassphraseBudget budget) {
        this.material = material;
        this.peer = peer;
        this.unwrapper = unwrapper;
        this.budget = budget;
    }

    /** Whether the caller encrypts. */
    boolean areThere() {
        return material != null;
    }

    /**
     * What this passphrase unwraps them to, and nothing else from now on: what another one did is wiped. Null if it doesn't
     * fit, there are none, or the address may try no more.
     */
    KeyAgreement.@Nullable Secured unwrap(Passphrase candidate) {
        if (unwrapped != null && Objects.equals(candidate, passphrase)) {
            return unwrapped;
        }
        wipe();
        if (material == null || !charge()) {
            return null;
        }
        unwrapped = unwrapper.unwrap(material, candidate);
        if (unwrapped != null) {
            passphrase = candidate;
            charged = false;
            budget.giveBack(peer);
        }
        return unwrapped;
    }

    private boolean charge() {
        if (!charged) {
            charged = budget.take(peer);
            overBudget = !charged;
        }
        return charged;
    }

    /** The passphrase that fitted last; null if none did. */
    @Nullable
    Passphrase passphrase() {
        return passphrase;
    }

    /** Refuses a caller on whose keys no passphrase could be tried, since its address had its share. */
    void requireBudget() throws RefusedException {
        if (overBudget) {
            throw new RefusedException(budget.refusal());
        }
    }

    /** Overwrites what was unwrapped, where no connection comes of it. */
    void wipe() {
        if (unwrapped != null) {
            unwrapped.wipe();
            unwrapped = null;
            passphrase = null;
        }
    }
}
