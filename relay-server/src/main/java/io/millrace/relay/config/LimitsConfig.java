package io.millrace.relay.config;

/**
 * How much the relay takes on before it refuses.
 *
 * @param connections SRT connections of the whole relay
 * @param publishers publishers of the whole relay
 * @param subscribersPerStream subscribers of one stream
 * @param pendingCallers callers that wait for a decision, per listener and event loop
 * @param attempts attempts to connect that are kept to be shown, per listener
 */
public record LimitsConfig(
        int connections, int publishers, int subscribersPerStream, int pendingCallers, int attempts) {
    private static final int MOST = 1_000_000;

    static LimitsConfig bind(Section keys) {
        return new LimitsConfig(
                keys.integer("connections", 10_000, 1, MOST),
                keys.integer("publishers", 1_000, 1, MOST),
                keys.integer("subscribersPerStream", 10_000, 1, MOST),
                keys.integer("pendingCallers", 1_024, 1, MOST),
                keys.integer("attempts", 200, 1, 10_000));
    }
}
