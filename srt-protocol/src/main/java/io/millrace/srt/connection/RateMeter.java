package io.millrace.srt.connection;

/** Rate between two looks at a byte counter. */
final class RateMeter {
    private long lastBytes;
    private long lastMicros = -1;

    double megabitsPerSecond(long bytes, long nowMicros) {
        long elapsed = nowMicros - lastMicros;
        double rate = lastMicros < 0 || elapsed <= 0 ? 0 : (bytes - lastBytes) * 8.0 / elapsed;
        lastBytes = bytes;
        lastMicros = nowMicros;
        return rate;
    }
}
