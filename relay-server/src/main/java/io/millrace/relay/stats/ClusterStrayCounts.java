package io.millrace.relay.stats;

import java.util.EnumMap;
import java.util.Map;

/**
 * Datagrams that came to one socket of a listener and are for a connection that this node doesn't have.
 *
 * @param lookups questions to the cluster whose they are, by outcome
 * @param forwarded datagrams of peers that were passed on to the node that has their connection
 * @param returned datagrams of that node that were passed on to the peer
 * @param dropped datagrams, of either direction, that were not passed on
 */
public record ClusterStrayCounts(Map<StrayLookup, Long> lookups, long forwarded, long returned, long dropped) {
    /** Before the first one. */
    public static final ClusterStrayCounts NONE = new ClusterStrayCounts(Map.of(), 0, 0, 0);

    public ClusterStrayCounts {
        Map<StrayLookup, Long> all = new EnumMap<>(StrayLookup.class);
        for (StrayLookup outcome : StrayLookup.values()) {
            all.put(outcome, lookups.getOrDefault(outcome, 0L));
        }
        lookups = Map.copyOf(all);
    }

    ClusterStrayCounts plus(ClusterStrayCounts other) {
        Map<StrayLookup, Long> sum = new EnumMap<>(lookups);
        other.lookups.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
        return new ClusterStrayCounts(
                sum, forwarded + other.forwarded, returned + other.returned, dropped + other.dropped);
    }
}
