package io.millrace.cluster;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Who serves which listener role. A role has at most one owner at a time in the whole cluster; each grant carries an
 * epoch greater than all earlier ones of the role, which is the fencing token for whatever its owner writes elsewhere.
 *
 * <p>An owner that can't be sure any more stops by itself before anyone else can be granted the role, and then stays out
 * for some seconds. An owner that dies is replaced at once, one that falls silent within seconds.
 */
public interface RoleLeases {

    /** A role granted to a node under an epoch. */
    record Grant(String role, NodeIdentity node, long epoch) {
        public String nodeId() {
            return node.nodeId();
        }
    }

    /**
     * A role that a node competes for.
     *
     * @param preferredNodes names of the nodes that should have it, the first most; may be empty
     */
    record Role(String name, List<String> preferredNodes) {
        public Role {
            preferredNodes = List.copyOf(preferredNodes);
        }
    }

    enum EndReason {
        /** Given back in an orderly way: by request, while draining, or to a preferred node when idle. */
        HANDED_OVER,
        /** Fewer nodes than the quorum can be heard: this node may be the one that is cut off. */
        QUORUM_LOST,
        /** The lease could not be renewed for too long. */
        NOT_RENEWED,
        /** This process stood still for too long to know what happened meanwhile. */
        STALLED,
        /** Another node has the role, under a later epoch. */
        SUPERSEDED
    }

    /** Serves a role while it is granted. Called on a thread of the cluster's own that must not be kept. */
    interface Server {
        void granted(Grant grant);

        /**
         * To stop serving at once. Until the stage completes, an orderly hand-over waits (and the lease is kept); in the
         * other cases nothing does.
         */
        CompletionStage<?> ended(Grant grant, EndReason reason);

        /** Whether nobody would notice if the role moved to a preferred node now. */
        default boolean isIdle() {
            return false;
        }
    }

    /** Competes for the role from now on. */
    void compete(Role role, Server server);

    /** Hands the role over if this node has it, and competes no longer. Completes when others may have it. */
    CompletionStage<Void> withdraw(String role);

    /**
     * Asks the owner, whichever node that is, to hand the role over to a node.
     *
     * @return whether the role has an owner that can be asked
     */
    CompletionStage<Boolean> handOver(String role, String nodeId);

    /** The grants that this node knows of, at once. Only the owner itself knows whether it is still served. */
    Collection<Grant> grants();
}
