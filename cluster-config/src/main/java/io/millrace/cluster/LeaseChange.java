package io.millrace.cluster;

import io.millrace.cluster.RoleLeases.Grant;
import org.jspecify.annotations.Nullable;

/**
 * All that can happen to a role's lease.
 *
 * @param grant to take: what is wanted, with the least epoch; else the grant that this is about
 * @param seenEpoch to take: the epoch of the entry as the candidate saw it; 0 if there was none
 * @param seenVersion to take: its version
 * @param successor to release or to ask: name of the node that is to have the role next; empty for any
 */
record LeaseChange(Kind kind, Grant grant, long seenEpoch, long seenVersion, String successor)
        implements Change<LeaseEntry> {

    enum Kind {
        /** Granted if nothing happened since the candidate looked, which is its proof that the owner is gone. */
        TAKE,
        RENEW,
        RELEASE,
        /** Somebody asks the owner to hand over. */
        ASK
    }

    static LeaseChange take(Grant wanted, @Nullable LeaseEntry seen) {
        return new LeaseChange(
                Kind.TAKE, wanted, seen == null ? 0 : seen.epoch(), seen == null ? 0 : seen.version(), "");
    }

    static LeaseChange renew(Grant grant) {
        return new LeaseChange(Kind.RENEW, grant, 0, 0, "");
    }

    static LeaseChange release(Grant grant, String successor) {
        return new LeaseChange(Kind.RELEASE, grant, 0, 0, successor);
    }

    static LeaseChange ask(Grant grant, String successor) {
        return new LeaseChange(Kind.ASK, grant, 0, 0, successor);
    }

    @Override
    public @Nullable LeaseEntry applyTo(@Nullable LeaseEntry present) {
        if (kind == Kind.TAKE) {
            boolean isAsSeen = present == null ? seenEpoch == 0 : present.isAt(seenEpoch, seenVersion);
            return isAsSeen ? new LeaseEntry(granted(), 0, false, "") : present;
        }
        if (present == null) {
            // The table was lost with the nodes that kept it; whoever owns the role puts it back.
            return kind == Kind.RENEW ? new LeaseEntry(grant, 0, false, "") : null;
        }
        if (present.released() || !present.grant().equals(grant)) {
            return present;
        }
        long version = present.version() + 1;
        return switch (kind) {
            case RENEW -> new LeaseEntry(grant, version, false, present.successor());
            case RELEASE -> new LeaseEntry(grant, version, true, successor);
            case ASK -> new LeaseEntry(grant, version, false, successor);
            case TAKE -> throw new IllegalStateException("taken above");
        };
    }

    /** What a taking that was granted leads to; the same each time it is carried out. */
    Grant granted() {
        return new Grant(grant.role(), grant.node(), Math.max(grant.epoch(), seenEpoch + 1));
    }
}
