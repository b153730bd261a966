package io.millrace.cluster;

/**
 * What a node has to do, as it says itself about once a second.
 *
 * @param egressBitsPerSecond what it sends, to viewers and other nodes
 * @param publishers streams that are published to it
 * @param subscribers connections that it sends streams to
 * @param pulls streams that it takes from other nodes
 */
public record NodeLoad(long egressBitsPerSecond, int publishers, int subscribers, int pulls) {
    /** Of a node that said nothing yet. */
    public static final NodeLoad NONE = new NodeLoad(0, 0, 0, 0);
}
