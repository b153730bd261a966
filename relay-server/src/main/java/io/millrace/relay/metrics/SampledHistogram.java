package io.millrace.relay.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;

/** Values since the start of the process, counted by size. Callable from any thread. */
final class SampledHistogram {
    private final double[] upperBounds;
    private final long[] counts;
    private double sum;

    /** @param upperBounds of the buckets, ascending; the last bucket, which takes everything, is added */
    SampledHistogram(double... upperBounds) {
        this.upperBounds = Arrays.copyOf(upperBounds, upperBounds.length + 1);
        this.upperBounds[upperBounds.length] = Double.POSITIVE_INFINITY;
        counts = new long[upperBounds.length + 1];
    }

    void observe(double value) {
        add(value, 1, value);
    }

    /** Counts several values that belong into the same bucket as {@code value}. */
    synchronized void add(double value, long count, double sumOfThem) {
        int bucket = 0;
        while (value > upperBounds[bucket]) {
            bucket++;
        }
        counts[bucket] += count;
        sum += sumOfThem;
    }

    synchronized HistogramDataPointSnapshot snapshot(Labels labels) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(upperBounds.clone(), counts.clone()))
                .sum(sum)
                .build();
    }
}
