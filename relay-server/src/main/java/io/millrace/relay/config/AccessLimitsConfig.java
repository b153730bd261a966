package io.millrace.relay.config;

/**
 * Bounds of a caller that is let in; 0 means that there is none.
 *
 * @param subscribers of its stream
 * @param bitRate bits per second
 * @param durationSeconds after which the connection is closed
 * @param latencyMillis least latency of the connection
 */
public record AccessLimitsConfig(int subscribers, long bitRate, long durationSeconds, int latencyMillis) {
    /** No bounds. */
    public static final AccessLimitsConfig NONE = new AccessLimitsConfig(0, 0, 0, 0);

    static AccessLimitsConfig bind(Section keys) {
        return new AccessLimitsConfig(
                keys.integer("subscribers", 0, 0, 1_000_000),
                keys.longInteger("bitRate", 0, 0, 1_000_000_000_000L),
                keys.longInteger("durationSeconds", 0, 0, 31_536_000),
                keys.integer("latencyMillis", 0, 0, 60_000));
    }
}
