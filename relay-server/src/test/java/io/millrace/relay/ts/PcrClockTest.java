package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PcrClockTest {
    private static final long MILLISECOND = TsPacket.TICKS_PER_SECOND / 1_000;

    private final PcrClock clock = new PcrClock();

    @Test
    void theClockGoesOnOverItsWrap() {
        assertThat(clock.advance(TsPacket.PCR_WRAP - 10 * MILLISECOND, false)).isEqualTo(PcrClock.Step.FIRST);
        assertThat(clock.advance(30 * MILLISECOND, false)).isEqualTo(PcrClock.Step.CONTINUED);
        assertThat(clock.intervalTicks()).isEqualTo(40 * MILLISECOND);
        assertThat(clock.elapsedTicks()).isEqualTo(40 * MILLISECOND);
    }

    @Test
    void whatGoesBackwardsOrTooFarIsAJumpThatCountsNothing() {
        clock.advance(5_000 * MILLISECOND, false);
        assertThat(clock.advance(4_999 * MILLISECOND, false)).isEqualTo(PcrClock.Step.JUMP);
        assertThat(clock.advance(5_039 * MILLISECOND, false)).isEqualTo(PcrClock.Step.CONTINUED);
        assertThat(clock.advance(7_040 * MILLISECOND, false)).isEqualTo(PcrClock.Step.JUMP);
        assertThat(clock.intervalTicks()).isZero();
        assertThat(clock.elapsedTicks()).isEqualTo(40 * MILLISECOND);
    }

    @Test
    void anAnnouncedJumpIsOneHoweverShort() {
        clock.advance(0, false);
        assertThat(clock.advance(40 * MILLISECOND, true)).isEqualTo(PcrClock.Step.ANNOUNCED_JUMP);
        assertThat(clock.elapsedTicks()).isZero();
    }

    @Test
    void elapsedTimeIsTheSumOfAllSteps() {
        SplittableRandom random = new SplittableRandom(7);
        long ticks = random.nextLong(TsPacket.PCR_WRAP);
        clock.advance(ticks, false);
        long sum = 0;
        for (int i = 0; i < 100_000; i++) {
            long step = random.nextLong(PcrClock.MAX_INTERVAL_TICKS + 1);
            sum += step;
            assertThat(clock.advance((ticks + sum) % TsPacket.PCR_WRAP, false)).isEqualTo(PcrClock.Step.CONTINUED);
        }
        assertThat(clock.elapsedTicks()).isEqualTo(sum);
    }
}
