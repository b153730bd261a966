package io.millrace.cluster;

/** A value of which two copies can be told apart by age: what a listener hears late, and what two halves of a split have. */
interface Versioned<V> {
    boolean isNewerThan(V other);

    /** How long it is kept unless it changes; 0 for ever. */
    default long keepSeconds() {
        return 0;
    }
}
