package io.millrace.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The live connections of all roles, kept so that they outlive their node. Writing is cheap and answers nothing: facts
 * travel in batches a moment later, and beyond a bound they are dropped, for a peer that isn't told merely waits longer.
 */
public interface ConnectionFacts {
    /** To be called when a connection is made, or its peer's address changes. */
    void opened(ConnectionFact fact);

    /** To be called when a connection ends, and for each fact of another node that has been dealt with. */
    void closed(int localSocketId);

    /** The connection that a datagram with this destination socket id belongs to. */
    CompletionStage<Optional<ConnectionFact>> find(int localSocketId);

    /** The role's connections whose node is gone: what a new owner of the role has to end. */
    CompletionStage<List<ConnectionFact>> orphans(String role);

    /** Facts that were not kept because there were too many. */
    long dropped();
}
