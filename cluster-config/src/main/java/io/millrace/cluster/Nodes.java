package io.millrace.cluster;

import java.util.List;
import java.util.Optional;

/** Which nodes live. Answers at once, from what this node knows; a node that is cut off sees only its own side. */
public interface Nodes {

    /** Told of changes, one after the other, on a thread of the cluster's own that must not be kept. */
    interface Listener {
        default void joined(Node node) {}

        /** It died, left, or can't be reached; the last is not told from the first. */
        default void left(Node node) {}
    }

    /** All that live, the longest living first, this one included. */
    List<Node> all();

    /** The node of this name; the younger one, when its last incarnation has not been found dead yet. */
    default Optional<Node> named(String nodeId) {
        return all().stream().filter(node -> node.nodeId().equals(nodeId)).reduce((older, younger) -> younger);
    }

    /** Tells the others what this node has to do. To be called about once a second. */
    void report(NodeLoad load);

    /** Tells the others whether this node takes no new work: a draining node takes no role. */
    void draining(boolean draining);

    void listen(Listener listener);
}
