package io.millrace.relay.net;

/**
 * The clock that drives the endpoints: microseconds since the process started. It never goes back, and every event
 * loop reads the same one, so that times may travel between loops.
 */
public final class LoopClock {
    private static final long START_NANOS = System.nanoTime();

    private LoopClock() {}

    public static long nowMicros() {
        return (System.nanoTime() - START_NANOS) / 1_000;
    }
}
