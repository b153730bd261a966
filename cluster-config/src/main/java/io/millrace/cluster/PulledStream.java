package io.millrace.cluster;

/**
 * A stream that a node takes from another one, as it says itself: what the others may take from it in their turn.
 *
 * @param fromNodeId the node that sends it, which need not be the one that publishes it
 * @param rttMicros round trip between the two, microseconds
 * @param lostPerMillion of the packets of the last second, those that had to be sent again
 * @param bitsPerSecond what is received
 */
public record PulledStream(
        String streamName, String fromNodeId, long rttMicros, int lostPerMillion, long bitsPerSecond) {}
