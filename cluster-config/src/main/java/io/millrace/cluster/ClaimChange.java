package io.millrace.cluster;

import io.millrace.cluster.StreamRegistry.Claim;
import org.jspecify.annotations.Nullable;

/**
 * All that can happen to a claim.
 *
 * @param entry the claim that is wanted, or that it happens to
 * @param deadEpoch to take: the epoch of a claim whose holder is known to be dead; 0 for none
 */
record ClaimChange(Kind kind, ClaimEntry entry, long deadEpoch) implements Change<ClaimEntry> {

    enum Kind {
        /** The name is wanted. The epoch asked for is the least: the caller's time, so that it outlives a registry. */
        TAKE,
        /** Its holder says that it has it. */
        ANNOUNCE,
        /** Its holder gives it back. */
        RELEASE,
        /** Its holder says whether the publisher is silent. */
        SILENT,
        /** Its holder is dead. */
        GONE
    }

    static ClaimChange take(Claim wanted, long requestId, long deadEpoch) {
        return new ClaimChange(Kind.TAKE, new ClaimEntry(wanted, requestId, 0, 0, false, false), deadEpoch);
    }

    static ClaimChange of(Kind kind, ClaimEntry entry) {
        return new ClaimChange(kind, entry, 0);
    }

    @Override
    public @Nullable ClaimEntry applyTo(@Nullable ClaimEntry present) {
        if (present == null) {
            return kind == Kind.TAKE || kind == Kind.ANNOUNCE ? entry : null;
        }
        boolean isPresent = present.isSameClaimAs(entry) && !present.released();
        return switch (kind) {
            case TAKE -> take(present);
            case ANNOUNCE -> announce(present);
            case RELEASE, GONE -> isPresent ? present.withReleased(present.version() + 1, true) : present;
            case SILENT ->
                isPresent && present.silent() != entry.silent() ? present.withSilent(entry.silent()) : present;
        };
    }

    private ClaimEntry take(ClaimEntry present) {
        if (present.requestId() == entry.requestId() || !isFree(present)) {
            return present;
        }
        Claim wanted = entry.claim();
        long epoch = Math.max(wanted.epoch(), present.epoch() + 1);
        Claim granted = new Claim(wanted.streamName(), wanted.node(), epoch, wanted.identity());
        long predecessor = present.released() ? 0 : present.epoch();
        return new ClaimEntry(granted, entry.requestId(), predecessor, 0, false, false);
    }

    private boolean isFree(ClaimEntry present) {
        return present.released()
                || present.epoch() == deadEpoch
                || (present.silent()
                        && present.claim().identity().equals(entry.claim().identity()));
    }

    private ClaimEntry announce(ClaimEntry present) {
        if (present.isSameClaimAs(entry)) {
            return present.released() ? entry.withReleased(present.version() + 1, false) : present;
        }
        return entry.isNewerThan(present) ? entry : present;
    }
}
