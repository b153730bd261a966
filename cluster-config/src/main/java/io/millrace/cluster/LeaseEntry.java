package io.millrace.cluster;

import io.millrace.cluster.RoleLeases.Grant;

/**
 * A role as the registry keeps it; never removed.
 *
 * @param version rises with each change under one epoch, so with each renewal: who sees it stand still knows, by his own
 *     clock, that the owner doesn't renew
 * @param released whether the owner gave the role back
 * @param successor name of the node that is to have the role next; empty for any
 */
record LeaseEntry(Grant grant, long version, boolean released, String successor) implements Versioned<LeaseEntry> {
    long epoch() {
        return grant.epoch();
    }

    @Override
    public boolean isNewerThan(LeaseEntry other) {
        return epoch() != other.epoch() ? epoch() > other.epoch() : version > other.version;
    }

    boolean isAt(long epoch, long version) {
        return epoch() == epoch && this.version == version;
    }

    boolean isHeldBy(NodeIdentity node) {
        return !released && grant.node().isSameAs(node);
    }
}
