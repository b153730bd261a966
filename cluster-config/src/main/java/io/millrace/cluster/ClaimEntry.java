package io.millrace.cluster;

import io.millrace.cluster.StreamRegistry.Claim;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A claim as the registry keeps it.
 *
 * @param requestId random; tells a claim from one that another side of a split granted under the same epoch, and a
 *     request that is carried out a second time from a new one
 * @param predecessorEpoch of the claim that this one took over; 0 if the name was free
 * @param version rises with each change of this entry
 * @param silent whether the publisher sends nothing at present
 * @param released whether the name is free; kept a while after that, so that epochs rise
 */
record ClaimEntry(Claim claim, long requestId, long predecessorEpoch, long version, boolean silent, boolean released)
        implements Versioned<ClaimEntry> {
    private static final Comparator<ClaimEntry> AGE = Comparator.comparingLong(ClaimEntry::epoch)
            .thenComparingLong(ClaimEntry::requestId)
            .thenComparingLong(ClaimEntry::version);

    // Longer than a message of an earlier holder can be on its way, and than clocks of nodes differ.
    private static final long RELEASED_KEPT_SECONDS = 600;

    static @Nullable Claim live(@Nullable ClaimEntry entry) {
        return entry == null || entry.released() ? null : entry.claim();
    }

    long epoch() {
        return claim.epoch();
    }

    boolean isSameClaimAs(ClaimEntry other) {
        return requestId == other.requestId;
    }

    @Override
    public boolean isNewerThan(ClaimEntry other) {
        return AGE.compare(this, other) > 0;
    }

    @Override
    public long keepSeconds() {
        return released ? RELEASED_KEPT_SECONDS : 0;
    }

    ClaimEntry withSilent(boolean nowSilent) {
        return new ClaimEntry(claim, requestId, predecessorEpoch, version + 1, nowSilent, released);
    }

    ClaimEntry withReleased(long nextVersion, boolean nowReleased) {
        return new ClaimEntry(claim, requestId, predecessorEpoch, nextVersion, silent, nowReleased);
    }
}
