package io.millrace.relay.bench;

/** The time that counts: a payload belongs to it if it was sent within. Set by the run, read on every loop. */
final class MeasuredWindow {
    private volatile long fromMicros = Long.MAX_VALUE;
    private volatile long toMicros = Long.MAX_VALUE;

    /** Set before {@code fromMicros} has come, so that both sides of the server see it open at the same payload. */
    void set(long fromMicros, long toMicros) {
        this.toMicros = toMicros;
        this.fromMicros = fromMicros;
    }

    boolean contains(long sentMicros) {
        return sentMicros >= fromMicros && sentMicros < toMicros;
    }
}
