package io.millrace.relay.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.demo.DemoClip;
import io.millrace.relay.ts.TsPacket;
import io.millrace.relay.ts.TsPackets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The schedule in virtual time: each payload of one packet here, so that times are easy to tell. */
class PcrScheduleTest {
    private static final long MILLISECOND = TsPacket.TICKS_PER_SECOND / 1_000;
    private static final int CLOCK = 0x100;
    private static final int MEDIA = 0x101;

    private final PcrSchedule schedule = PcrSchedule.byClock();

    @Test
    void packetsBetweenTwoReferencesAreSpreadEvenly() {
        clock(0);
        media(3);
        clock(40);
        media(1);
        clock(60);

        assertThat(dueMillis()).containsExactly(0L, 10L, 20L, 30L, 40L, 50L);
    }

    @Test
    void nothingIsDueBeforeTheNextReferenceIsKnown() {
        clock(0);
        media(3);
        assertThat(schedule.poll()).isNull();

        clock(40);
        assertThat(dueMillis()).hasSize(4);
        assertThat(schedule.poll()).isNull();
    }

    @Test
    void whatComesBeforeTheFirstReferenceHasTheRateBehindIt() {
        media(2);
        clock(5_000);
        media(1);
        clock(5_020);
        schedule.end();

        assertThat(dueMillis()).containsExactly(0L, 10L, 20L, 30L, 40L);
    }

    @Test
    void theClockMayWrap() {
        long start = TsPacket.PCR_WRAP / MILLISECOND - 10;
        clock(start);
        media(1);
        clock(start + 20);
        media(1);
        clock(start + 40);
        schedule.end();

        assertThat(dueMillis()).containsExactly(0L, 10L, 20L, 30L, 40L);
    }

    @Test
    void whereTheClockJumpsTheRateStays() {
        clock(1_000);
        media(1);
        clock(1_020);
        media(2);
        clock(500);
        media(1);
        clock(540);
        schedule.end();

        assertThat(dueMillis()).containsExactly(0L, 10L, 20L, 30L, 40L, 50L, 70L, 90L);
    }

    @Test
    void anAnnouncedJumpIsOneAlthoughItIsShort() {
        clock(0);
        media(1);
        clock(20);
        schedule.take(TsPackets.pcr(CLOCK, 0, 1_020 * MILLISECOND, true));
        clock(1_040);
        schedule.end();

        assertThat(dueMillis()).containsExactly(0L, 10L, 20L, 30L, 50L);
    }

    @Test
    void aClockThatFallsSilentGivesWayToAnother() {
        clock(0);
        clock(10);
        for (int i = 0; i <= 100; i++) {
            schedule.take(TsPackets.pcr(CLOCK + 5, i, (7_000 + 10L * i) * MILLISECOND, false));
        }
        schedule.end();

        List<Long> due = dueMillis();
        assertThat(due).hasSize(103).isSorted();
        assertThat(due.get(102)).isEqualTo(1_020);
    }

