package io.millrace.srt.endpoint;

import java.util.Arrays;

/** Token buckets of the same size and rate. Each is a single number: the time at which it will be full again. */
final class TokenBuckets {
    private final long tokenNanos;
    private final long sizeNanos;
    private final long[] fullAtNanos;

    /**
     * @param size tokens of a full bucket
     * @param tokensPerSecond what flows into each, up to 1,000,000
     */
    TokenBuckets(int count, int size, int tokensPerSecond) {
        tokenNanos = 1_000_000_000L / tokensPerSecond;
        sizeNanos = size * tokenNanos;
        fullAtNanos = new long[count];
        // Before any time that there is, and far enough from the end for differences not to overflow.
        Arrays.fill(fullAtNanos, Long.MIN_VALUE / 2);
    }

    /** Takes a token; false if there is none. */
    boolean take(int bucket, long nowMicros) {
        long afterwardsNanos = untilFullNanos(bucket, nowMicros) + tokenNanos;
        if (afterwardsNanos > sizeNanos) {
            return false;
        }
        fullAtNanos[bucket] = 1_000 * nowMicros + afterwardsNanos;
        return true;
    }

    boolean isHalfEmpty(int bucket, long nowMicros) {
        return 2 * untilFullNanos(bucket, nowMicros) >= sizeNanos;
    }

    private long untilFullNanos(int bucket, long nowMicros) {
        return Math.max(fullAtNanos[bucket] - 1_000 * nowMicros, 0);
    }
}
