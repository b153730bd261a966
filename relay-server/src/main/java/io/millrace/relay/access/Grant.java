package io.millrace.relay.access;

import io.millrace.relay.config.JoinMode;
import io.millrace.srt.crypto.Passphrase;
import org.jspecify.annotations.Nullable;

/**
 * A caller may do what it asks for.
 *
 * @param source what granted it, for the attempt log: {@code rule "studio"}, {@code webhook}
 * @param stream name of the stream, another one than asked for where the source says so
 * @param passphrase that the caller must encrypt with; null for the listener's, if it has one
 * @param join where it begins in the stream, unless it says so itself; null for the default
 * @param limits bounds that go with it
 * @param release gives back what the grant took, for a caller that gets no connection after all
 */
public record Grant(
        String source,
        String stream,
        @Nullable Passphrase passphrase,
        @Nullable JoinMode join,
        GrantLimits limits,
        Runnable release)
        implements AccessDecision {

    /** A grant that took nothing, of the stream that was asked for, without bounds. */
    public static Grant of(String source, AccessRequest request) {
        return new Grant(source, request.request().stream(), null, null, GrantLimits.NONE, () -> {});
    }
}