    @Test
    void theClocksOfOtherProgramsAreIgnored() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 200; i++) {
            clock(10L * i);
            for (int j = 0; j < 9; j++) {
                schedule.take(TsPackets.pcr(0x200 + j, i, random.nextLong(TsPacket.PCR_WRAP), false));
            }
        }
        schedule.end();

        List<Long> due = dueMillis();
        for (int i = 0; i < due.size(); i++) {
            assertThat(due.get(i)).isEqualTo(i);
        }
    }

    @Test
    void aReferenceThatComesTwiceChangesNothing() {
        clock(0);
        media(1);
        clock(20);
        clock(20);
        media(1);
        clock(50);
        schedule.end();

        assertThat(dueMillis()).containsExactly(0L, 10L, 20L, 30L, 40L, 50L);
    }

    @Test
    void withoutAReferenceTheClockIsMissing() {
        media(100);
        assertThat(schedule.isClockMissing()).isFalse();
        schedule.end();

        assertThat(schedule.isClockMissing()).isTrue();
        assertThat(schedule.poll()).isNull();
    }

    @Test
    void aClockIsNotLookedForForEver() {
        byte[] noise = new byte[64 << 10];
        for (int i = 0; i <= PcrSchedule.MAX_LOOKAHEAD_BYTES / noise.length; i++) {
            schedule.take(noise);
        }

        assertThat(schedule.isClockMissing()).isTrue();
    }

    @Test
    void aClockThatStopsLeavesItsRate() {
        clock(0);
        clock(10);
        int packets = PcrSchedule.MAX_LOOKAHEAD_BYTES / TsPacket.LENGTH + 10;
        media(packets);

        List<Long> due = dueMillis();
        assertThat(due).hasSizeGreaterThan(packets - 100).isSorted();
        assertThat(due.get(1_000)).isEqualTo(10_000);
    }

    @Test
    void aBitRateNeedsNoClockNorTransportStream() {
        PcrSchedule steady = PcrSchedule.byBitRate(8_000_000);
        for (int i = 0; i < 3; i++) {
            steady.take(new byte[1_000]);
        }

        assertThat(steady.poll().offsetMicros()).isZero();
        assertThat(steady.poll().offsetMicros()).isEqualTo(1_000);
        assertThat(steady.poll().offsetMicros()).isEqualTo(2_000);
        assertThat(steady.isClockMissing()).isFalse();
    }

    @Test
    void aRealStreamIsPacedAsItsBitRateSays() {
        DemoClip clip = DemoClip.load();
        List<Long> expected = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            expected.add(clip.nextDueMicros());
            schedule.take(clip.next());
        }
        schedule.end();

        for (long micros : expected) {
            // The clock of the clip counts from its first packet with PCR.
            assertThat(schedule.poll().offsetMicros()).isBetween(micros - 2_000, micros + 2_000);
        }
    }

    @Test
    void whateverComesTimesNeverGoBackAndNoPayloadIsLost() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PcrSchedule any = PcrSchedule.byClock();
            byte[] all = new byte[random.nextInt(1, 60_000)];
            random.nextBytes(all);
            for (int at = 0; at + 188 <= all.length; at += 188) {
                if (random.nextInt(3) > 0) {
                    boolean jump = random.nextInt(20) == 0;
                    long ticks = jump ? random.nextLong(TsPacket.PCR_WRAP) : at * 1_000L;
                    byte[] pcr = TsPackets.pcr(CLOCK + random.nextInt(2), 0, ticks, jump && random.nextBoolean());
                    System.arraycopy(pcr, 0, all, at, 188);
                }
            }
            int length = random.nextInt(1, 1_500);
            List<byte[]> payloads = new ArrayList<>();
            for (int at = 0; at < all.length; at += length) {
                payloads.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + length)));
            }
            payloads.forEach(any::take);
            any.end();

            long last = 0;
            for (byte[] payload : any.isClockMissing() ? List.<byte[]>of() : payloads) {
                PcrSchedule.Due due = any.poll();
                assertThat(due).as("seed %d", seed).isNotNull();
                assertThat(due.payload()).isSameAs(payload);
                assertThat(due.offsetMicros()).isGreaterThanOrEqualTo(last);
                last = due.offsetMicros();
            }
        }
    }

    private void clock(long millis) {
        schedule.take(TsPackets.pcr(CLOCK, 0, millis * MILLISECOND, false));
    }

    private void media(int packets) {
        for (int i = 0; i < packets; i++) {
            schedule.take(TsPackets.payload(MEDIA, i));
        }
    }

    private List<Long> dueMillis() {
        List<Long> all = new ArrayList<>();
        for (PcrSchedule.Due due = schedule.poll(); due != null; due = schedule.poll()) {
            all.add(Math.round(due.offsetMicros() / 1e3));
        }
        return all;
    }
}
