package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DistributionTest {
    @Test
    void valuesAreCountedByPowerOfTwo() {
        Distribution distribution = of(0, 1, 2, 3, 4, 7, 8, -5);
        assertThat(distribution.counts().subList(0, 6)).containsExactly(2L, 1L, 2L, 2L, 1L, 0L);
        assertThat(LongStream.range(0, 6).map(place -> Distribution.from((int) place)))
                .containsExactly(0L, 1L, 2L, 4L, 8L, 16L);
        assertThat(distribution.count()).isEqualTo(8);
        assertThat(distribution.sum()).isEqualTo(25);
        assertThat(distribution.greatest()).isEqualTo(8);
    }

    @Test
    void valuesBeyondTheLastPowerAreCountedThere() {
        Distribution distribution = of(Long.MAX_VALUE, 1L << 40);
        assertThat(distribution.counts().get(distribution.counts().size() - 1)).isEqualTo(2);
    }

    @Test
    void quantilesAreInTheirPowerOfTwo() {
        Distribution distribution = of(LongStream.rangeClosed(1, 1_000).toArray());
        assertThat(distribution.quantile(0.5)).isBetween(450L, 511L);
        assertThat(distribution.quantile(0.99)).isBetween(960L, 1_000L);
        assertThat(distribution.quantile(1)).isEqualTo(1_000);
    }

    @Test
    void equalValuesHaveTheirGreatestAsHighestQuantile() {
        assertThat(of(70, 70, 70).quantile(1)).isEqualTo(70);
        assertThat(of(1).quantile(0.5)).isEqualTo(1);
        assertThat(of(0, 0).quantile(0.99)).isZero();
    }

    @Test
    void nothingHasNeitherMeanNorQuantile() {
        assertThat(of().mean()).isZero();
        assertThat(of().quantile(0.99)).isZero();
    }

    private static Distribution of(long... values) {
        PowerHistogram histogram = new PowerHistogram();
        for (long value : values) {
            histogram.record(value);
        }
        return histogram.snapshot();
    }
}
