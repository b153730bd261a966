package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
    private final Histogram histogram = new Histogram();

    @Test
    void emptyOneIsAllZero() {
        assertThat(histogram.count()).isZero();
        assertThat(histogram.least()).isZero();
        assertThat(histogram.greatest()).isZero();
        assertThat(histogram.mean()).isZero();
        assertThat(histogram.quantile(0.95)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void quantilesAreWithinTheStatedErrorOfThoseOfTheSortedValues(long seed) {
        Random random = new Random(seed);
        int[] values = new int[1 + random.nextInt(2_000)];
        int bits = 1 + random.nextInt(31);
        for (int i = 0; i < values.length; i++) {
            // Over all magnitudes alike.
            values[i] = random.nextInt() >>> (32 - 1 - random.nextInt(bits));
            histogram.add(values[i]);
        }
        Arrays.sort(values);

        assertThat(histogram.count()).isEqualTo(values.length);
        assertThat(histogram.least()).isEqualTo(values[0]);
        assertThat(histogram.greatest()).isEqualTo(values[values.length - 1]);
        assertThat(histogram.mean())
                .isCloseTo(Arrays.stream(values).asLongStream().average().orElseThrow(), within(1e-3));
        for (double share : new double[] {0.01, 0.5, 0.9, 0.95, 0.99, 1}) {
            double expected = values[Math.max(1, (int) Math.ceil(share * values.length)) - 1];
            assertThat(histogram.quantile(share)).isCloseTo(expected, within(expected * 0.0625));
        }
    }

    @Test
    void smallNumbersAreExact() {
        for (int value = 0; value < 16; value++) {
            histogram.clear();
            histogram.add(100);
            histogram.add(value);
            assertThat(histogram.quantile(0.5)).isEqualTo(value);
        }
    }

    @Test
    void memoryIsBoundedByTheGreatestValue() {
        histogram.add(16);
        assertThat(histogram.memoryBytes()).isEqualTo(96);
        histogram.add(10_000);
        assertThat(histogram.memoryBytes()).isEqualTo(384);
        for (int i = 0; i < 1_000_000; i++) {
            histogram.add(Integer.MAX_VALUE - i * 2_000);
        }
        assertThat(histogram.memoryBytes()).isEqualTo(928);
    }

    @Test
    void clearedOneBeginsAnew() {
        histogram.add(500);
        histogram.clear();
        histogram.add(-7);

        assertThat(histogram.count()).isEqualTo(1);
        assertThat(histogram.greatest()).isZero();
        assertThat(histogram.quantile(0.95)).isZero();
    }
}
