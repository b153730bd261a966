package io.millrace.cluster;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Which node publishes which stream. A name has one publisher at a time; each claim that is granted carries an epoch
 * greater than all epochs granted before for that name, so that a late message of an earlier holder can be told from
 * the present one's.
 *
 * <p>No method blocks. A stage that completes exceptionally means that the answer isn't known, not that it is "no".
 */
public interface StreamRegistry {

    /** A name held by a node under an epoch. */
    record Claim(String streamName, String nodeId, long epoch) {}

    /**
     * The answer to a claim.
     *
     * @param granted whether the caller is the publisher now
     * @param holder the caller's new claim when granted, else the claim of the node that has the name
     */
    record ClaimResult(boolean granted, Claim holder) {}

    /** Claims the name for the node. A name that is held, even by the same node, is refused until it is released. */
    CompletionStage<ClaimResult> claim(String streamName, String nodeId);

    /**
     * Gives the name back. Only the present claim does that; an earlier one changes nothing.
     *
     * @return whether the claim was the present one
     */
    CompletionStage<Boolean> release(Claim claim);

    /** The present claim, if any. */
    CompletionStage<Optional<Claim>> lookup(String streamName);
}
