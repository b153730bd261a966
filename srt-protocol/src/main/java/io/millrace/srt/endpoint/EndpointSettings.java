package io.millrace.srt.endpoint;

import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * Bounds of an endpoint.
 *
 * @param accepting whether callers are answered at all; an endpoint that only calls out ignores them
 * @param maximumPendingCallers callers that may wait for a decision at once
 * @param pendingCallerMicros how long one may wait
 * @param connectTimeoutMicros how long a call of ours may take
 * @param mayCall whose handshakes are looked at; asked before any other work on one, and not for open connections
 * @param handshakeLimits how many handshakes are worked on
 * @param mayForward who may pass on the datagrams of a connection's peer, and gets the answers for it; asked of sources
 *     that are not the peer's own address. Such a source must be one that nobody else can send from: whoever forges it
 *     and knows a connection's socket ID is taken for a peer that has been silent
 */
public record EndpointSettings(
        boolean accepting,
        int maximumPendingCallers,
        long pendingCallerMicros,
        long connectTimeoutMicros,
        Predicate<InetAddress> mayCall,
        HandshakeLimits handshakeLimits,
        Predicate<InetAddress> mayForward) {
    /** A listener with room for a storm of callers; libsrt callers give up after 3 s by themselves. */
    public static final EndpointSettings LISTENER = new EndpointSettings(
            true, 1024, 10_000_000, 3_000_000, address -> true, HandshakeLimits.DEFAULT, address -> false);

    /** Calls out only. */
    public static final EndpointSettings CALLER =
            new EndpointSettings(false, 0, 0, 3_000_000, address -> true, HandshakeLimits.DEFAULT, address -> false);

    /** These settings for these callers alone. */
    public EndpointSettings withCallers(Predicate<InetAddress> allowed) {
        return new EndpointSettings(
                accepting,
                maximumPendingCallers,
                pendingCallerMicros,
                connectTimeoutMicros,
                allowed,
                handshakeLimits,
                mayForward);
    }

    /** These settings, but newcomers are met with silence. */
    public EndpointSettings withoutCallers() {
        return new EndpointSettings(
                false,
                maximumPendingCallers,
                pendingCallerMicros,
                connectTimeoutMicros,
                mayCall,
                handshakeLimits,
                mayForward);
    }

    /** These settings with other limits. */
    public EndpointSettings withHandshakeLimits(HandshakeLimits limits) {
        return new EndpointSettings(
                accepting,
                maximumPendingCallers,
                pendingCallerMicros,
                connectTimeoutMicros,
                mayCall,
                limits,
                mayForward);
    }

    /** These settings with peers whose datagrams may come by way of others. */
    public EndpointSettings withForwarders(Predicate<InetAddress> forwarders) {
        return new EndpointSettings(
                accepting,
                maximumPendingCallers,
                pendingCallerMicros,
                connectTimeoutMicros,
                mayCall,
                handshakeLimits,
                forwarders);
    }
}
