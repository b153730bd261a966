package io.millrace.srt.handshake;

import io.millrace.srt.packet.DataHeader;

/**
 * What two sides have agreed on. draft-sharabayko-srt §4.3.
 *
 * @param initialSequenceNumber of both directions
 * @param peerVersion 0x00XXYYZZ
 * @param peerFlags {@link SrtExtension} flags of the peer
 * @param receiveLatencyMillis latency of our receiver
 * @param sendLatencyMillis latency of the peer's receiver
 * @param maximumSegmentSize bytes with 44 of headers
 * @param peerFlowWindow packets that the peer can take before its first ACK
 * @param streamId as the caller gave it, empty if it gave none
 */
public record Negotiated(
        int initialSequenceNumber,
        int peerVersion,
        int peerFlags,
        int receiveLatencyMillis,
        int sendLatencyMillis,
        int maximumSegmentSize,
        int peerFlowWindow,
        String streamId) {
    /** The smallest segment size that leaves room for a handshake and some payload. */
    static final int MIN_SEGMENT_SIZE = 116;

    /** Longest payload, bytes. */
    public int maximumPayload() {
        return maximumSegmentSize - DataHeader.COUNTED_LENGTH;
    }
}
