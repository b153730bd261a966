package io.millrace.relay.console;

/** Where what is watched is shown. */
interface WatchDisplay extends AutoCloseable {
    void show(Observation observation);

    /** Leaves everything as it was found. */
    @Override
    default void close() {}
}
