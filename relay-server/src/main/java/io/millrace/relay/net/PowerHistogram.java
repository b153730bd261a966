package io.millrace.relay.net;

import java.util.Arrays;

/** Counts values by power of two. Used by one thread. */
final class PowerHistogram {
    /** The last one takes everything from 2^30 on, 18 minutes in microseconds. */
    private static final int BUCKETS = 32;

    private final long[] counts = new long[BUCKETS];
    private long sum;
    private long greatest;

    /** @param value negative ones count as 0 */
    void record(long value) {
        long counted = Math.max(0, value);
        counts[Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(counted))]++;
        sum += counted;
        greatest = Math.max(greatest, counted);
    }

    void add(PowerHistogram other) {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += other.counts[i];
        }
        sum += other.sum;
        greatest = Math.max(greatest, other.greatest);
    }

    void clear() {
        Arrays.fill(counts, 0);
        sum = 0;
        greatest = 0;
    }

    Distribution snapshot() {
        return new Distribution(sum, greatest, Arrays.stream(counts).boxed().toList());
    }
}
