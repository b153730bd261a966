package io.millrace.cluster;

import java.util.List;
import java.util.Map;

/**
 * What a candidate for roles sees around it at one moment.
 *
 * @param hasQuorum whether enough nodes were heard of lately
 * @param isDraining whether this node takes no role
 * @param candidates names of the other nodes that live and don't drain
 * @param rolesByNode how many roles each node has, by name
 */
record Surroundings(boolean hasQuorum, boolean isDraining, List<String> candidates, Map<String, Integer> rolesByNode) {

    /** What is known of a node. */
    enum Presence {
        MEMBER,
        /** Removed from the members; it may be cut off and not know yet. */
        GONE,
        /** Removed, and its process is known to be dead. */
        DEAD
    }

    int rolesOf(String nodeId) {
        return rolesByNode.getOrDefault(nodeId, 0);
    }
}
