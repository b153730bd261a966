package io.millrace.relay.stats;

/** What the cluster said of a datagram for a connection that this node doesn't have. */
public enum StrayLookup {
    /** It was a connection of a node that is gone, or of this one: the peer was told that it is over. */
    ENDED,
    /** It is a connection of another node, to which the peer's datagrams are passed on from now on. */
    FORWARDED,
    /**
     * It is a connection of another node, but there are too many ways to others already, or no way there. If one was found
     * and nobody answered, the peer was told that it is over.
     */
    UNREACHABLE,
    /** It is nobody's connection, or one with a peer at another address. */
    UNKNOWN,
    /** The cluster gave no answer. */
    FAILED,
    /** The cluster was not asked, for it had been asked too often in this second. */
    UNASKED
}
