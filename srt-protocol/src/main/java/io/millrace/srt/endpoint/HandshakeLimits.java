package io.millrace.srt.endpoint;

/**
 * How many handshakes an endpoint works on. What exceeds them is discarded in silence: a caller repeats itself every
 * 250 ms for some seconds and so gets in a little later, while a refusal would make many of them give up.
 *
 * @param inductionsPerSecond answers to callers that have not proved their address, in all
 * @param conclusionsPerSecond callers that one address (IPv6: one /64 network) may bring per second; repetitions of a
 *     conclusion don't count
 * @param conclusionBurst callers that it may bring at once
 */
public record HandshakeLimits(int inductionsPerSecond, int conclusionsPerSecond, int conclusionBurst) {
    /** Lets 200 players behind one address in within two seconds. */
    public static final HandshakeLimits DEFAULT = new HandshakeLimits(20_000, 50, 100);

    public HandshakeLimits {
        if (inductionsPerSecond <= 0 || conclusionsPerSecond <= 0 || conclusionBurst <= 0) {
            throw new IllegalArgumentException("no handshake would ever be answered");
        }
    }
}
