package io.millrace.relay.access;

import io.millrace.relay.config.ListenerConfig;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What a listener's own configuration says about its callers, where no source says more. */
public final class ListenerAccess {
    private final String name;
    private final @Nullable ReferencedPassphrase passphrase;
    private final boolean enforced;
    private final UnnamedCallers unnamed;
    private final String path;
    private final SecretFaults faults = new SecretFaults();

    /** @param index place of the listener in the configuration */
    public ListenerAccess(ListenerConfig config, int index) {
        name = config.name();
        passphrase = config.passphrase() == null ? null : new ReferencedPassphrase(config.passphrase());
        enforced = config.enforceEncryption();
        unnamed = new UnnamedCallers(config, index);
        path = "listeners[" + index + "]";
    }

    String name() {
        return name;
    }

    /** Whether a caller is refused that doesn't share its passphrase with us. */
    boolean enforcesEncryption() {
        return enforced;
    }

    UnnamedCallers unnamed() {
        return unnamed;
    }

    /** What a caller from there means that names no stream, unless its passphrase says it; null for nothing. */
    public @Nullable DefaultStream unnamed(InetAddress peer) {
        return unnamed.byAddressOrPort(peer);
    }

    /** What callers encrypt with to whom nothing else applies; null for nothing. May look at a file. */
    @Nullable
    Passphrase passphrase() throws RefusedException {
        try {
            return passphrase == null ? null : passphrase.current();
        } catch (IOException e) {
            faults.report(path + ".passphrase", e);
            throw new RefusedException(Refusal.unusableSecret(path + ".passphrase"));
        }
    }
}
