package io.millrace.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which node publishes which stream, as one node sees and claims it. A name has one publisher at a time in the whole
 * cluster; each claim that is granted carries an epoch greater than all epochs granted before for that name, so that a
 * late message of an earlier holder can be told from the present one's.
 *
 * <p>No method blocks. A stage that completes exceptionally, which it does within seconds at the latest, means that the
 * answer isn't known, not that it is "no".
 *
 * <p>A split cluster may grant a name on each side. When it heals, the highest epoch stays and the holder of the other
 * claim is told by {@link Listener#lost}. What a node holds is announced again by itself wherever it got lost.
 */
public interface StreamRegistry {

    /**
     * A name held by a node under an epoch.
     *
     * @param identity who publishes, as the access rules know him; the same one may replace himself
     */
    record Claim(String streamName, NodeIdentity node, long epoch, String identity) {
        public String nodeId() {
            return node.nodeId();
        }
    }

    /**
     * The answer to a claim.
     *
     * @param granted whether the caller is the publisher now
     * @param holder the caller's new claim when granted, else the claim of the node that has the name
     */
    record ClaimResult(boolean granted, Claim holder) {}

    enum LossReason {
        /** The publisher was silent or its node taken for dead, and another claim was granted instead. */
        TAKEN_OVER,
        /** Two sides of a split had granted the name, and the other claim is the later one. */
        SPLIT_HEALED
    }

    /**
     * Told of changes in the order in which this node learns of them, on a thread of the cluster's own that must not be
     * kept. Steps that follow each other quickly may be seen as one.
     */
    interface Listener {
        default void claimed(Claim claim) {}

        default void moved(Claim from, Claim to) {}

        default void released(Claim claim) {}

        /**
         * Called on the node that held {@code mine} only, once: its publisher has to go. No release is needed.
         *
         * @param winner the claim that stays
         */
        default void lost(Claim mine, Claim winner, LossReason reason) {}
    }

    /**
     * Claims the name for this node. A name that is held, even by this node, is refused until it is released, with two
     * exceptions: its holder is dead, or its holder said that the publisher is {@linkplain #silent silent} and the
     * identity is the same.
     *
     * @param identity who publishes; empty for whoever may
     */
    CompletionStage<ClaimResult> claim(String streamName, String identity);

    /**
     * The claim of a node that can't reach the registry, granted by itself. It is announced as soon as the registry
     * answers, and then stays or is {@linkplain Listener#lost lost} to a later one.
     */
    Claim claimAlone(String streamName, String identity);

    /**
     * Gives the name back. Only the present claim of this node does that; an earlier one changes nothing.
     *
     * @return whether the claim was the present one
     */
    CompletionStage<Boolean> release(Claim claim);

    /**
     * Says whether the publisher of this node's claim sends nothing at present, so that the same one, when he comes back
     * at another node, gets his name.
     *
     * @return whether the claim is the present one
     */
    CompletionStage<Boolean> silent(Claim claim, boolean silent);

    /** The present claim, if any. */
    CompletionStage<Optional<Claim>> lookup(String streamName);

    /** What this node knows of a stream at once: a moment old, and possibly of a node that just died. */
    Optional<Claim> known(String streamName);

    /** All claims that this node knows of, at once; a moment old, and possibly of a node that just died. */
    Collection<Claim> claims();

    /** Those of one node. */
    default List<Claim> claimsOf(String nodeId) {
        return claims().stream().filter(claim -> claim.nodeId().equals(nodeId)).toList();
    }

    void listen(Listener listener);
}
