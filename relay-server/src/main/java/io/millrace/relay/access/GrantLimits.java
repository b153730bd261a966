package io.millrace.relay.access;

/**
 * Bounds of one caller; 0 means that there is none.
 *
 * @param subscribers of its stream: for a publisher, how many there may be; for a subscriber, how many including itself
 * @param bitRate bits per second: a publisher that sends more is closed, a subscriber gets no more
 * @param durationSeconds after which the connection is closed
 * @param latencyMillis least latency of the connection
 */
public record GrantLimits(int subscribers, long bitRate, long durationSeconds, int latencyMillis) {
    /** No bounds. */
    public static final GrantLimits NONE = new GrantLimits(0, 0, 0, 0);
}
