package io.millrace.relay.stats;

/**
 * Datagrams that came to one socket of a listener and are for a connection of another one.
 *
 * @param handedOver that came here, and were handed to the other socket
 * @param takenOver that other sockets handed to this one
 * @param dropped that came here, and were too many for the other socket's loop
 * @param cluster those for connections that no socket of this node has
 */
public record StrayCounts(long handedOver, long takenOver, long dropped, ClusterStrayCounts cluster) {
    static final StrayCounts NONE = new StrayCounts(0, 0, 0, ClusterStrayCounts.NONE);

    StrayCounts plus(StrayCounts other) {
        return new StrayCounts(
                handedOver + other.handedOver,
                takenOver + other.takenOver,
                dropped + other.dropped,
                cluster.plus(other.cluster));
    }
}
