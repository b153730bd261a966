package io.millrace.relay.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceClockTest {
    private final PaceClock pace = new PaceClock();

    @Test
    void offsetsCountFromTheFirstCall() {
        assertThat(pace.dueMicros(0, 7_000_000)).isEqualTo(7_000_000);
        assertThat(pace.dueMicros(40_000, 7_000_100)).isEqualTo(7_040_000);
    }

    @Test
    void whoIsALittleLateCatchesUp() {
        pace.dueMicros(0, 0);
        assertThat(pace.dueMicros(10_000, 10_000 + PaceClock.MAX_LATE_MICROS)).isEqualTo(10_000);
        assertThat(pace.dueMicros(200_000, 120_000)).isEqualTo(200_000);
    }

    @Test
    void aBreakMovesTheScheduleInsteadOfEndingInABurst() {
        pace.dueMicros(0, 0);
        assertThat(pace.dueMicros(10_000, 5_000_000)).isEqualTo(5_000_000);
        assertThat(pace.dueMicros(50_000, 5_000_000)).isEqualTo(5_040_000);
    }
}
