package io.millrace.relay.tool;

/**
 * Turns times of a schedule into times of this process's clock. Whoever is late catches up, but only up to a point: what
 * would be a burst, after a break of the connection or of the source, moves the whole schedule instead.
 */
final class PaceClock {
    /** Below the shortest usual latency, so that what is late still comes in time. */
    static final long MAX_LATE_MICROS = 100_000;

    private long startMicros;
    private boolean started;

    /** When a payload of this offset from the first is due, which may have passed; the first call starts the clock. */
    long dueMicros(long offsetMicros, long nowMicros) {
        if (!started) {
            started = true;
            startMicros = nowMicros - offsetMicros;
        }
        long lateMicros = nowMicros - (startMicros + offsetMicros);
        if (lateMicros > MAX_LATE_MICROS) {
            startMicros += lateMicros;
        }
        return startMicros + offsetMicros;
    }
}
