package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.relay.config.AccessLimitsConfig;
import io.millrace.relay.config.AccessRuleConfig;
import io.millrace.relay.config.AddressRange;
import io.millrace.relay.config.Glob;
import io.millrace.relay.config.JoinMode;
import io.millrace.relay.config.SecretReference;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.net.InetAddress;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** One rule of the configuration: whom it speaks about, and what it says. */
final class AccessRule {
    private final AccessRuleConfig config;
    private final GrantLimits limits;
    private final @Nullable ReferencedPassphrase passphrase;

    AccessRule(AccessRuleConfig config) {
        this.config = config;
        AccessLimitsConfig bounds = config.limits();
        limits = new GrantLimits(
                bounds.subscribers(), bounds.bitRate(), bounds.durationSeconds(), bounds.latencyMillis());
        passphrase = config.passphrase() == null ? null : new ReferencedPassphrase(config.passphrase());
    }

    /** Whether it speaks about this caller, its password aside. */
    boolean fits(AccessRequest caller) {
        StreamRequest request = caller.request();
        return (config.listener() == null || config.listener().equals(caller.listener()))
                && fits(request.mode())
                && fits(caller.peer().getAddress())
                && fits(config.user(), request.user())
                && config.stream().matches(request.stream());
    }

    private boolean fits(StreamRequest.Mode mode) {
        return switch (config.action()) {
            case PUBLISH -> mode == StreamRequest.Mode.PUBLISH;
            case REQUEST -> mode == StreamRequest.Mode.REQUEST;
            case ANY -> true;
        };
    }

    private boolean fits(InetAddress address) {
        return config.address().isEmpty() || AddressRange.anyContains(config.address(), address);
    }

    private static boolean fits(@Nullable Glob pattern, @Nullable String name) {
        return pattern == null || (name != null && pattern.matches(name));
    }

    /**
     * Whether this is the password, if it wants one. Takes as long for a wrong one as for the right one.
     *
     * @throws IOException if nobody can tell now
     */
    boolean isOpenTo(@Nullable String password) throws IOException {
        SecretReference wanted = config.password();
        if (wanted == null) {
            return true;
        }
        byte[] right = wanted.value().getBytes(UTF_8);
        return password != null && MessageDigest.isEqual(right, password.getBytes(UTF_8));
    }

    boolean allows() {
        return config.allow();
    }

    /** The passphrase that its callers must have; null for the listener's. */
    @Nullable
    Passphrase passphrase() throws IOException {
        return passphrase == null ? null : passphrase.current();
    }

    /** Where its callers begin in a stream; null for the default. */
    @Nullable
    JoinMode join() {
        return config.join();
    }

    GrantLimits limits() {
        return limits;
    }

    /** As explanations and the attempt log call it. */
    @Override
    public String toString() {
        return "rule \"" + config.name() + '"';
    }
}
