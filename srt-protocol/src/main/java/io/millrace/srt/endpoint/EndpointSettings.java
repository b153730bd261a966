package io.millrace.srt.endpoint;

/**
 * Bounds of an endpoint.
 *
 * @param accepting whether callers are answered at all; an endpoint that only calls out ignores them
 * @param maximumPendingCallers callers that may wait for a decision at once
 * @param pendingCallerMicros how long one may wait
 * @param connectTimeoutMicros how long a call of ours may take
 */
public record EndpointSettings(
        boolean accepting, int maximumPendingCallers, long pendingCallerMicros, long connectTimeoutMicros) {
    /** A listener with room for a storm of callers; libsrt callers give up after 3 s by themselves. */
    public static final EndpointSettings LISTENER = new EndpointSettings(true, 1024, 10_000_000, 3_000_000);

    /** Calls out only. */
    public static final EndpointSettings CALLER = new EndpointSettings(false, 0, 0, 3_000_000);
}
