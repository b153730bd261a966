package io.millrace.relay.stats;

import java.util.Arrays;

/**
 * How often which whole number came, in buckets that are exact up to 16 and then an eighth of their power of two wide: a
 * quantile is off by 6.25 % at most, and the least, the greatest and the mean are exact. It takes the memory that its
 * greatest value needs, 4 bytes a bucket: 64 bytes up to 16, 384 up to 10,000, 928 for all there are.
 */
final class Histogram {
    private static final int EXACT = 16;
    /** Of the significant bits of a greater value, those after the first that tell buckets apart. */
    private static final int SUB_BITS = 3;

    private static final int SUB_BUCKETS = 1 << SUB_BITS;

    private int[] counts = new int[EXACT];
    private long count;
    private long sum;
    private int least = Integer.MAX_VALUE;
    private int greatest;

    /** @param value negative ones count as 0 */
    void add(int value) {
        int counted = Math.max(0, value);
        int bucket = bucketOf(counted);
        if (bucket >= counts.length) {
            counts = Arrays.copyOf(counts, (bucket / SUB_BUCKETS + 1) * SUB_BUCKETS);
        }
        counts[bucket]++;
        count++;
        sum += counted;
        least = Math.min(least, counted);
        greatest = Math.max(greatest, counted);
    }

    void clear() {
        Arrays.fill(counts, 0);
        count = 0;
        sum = 0;
        least = Integer.MAX_VALUE;
        greatest = 0;
    }

    long count() {
        return count;
    }

    /** Of an empty one 0, as the others. */
    int least() {
        return count == 0 ? 0 : least;
    }

    int greatest() {
        return greatest;
    }

    double mean() {
        return count == 0 ? 0 : (double) sum / count;
    }

    /** The value that this share of all does not exceed: the middle of its bucket. */
    double quantile(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long passed = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            passed += counts[bucket];
            if (passed >= rank) {
                return Math.min(Math.max(middleOf(bucket), least), greatest);
            }
        }
        return 0;
    }

    /** What its buckets take, bytes. */
    int memoryBytes() {
        return counts.length * Integer.BYTES;
    }

    private static int bucketOf(int value) {
        if (value < EXACT) {
            return value;
        }
        int shift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift << SUB_BITS) + (value >>> shift);
    }

    private static double middleOf(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        int shift = (bucket >>> SUB_BITS) - 1;
        long lowest = (long) ((bucket & (SUB_BUCKETS - 1)) + SUB_BUCKETS) << shift;
        return lowest + ((1L << shift) - 1) / 2.0;
    }
}
