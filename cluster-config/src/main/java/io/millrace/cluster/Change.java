package io.millrace.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A step from one value of a shared table to the next, without side effects: it is carried out where the value lives,
 * and again where its backup lives, and possibly twice.
 */
interface Change<V> {
    /** The value after this step; the same object if nothing changes. */
    @Nullable
    V applyTo(@Nullable V present);
}
