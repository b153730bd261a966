package io.millrace.srt.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.srt.packet.PacketTimestamp;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.5 and §4.7. */
class TsbpdClockTest {
    private static final long SECOND = 1_000_000;
    private static final long WRAP = 1L << 32;
    /** The network's one-way delay, and that of the handshake. */
    private static final long DELAY = 20_000;
    /** Our clock when the sender's said 0. */
    private static final long ZERO = 777_000_000_000L;

    @Test
    void theHandshakesDelayIsTheNormalOne() {
        TsbpdClock clock = new TsbpdClock(ZERO + 500 + DELAY, 500);

        assertThat(clock.originMicros(10_500, ZERO + 10_500 + DELAY)).isEqualTo(ZERO + 10_500 + DELAY);
        assertThat(clock.originMicros(10_500, ZERO + 10_500 + DELAY + 3_000)).isEqualTo(ZERO + 10_500 + DELAY);
        assertThat(clock.originMicros(10_500, ZERO + 10_500 + DELAY - 3_000)).isEqualTo(ZERO + 10_500 + DELAY);
    }

    @Test
    void aHandshakeMayComeLateInTheSendersTime() {
        int timestamp = PacketTimestamp.of(WRAP - 5 * SECOND);
        TsbpdClock clock = new TsbpdClock(ZERO, timestamp);

        assertThat(clock.originMicros(timestamp, ZERO)).isEqualTo(ZERO);
        assertThat(clock.originMicros(PacketTimestamp.of(WRAP + 5 * SECOND), ZERO + 10 * SECOND))
                .isEqualTo(ZERO + 10 * SECOND);
    }

    @ParameterizedTest
    @ValueSource(longs = {100_000, 7 * SECOND, 1500 * SECOND})
    void originsGoOnOverTwoWraps(long intervalMicros) {
        TsbpdClock clock = new TsbpdClock(ZERO + DELAY, 0);
        SplittableRandom random = new SplittableRandom(5);
        // A packet each 10 ms just before a wrap, else at the given interval.
        for (long sent = 0; sent < 2 * WRAP + 120 * SECOND; ) {
            long arrival = ZERO + sent + DELAY + random.nextInt(30_000);

            assertThat(clock.originMicros(PacketTimestamp.of(sent), arrival)).isEqualTo(ZERO + sent + DELAY);

            long toWrap = Math.floorMod(-sent, WRAP);
            sent += Math.max(10_000, Math.min(intervalMicros, toWrap - SECOND));
        }
    }

    @Test
    void aRetransmissionFromBeforeTheWrapKeepsItsOrigin() {
        TsbpdClock clock = new TsbpdClock(ZERO, 0);
        long sent = WRAP - SECOND;

        assertThat(clock.originMicros(PacketTimestamp.of(sent), ZERO + WRAP + 3 * SECOND))
                .isEqualTo(ZERO + sent);
    }

    @ParameterizedTest
    @ValueSource(longs = {200, -200})
    void driftIsFollowed(long partsPerMillion) {
        TsbpdClock clock = new TsbpdClock(ZERO + DELAY, 0);
        SplittableRandom random = new SplittableRandom(6);
        // The sender's clock in terms of ours; a control packet each 10 ms, for ten minutes.
        for (long elapsed = 0; elapsed < 600 * SECOND; elapsed += 10_000) {
            long sent = elapsed + elapsed * partsPerMillion / SECOND;
            long jitter = random.nextInt(-1_000, 1_001);
            long arrival = ZERO + elapsed + DELAY + jitter;
            clock.sampleDrift(PacketTimestamp.of(sent), arrival, 2 * DELAY + 2 * jitter);

            long error = clock.originMicros(PacketTimestamp.of(sent), arrival) - (ZERO + elapsed + DELAY);

            assertThat(Math.abs(error)).as("error after %d us", elapsed).isLessThan(6_000);
        }
    }

    @Test
    void driftIsFollowedOverTheWrap() {
        long start = WRAP - 100 * SECOND;
        TsbpdClock clock = new TsbpdClock(ZERO + start, PacketTimestamp.of(start));
        for (long elapsed = 0; elapsed < 200 * SECOND; elapsed += 10_000) {
            long sent = start + elapsed + elapsed * 200 / SECOND;
            long arrival = ZERO + start + elapsed;
            clock.sampleDrift(PacketTimestamp.of(sent), arrival, -1);

            assertThat(clock.originMicros(PacketTimestamp.of(sent), arrival) - arrival)
                    .isBetween(-6_000L, 6_000L);
        }
    }

    @Test
    void aLongerWayIsNotTakenForDrift() {
        TsbpdClock clock = new TsbpdClock(ZERO + DELAY, 0);
        clock.sampleDrift(0, ZERO + DELAY, 2 * DELAY);
        for (int i = 1; i <= 5_000; i++) {
            int sent = i * 10_000;
            // 30 ms longer each way.
            clock.sampleDrift(sent, ZERO + sent + DELAY + 30_000, 2 * (DELAY + 30_000));
        }

        assertThat(clock.originMicros(60 * 1_000_000, ZERO + 60 * SECOND + DELAY))
                .isCloseTo(ZERO + 60 * SECOND + DELAY, within(100L));
    }

    @ParameterizedTest
    @ValueSource(longs = {-31 * SECOND, -1000 * SECOND, 11 * SECOND, 1000 * SECOND, WRAP / 2})
    void aTimestampThatCantBeTrueCountsAsNow(long offMicros) {
        TsbpdClock clock = new TsbpdClock(ZERO, 0);
        long now = ZERO + 5000 * SECOND;

        assertThat(clock.originMicros(PacketTimestamp.of(5000 * SECOND + offMicros), now))
                .isEqualTo(now);
    }

    @ParameterizedTest
    @ValueSource(longs = {-29 * SECOND, 9 * SECOND})
    void aTimestampThatCanBeTrueCounts(long offMicros) {
        TsbpdClock clock = new TsbpdClock(ZERO, 0);
        long now = ZERO + 5000 * SECOND;

        assertThat(clock.originMicros(PacketTimestamp.of(5000 * SECOND + offMicros), now))
                .isEqualTo(now + offMicros);
    }

    @Test
    void absurdTimestampsAreNotDrift() {
        TsbpdClock clock = new TsbpdClock(ZERO, 0);
        for (int i = 0; i < 2_000; i++) {
            clock.sampleDrift(PacketTimestamp.of(2000 * SECOND), ZERO + i * 10_000L, -1);
        }

        assertThat(clock.originMicros(30_000_000, ZERO + 30 * SECOND)).isEqualTo(ZERO + 30 * SECOND);
    }
}
