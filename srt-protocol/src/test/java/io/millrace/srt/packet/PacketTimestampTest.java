package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacketTimestampTest {
    private static final long WRAP = 1L << 32;

    @Test
    void theFieldHasTheLow32Bits() {
        assertThat(PacketTimestamp.of(WRAP + 5)).isEqualTo(5);
        assertThat(PacketTimestamp.of(WRAP - 1)).isEqualTo(-1);
    }

    @Test
    void unwrapCrossesTheWrapBothWays() {
        assertThat(PacketTimestamp.unwrap(10, WRAP - 10)).isEqualTo(WRAP + 10);
        assertThat(PacketTimestamp.unwrap(-10, WRAP + 10)).isEqualTo(WRAP - 10);
        assertThat(PacketTimestamp.unwrap(-10, 10)).isEqualTo(-10);
        assertThat(PacketTimestamp.unwrap(10, 3 * WRAP)).isEqualTo(3 * WRAP + 10);
    }

    @Test
    void unwrapFindsTheTimeNearestToTheOneExpected() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100_000; i++) {
            long micros = random.nextLong(1L << 50);
            long near = micros + random.nextLong(-WRAP / 2 + 1, WRAP / 2);

            assertThat(PacketTimestamp.unwrap(PacketTimestamp.of(micros), near)).isEqualTo(micros);
        }
    }
}
