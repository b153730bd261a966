package io.millrace.srt.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.8.1. */
class AckScheduleTest {
    private static final long PATIENCE = 300_000;
    private static final int ROOM = 8192;

    private final AckSchedule schedule = new AckSchedule();

    @Test
    void nothingIsDueBeforeTheFirstPacket() {
        assertThat(schedule.isDue(0, ROOM, 10_000, PATIENCE)).isFalse();
        assertThat(schedule.isPending(0)).isFalse();
    }

    @Test
    void newsIsDueAtOnce() {
        assertThat(schedule.isDue(1, ROOM, 10_000, PATIENCE)).isTrue();
        schedule.sent(1, ROOM, 10_000);

        assertThat(schedule.isDue(1, ROOM, 20_000, PATIENCE)).isFalse();
        assertThat(schedule.isDue(2, ROOM, 20_000, PATIENCE)).isTrue();
    }

    @Test
    void anUnconfirmedValueIsRepeatedWhenPatienceIsOver() {
        schedule.sent(5, ROOM, 10_000);

        assertThat(schedule.isPending(5)).isTrue();
        assertThat(schedule.isDue(5, ROOM, 10_000 + PATIENCE - 1, PATIENCE)).isFalse();
        assertThat(schedule.isDue(5, ROOM, 10_000 + PATIENCE, PATIENCE)).isTrue();
    }

    @Test
    void aConfirmedValueIsNotRepeated() {
        int number = schedule.sent(5, ROOM, 10_000);
        schedule.confirmed(number, 50_000);

        assertThat(schedule.isPending(5)).isFalse();
        assertThat(schedule.isDue(5, ROOM, 10_000 + 10 * PATIENCE, PATIENCE)).isFalse();
        assertThat(schedule.isDue(6, ROOM, 60_000, PATIENCE)).isTrue();
    }

    @Test
    void numbersCountFromOne() {
        assertThat(schedule.sent(1, ROOM, 0)).isEqualTo(1);
        assertThat(schedule.sent(2, ROOM, 0)).isEqualTo(2);
    }

    @Test
    void anAckAckEndsTheRoundTripOfItsAck() {
        int first = schedule.sent(1, ROOM, 10_000);
        int second = schedule.sent(2, ROOM, 20_000);

        assertThat(schedule.confirmed(second, 63_000)).isEqualTo(43_000);
        assertThat(schedule.confirmed(first, 64_000)).isEqualTo(54_000);
    }

    @Test
    void aLateAckAckDoesNotTakeAConfirmationBack() {
        int first = schedule.sent(1, ROOM, 10_000);
        int second = schedule.sent(2, ROOM, 20_000);
        schedule.confirmed(second, 63_000);
        schedule.confirmed(first, 64_000);

        assertThat(schedule.isPending(2)).isFalse();
    }

    @Test
    void anAckAckCountsOnce() {
        int number = schedule.sent(1, ROOM, 10_000);
        schedule.confirmed(number, 20_000);

        assertThat(schedule.confirmed(number, 30_000)).isNegative();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 2, 257, Integer.MAX_VALUE})
    void anAckAckForNoAckOfOursIsIgnored(int number) {
        schedule.sent(1, ROOM, 10_000);

        assertThat(schedule.confirmed(number, 20_000)).isNegative();
        assertThat(schedule.isPending(1)).isTrue();
    }

    @Test
    void acksLongAgoAreForgotten() {
        int first = schedule.sent(1, ROOM, 0);
        for (int i = 1; i <= 1_000; i++) {
            schedule.sent(1 + i, ROOM, i * 10_000L);
        }

        assertThat(schedule.confirmed(first, 10_000_000)).isNegative();
        assertThat(schedule.confirmed(1_001, 10_000_500)).isEqualTo(500);
    }

    @Test
    void aLightAckIsDueEvery64PacketsBetweenFullOnes() {
        for (int packet = 1; packet <= 200; packet++) {
            assertThat(schedule.onPacket()).as("packet %d", packet).isEqualTo(packet % 64 == 0);
        }
    }

    @Test
    void thePeriodOfAFullAckStartsTheCountAgain() {
        for (int packet = 0; packet < 63; packet++) {
            schedule.onPacket();
        }
        schedule.isDue(63, ROOM, 10_000, PATIENCE);

        for (int packet = 1; packet < 64; packet++) {
            assertThat(schedule.onPacket()).isFalse();
        }
        assertThat(schedule.onPacket()).isTrue();
    }

    @Test
    void anAckShortlyAfterTheLastIsSmall() {
        assertThat(schedule.isSmall(0)).isFalse();
        schedule.sent(1, ROOM, 0);

        assertThat(schedule.isSmall(AckSchedule.PERIOD_MICROS - 1)).isTrue();
        assertThat(schedule.isSmall(AckSchedule.PERIOD_MICROS)).isFalse();
    }

    @Test
    void roomAfterNoneIsNewsUntilItIsConfirmed() {
        int closing = schedule.sent(5, 0, 10_000);
        schedule.confirmed(closing, 20_000);
        assertThat(schedule.isPending(5)).isTrue();
        assertThat(schedule.isDue(5, 0, 10 * PATIENCE, PATIENCE)).isFalse();

        assertThat(schedule.isDue(5, 1, 20_000, PATIENCE)).isTrue();
        schedule.sent(5, 1, 20_000);
        assertThat(schedule.isDue(5, 1, 20_000 + PATIENCE - 1, PATIENCE)).isFalse();
        assertThat(schedule.isDue(5, 1, 20_000 + PATIENCE, PATIENCE)).isTrue();

        schedule.confirmed(schedule.sent(5, 1, 20_000 + PATIENCE), 30_000 + PATIENCE);
        assertThat(schedule.isPending(5)).isFalse();
        assertThat(schedule.isDue(5, 1, 10 * PATIENCE, PATIENCE)).isFalse();
    }
}
