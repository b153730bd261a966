package io.millrace.cluster;

import java.util.concurrent.CompletionStage;

/** What one node sees of the nodes that work together, itself among them. */
public interface Cluster {
    /** This node. */
    NodeIdentity self();

    Nodes nodes();

    StreamRegistry streams();

    RoleLeases roles();

    ConnectionFacts connections();

    /** Whom no node lets in. */
    SharedRecords bans();

    /** The ids that let one caller in once, at whichever node it calls. */
    SharedRecords oneShotIds();

    /**
     * Whether this node has heard lately of as many nodes as must hear each other for roles to be served: always, where
     * nothing can come between them.
     */
    default boolean hasQuorum() {
        return true;
    }

    /**
     * Leaves for good: stops serving its roles, gives them and its streams back, and says good-bye, so that nobody has
     * to find out. Listeners are told nothing more. Completes when the others know, and always.
     */
    CompletionStage<Void> leave();
}
