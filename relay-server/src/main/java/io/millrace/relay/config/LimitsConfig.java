package io.millrace.relay.config;

import io.millrace.srt.endpoint.HandshakeLimits;

/**
 * How much the relay takes on before it refuses.
 *
 * @param connections SRT connections of the whole relay
 * @param publishers publishers of the whole relay
 * @param subscribersPerStream subscribers of one stream
 * @param pendingCallers callers that wait for a decision, per listener and event loop
 * @param delayMillis what connections may wait for their turn to be sent to before new callers are refused; 0 for any time
 * @param attempts attempts to connect that are kept to be shown, per listener
 * @param historyMebibytes memory for the histories of statistics, half of it for those of streams
 * @param callersPerSecondPerAddress callers that one address may bring per second, per listener and event loop
 * @param callerBurstPerAddress callers that it may bring at once
 * @param inductionsPerSecond answers to callers that have not proved their address, per listener and event loop
 * @param wrongPassphrasesPerMinute that one address may try
 */
public record LimitsConfig(
        int connections,
        int publishers,
        int subscribersPerStream,
        int pendingCallers,
        int delayMillis,
        int attempts,
        int historyMebibytes,
        int callersPerSecondPerAddress,
        int callerBurstPerAddress,
        int inductionsPerSecond,
        int wrongPassphrasesPerMinute) {
    private static final int MOST = 1_000_000;

    /** What an endpoint makes of three of them. */
    public HandshakeLimits handshakes() {
        return new HandshakeLimits(inductionsPerSecond, callersPerSecondPerAddress, callerBurstPerAddress);
    }

    static LimitsConfig bind(Section keys) {
        return new LimitsConfig(
                keys.integer("connections", 10_000, 1, MOST),
                keys.integer("publishers", 1_000, 1, MOST),
                keys.integer("subscribersPerStream", 10_000, 1, MOST),
                keys.integer("pendingCallers", 1_024, 1, MOST),
                keys.integer("delayMillis", 60, 0, 10_000),
                keys.integer("attempts", 200, 1, 10_000),
                keys.integer("historyMebibytes", 128, 0, 65_536),
                keys.integer("callersPerSecondPerAddress", HandshakeLimits.DEFAULT.conclusionsPerSecond(), 1, MOST),
                keys.integer("callerBurstPerAddress", HandshakeLimits.DEFAULT.conclusionBurst(), 1, MOST),
                keys.integer("inductionsPerSecond", HandshakeLimits.DEFAULT.inductionsPerSecond(), 1, MOST),
                keys.integer("wrongPassphrasesPerMinute", 60, 1, MOST));
    }
}
