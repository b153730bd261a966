package io.millrace.cluster;

import java.util.List;

/**
 * What a node has to do, as it says itself about once a second.
 *
 * @param egressBitsPerSecond what it sends, to viewers and other nodes
 * @param publishers connections that publish streams to it
 * @param subscribers connections that it sends streams to, other nodes' apart
 * @param pulls streams that it takes from other nodes, at most {@value #MOST_PULLS} of them
 */
public record NodeLoad(long egressBitsPerSecond, int publishers, int subscribers, List<PulledStream> pulls) {
    /** So that a report stays small. */
    public static final int MOST_PULLS = 1_000;

    /** Of a node that said nothing yet. */
    public static final NodeLoad NONE = new NodeLoad(0, 0, 0, List.of());

    public NodeLoad {
        pulls = pulls.stream().limit(MOST_PULLS).toList();
    }
}
