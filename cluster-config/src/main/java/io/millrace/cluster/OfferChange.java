package io.millrace.cluster;

import org.jspecify.annotations.Nullable;

/** A record is offered, and stays if it is the first or newer than what is there. */
record OfferChange(SharedRecord offered) implements Change<SharedRecord> {
    @Override
    public SharedRecord applyTo(@Nullable SharedRecord present) {
        return present == null ? offered : present.orNewer(offered);
    }
}
