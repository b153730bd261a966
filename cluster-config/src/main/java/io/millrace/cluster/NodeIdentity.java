package io.millrace.cluster;

import java.net.InetSocketAddress;
import java.util.UUID;

/**
 * A node from its start to its end.
 *
 * @param nodeId its name, kept over restarts
 * @param incarnation differs with each start, and with nothing else: not when a split of the cluster heals
 * @param srtAddress where other nodes pull streams from it; unresolved, so that no thread waits for a name
 * @param httpAddress where its API is; unresolved
 */
public record NodeIdentity(
        String nodeId, String incarnation, InetSocketAddress srtAddress, InetSocketAddress httpAddress) {
    public NodeIdentity {
        srtAddress = unresolved(srtAddress);
        httpAddress = unresolved(httpAddress);
    }

    /** The node that starts now. */
    public static NodeIdentity starting(String nodeId, InetSocketAddress srtAddress, InetSocketAddress httpAddress) {
        return new NodeIdentity(nodeId, UUID.randomUUID().toString(), srtAddress, httpAddress);
    }

    /** The node that starts now and that no other node will call. */
    public static NodeIdentity alone(String nodeId) {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("", 0);
        return starting(nodeId, nowhere, nowhere);
    }

    /** Whether it is the same start of the same node. */
    public boolean isSameAs(NodeIdentity other) {
        return incarnation.equals(other.incarnation);
    }

    @Override
    public String toString() {
        return nodeId;
    }

    private static InetSocketAddress unresolved(InetSocketAddress address) {
        return address.isUnresolved()
                ? address
                : InetSocketAddress.createUnresolved(address.getHostString(), address.getPort());
    }
}
