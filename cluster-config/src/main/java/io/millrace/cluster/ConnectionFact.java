package io.millrace.cluster;

import java.net.InetSocketAddress;

/**
 * What it takes to end a connection of a node that is gone, or to find the node that has it: a new owner of its role sends
 * SRT shutdown to the peer, or passes its datagrams on.
 *
 * @param incarnation of the node that has the connection
 * @param role the listener role that the peer called
 * @param epoch of the role's grant under which the connection was made
 * @param localSocketId our id, which the peer's datagrams carry; unique in the cluster
 * @param peer where the peer's datagrams come from; resolved
 * @param peerSocketId the peer's id, which ours carry
 * @param called our address, which the peer's datagrams go to; a wildcard where it isn't known
 */
public record ConnectionFact(
        String incarnation,
        String role,
        long epoch,
        int localSocketId,
        InetSocketAddress peer,
        int peerSocketId,
        InetSocketAddress called,
        String streamName) {
    public ConnectionFact {
        if (peer.isUnresolved() || called.isUnresolved()) {
            throw new IllegalArgumentException("a connection has addresses, not the names " + peer + " and " + called);
        }
    }
}
