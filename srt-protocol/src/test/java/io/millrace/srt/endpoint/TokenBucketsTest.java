package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketsTest {
    private static final long SECOND = 1_000_000;

    private final TokenBuckets buckets = new TokenBuckets(2, 100, 50);

    /** A clock of this kind may begin anywhere. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000_000_000L, -1_000_000_000_000L, Long.MAX_VALUE / 4_000, Long.MIN_VALUE / 4_000})
    void aBucketGivesItsSizeAtOnceAndThenItsRate(long beginningMicros) {
        assertThat(taken(0, beginningMicros)).isEqualTo(100);

        assertThat(taken(0, beginningMicros + SECOND)).isEqualTo(50);
        assertThat(taken(0, beginningMicros + SECOND + 20_000)).isEqualTo(1);
        assertThat(taken(0, beginningMicros + SECOND + 39_999)).isZero();
        assertThat(taken(0, beginningMicros + SECOND + 40_000)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {3 * SECOND, 3_600 * SECOND})
    void aBucketThatWasLeftAloneIsFullAndNoFuller(long pauseMicros) {
        taken(0, 0);

        assertThat(taken(0, pauseMicros)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 49, 50, 99})
    void aBucketKnowsWhenHalfOfItIsGone(int tokens) {
        for (int i = 0; i < tokens; i++) {
            buckets.take(0, 0);
        }

        assertThat(buckets.isHalfEmpty(0, 0)).isEqualTo(tokens >= 50);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, SECOND})
    void bucketsHaveNothingInCommon(long nowMicros) {
        taken(0, nowMicros);

        assertThat(taken(1, nowMicros)).isEqualTo(100);
    }

    private int taken(int bucket, long nowMicros) {
        int taken = 0;
        while (buckets.take(bucket, nowMicros)) {
            taken++;
        }
        return taken;
    }
}
