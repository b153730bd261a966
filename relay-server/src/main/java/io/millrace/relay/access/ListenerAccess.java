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
    private final boolean forNodes;
    private final SecretFaults faults = new SecretFaults();

    /** @param index place of the listener in the configuration */
    public ListenerAccess(ListenerConfig config, int index) {
        this(config, index, "listeners[" + index + "].passphrase", false);
    }

    private ListenerAccess(ListenerConfig config, int index, String path, boolean forNodes) {
        name = config.name();
        passphrase = config.passphrase() == null ? null : new ReferencedPassphrase(config.passphrase());
        enforced = config.enforceEncryption();
        unnamed = new UnnamedCallers(config, index);
        this.path = path;
        this.forNodes = forNodes;
    }

    /** Where other nodes of the cluster call: whoever has its secret may take what there is. */
    public static ListenerAccess forNodes(ListenerConfig config) {
        return new ListenerAccess(config, 0, "cluster.secret", true);
    }

    /** Whether its callers are other nodes, whom no source is asked about. */
    boolean isForNodes() {
        return forNodes;
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
            faults.report(path, e);
            throw new RefusedException(Refusal.unusableSecret(path));
        }
    }
}
