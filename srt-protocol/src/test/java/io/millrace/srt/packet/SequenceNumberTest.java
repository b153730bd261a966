package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceNumberTest {
    private static final int HALF = 1 << 30;
    private static final int ROUNDS = 100_000;

    @Test
    void zeroFollowsTheGreatest() {
        assertThat(SequenceNumber.next(SequenceNumber.MAX)).isZero();
        assertThat(SequenceNumber.next(0)).isEqualTo(1);
        assertThat(SequenceNumber.plus(0, -1)).isEqualTo(SequenceNumber.MAX);
        assertThat(SequenceNumber.plus(SequenceNumber.MAX, 2)).isEqualTo(1);
        assertThat(SequenceNumber.plus(5, 3L << 31)).isEqualTo(5);
    }

    @Test
    void distanceCountsAcrossTheWrap() {
        assertThat(SequenceNumber.distance(SequenceNumber.MAX, 0)).isEqualTo(1);
        assertThat(SequenceNumber.distance(0, SequenceNumber.MAX)).isEqualTo(-1);
        assertThat(SequenceNumber.distance(7, 7)).isZero();
        assertThat(SequenceNumber.distance(0, HALF - 1)).isEqualTo(HALF - 1);
        assertThat(SequenceNumber.distance(0, HALF)).isEqualTo(-HALF);
    }

    @Test
    void orderIsCircular() {
        assertThat(SequenceNumber.isBefore(SequenceNumber.MAX, 0)).isTrue();
        assertThat(SequenceNumber.isBefore(0, SequenceNumber.MAX)).isFalse();
        assertThat(SequenceNumber.isBefore(3, 3)).isFalse();
    }

    @Test
    void aNumberHasNoBit31() {
        assertThat(SequenceNumber.isValid(0)).isTrue();
        assertThat(SequenceNumber.isValid(SequenceNumber.MAX)).isTrue();
        assertThat(SequenceNumber.isValid(0x8000_0000)).isFalse();
        assertThat(SequenceNumber.isValid(-1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_121})
    void distanceUndoesPlus(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS; i++) {
            int from = random.nextInt() & SequenceNumber.MAX;
            int packets = random.nextInt(-HALF, HALF);

            int to = SequenceNumber.plus(from, packets);

            assertThat(SequenceNumber.isValid(to)).isTrue();
            assertThat(SequenceNumber.distance(from, to)).isEqualTo(packets);
            assertThat(SequenceNumber.isBefore(from, to)).isEqualTo(packets > 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 20_261_122})
    void unwrapFindsTheOffsetNearestToTheOneExpected(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < ROUNDS; i++) {
            int first = random.nextInt() & SequenceNumber.MAX;
            long offset = random.nextLong(1L << 40);
            long near = offset + random.nextInt(-HALF + 1, HALF);

            long unwrapped = SequenceNumber.unwrap(first, SequenceNumber.plus(first, offset), near);

            assertThat(unwrapped).isEqualTo(offset);
        }
    }

    @Test
    void unwrapGivesNegativeOffsetsBeforeTheFirst() {
        assertThat(SequenceNumber.unwrap(0, SequenceNumber.MAX, 0)).isEqualTo(-1);
        assertThat(SequenceNumber.unwrap(100, 90, 3)).isEqualTo(-10);
    }
}
