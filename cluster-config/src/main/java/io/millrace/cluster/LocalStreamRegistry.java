package io.millrace.cluster;

import static java.util.concurrent.CompletableFuture.completedStage;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The registry of a node that is alone. Its answers are complete when they are returned. */
public final class LocalStreamRegistry implements StreamRegistry {
    // One lock for both: an epoch that was drawn outside could be granted after a greater one.
    private final Map<String, Claim> claims = new HashMap<>();

    // One counter for all names: epochs rise per name all the same, and a released name leaves nothing behind.
    private long lastEpoch;

    @Override
    public synchronized CompletionStage<ClaimResult> claim(String streamName, String nodeId) {
        Claim holder = claims.get(streamName);
        if (holder != null) {
            return completedStage(new ClaimResult(false, holder));
        }
        Claim claim = new Claim(streamName, nodeId, ++lastEpoch);
        claims.put(streamName, claim);
        return completedStage(new ClaimResult(true, claim));
    }

    @Override
    public synchronized CompletionStage<Boolean> release(Claim claim) {
        return completedStage(claims.remove(claim.streamName(), claim));
    }

    @Override
    public synchronized CompletionStage<Optional<Claim>> lookup(String streamName) {
        return completedStage(Optional.ofNullable(claims.get(streamName)));
    }
}
