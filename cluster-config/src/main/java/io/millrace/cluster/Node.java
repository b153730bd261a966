package io.millrace.cluster;

/**
 * A node that lives, as this one sees it.
 *
 * @param draining whether it takes no new work
 */
public record Node(NodeIdentity identity, NodeLoad load, boolean draining) {
    public String nodeId() {
        return identity.nodeId();
    }
}
