package io.millrace.srt.handshake;

/**
 * What one side brings into a handshake.
 *
 * @param receiveLatencyMillis least latency of our receiver, 0 - 65535
 * @param sendLatencyMillis least latency that we ask of the peer's receiver, 0 - 65535
 * @param maximumSegmentSize bytes with 44 of headers
 * @param flowWindow packets that our receive buffer holds; a power of two
 */
public record Offer(int receiveLatencyMillis, int sendLatencyMillis, int maximumSegmentSize, int flowWindow) {
    /** libsrt's defaults. */
    public static final Offer DEFAULT = new Offer(120, 0, 1500, 8192);
}
