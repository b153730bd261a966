package io.millrace.relay.stats;

/** How much a counter has grown in the last minute. It is told the counter's value once a second. */
final class LastMinute {
    private static final int SECONDS = 60;

    private final long[] values = new long[SECONDS];
    private int count;

    synchronized void secondPassed(long value) {
        values[count % SECONDS] = value;
        count++;
    }

    /** Since a minute ago, or since the start where that is less. */
    synchronized long growthTo(long value) {
        return count < SECONDS ? value : value - values[count % SECONDS];
    }
}
