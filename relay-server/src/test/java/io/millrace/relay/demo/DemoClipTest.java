package io.millrace.relay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.relay.ts.TsPacket;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoClipTest {
    private static final long SECOND = TsPacket.TICKS_PER_SECOND;

    /** 188 bytes at 634.5 kbit/s. */
    private static final long TICKS_PER_PACKET = 64_000;

    private static final long TICKS_PER_PICTURE = 90_000 / 25;
    private static final long TICKS_PER_AUDIO_FRAME = 90_000 * 1024 / 48_000;

    private static final int PMT_PID = 0x1000;
    private static final int VIDEO_PID = 0x100;
    private static final int AUDIO_PID = 0x101;

    /** The clock wraps never, within the first repetition, between PCR and PTS at the first seam, within the second. */
    private static final long FROM_ZERO = 0;

    private static final long WRAP_AFTER_5_S = TsPacket.PCR_WRAP - 5 * SECOND;
    private static final long WRAP_AT_THE_SEAM = TsPacket.PCR_WRAP - 1064 * SECOND / 100;
    private static final long WRAP_AFTER_16_S = TsPacket.PCR_WRAP - 16 * SECOND;

    @Test
    void everyPayloadIsSevenWholePackets() {
        DemoClip clip = DemoClip.load();
        for (int i = 0; i < 2000; i++) {
            byte[] payload = clip.next();
            assertThat(payload).hasSize(1316);
            for (int at = 0; at < payload.length; at += 188) {
                assertThat(payload[at]).isEqualTo((byte) 0x47);
            }
        }
    }

    @Test
    void everyPayloadIsDueWhenTheBitRateSaysSo() {
        DemoClip clip = DemoClip.load();
        for (long i = 0; i < 2000; i++) {
            assertThat(clip.nextDueMicros()).isEqualTo(i * 7 * TICKS_PER_PACKET / 27);
            clip.next();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {FROM_ZERO, WRAP_AFTER_5_S, WRAP_AT_THE_SEAM, WRAP_AFTER_16_S})
    void theClockAdvancesByTheSameTicksForEveryPacket(long startTicks) throws IOException {
        ReceivedTs received = fourRepetitions(startTicks);

        List<Integer> withPcr = received.packetsWithPcr();
        assertThat(withPcr).hasSizeGreaterThan(4 * 256);
        int first = withPcr.get(0);
        long firstPcr = received.pcr(first);
        for (int packet : withPcr) {
            assertThat(received.pcr(packet))
                    .isEqualTo((firstPcr + (packet - first) * TICKS_PER_PACKET) % TsPacket.PCR_WRAP);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {WRAP_AFTER_5_S, WRAP_AT_THE_SEAM, WRAP_AFTER_16_S})
    void theClockAndTheFramesWrap(long startTicks) throws IOException {
        ReceivedTs received = fourRepetitions(startTicks);

        List<Long> clock = received.packetsWithPcr().stream().map(received::pcr).toList();
        assertThat(clock.get(0)).isGreaterThan(clock.get(clock.size() - 1));
        for (int pid : List.of(VIDEO_PID, AUDIO_PID)) {
            List<Long> times =
                    received.frames(pid).stream().map(ReceivedTs.Frames::pts).toList();
            assertThat(times.get(0)).isGreaterThan(times.get(times.size() - 1));
        }
    }

    @Test
    void theClockIsSentAtLeastEvery100Ms() throws IOException {
        assertThat(longestGapMicros(fourRepetitions(FROM_ZERO).packetsWithPcr()))
                .isLessThan(100_000);
    }

    @Test
    void theTablesAreSentAtLeastEvery500Ms() throws IOException {
        ReceivedTs received = fourRepetitions(FROM_ZERO);

        assertThat(longestGapMicros(received.packetsOf(0))).isLessThan(500_000);
        assertThat(longestGapMicros(received.packetsOf(PMT_PID))).isLessThan(500_000);
    }

    @Test
    void continuityCountersNeverSkipOrRepeat() throws IOException {
        ReceivedTs received = fourRepetitions(FROM_ZERO);

        assertThat(received.pids()).contains(0, PMT_PID, VIDEO_PID, AUDIO_PID);
        for (int pid : received.pids()) {
            int expected = -1;
            for (int packet : received.packetsOf(pid)) {
                boolean counts = expected < 0 || received.hasPayload(packet);
                expected = expected < 0 ? received.continuityCounter(packet) : (expected + (counts ? 1 : 0)) & 0xF;
                assertThat(received.continuityCounter(packet))
                        .as("packet %d of PID %d", packet, pid)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {FROM_ZERO, WRAP_AFTER_5_S, WRAP_AT_THE_SEAM, WRAP_AFTER_16_S})
    void everyFrameFollowsTheOneBeforeByItsDuration(long startTicks) throws IOException {
        ReceivedTs received = fourRepetitions(startTicks);

        assertEvenlySpaced(received.frames(VIDEO_PID), TICKS_PER_PICTURE);
        assertEvenlySpaced(received.frames(AUDIO_PID), TICKS_PER_AUDIO_FRAME);
    }

    @Test
    void soundAndPictureBeginTogether() throws IOException {
        ReceivedTs received = fourRepetitions(FROM_ZERO);

        assertThat(received.frames(VIDEO_PID).get(0).pts())
                .isEqualTo(received.frames(AUDIO_PID).get(0).pts());
    }

    @ParameterizedTest
    @ValueSource(longs = {FROM_ZERO, WRAP_AFTER_5_S, WRAP_AT_THE_SEAM, WRAP_AFTER_16_S})
    void everyFrameIsCompleteBeforeItsDecodingTime(long startTicks) throws IOException {
        ReceivedTs received = fourRepetitions(startTicks);

        int first = received.packetsWithPcr().get(0);
        long firstPcr = received.pcr(first);
        for (int pid : List.of(VIDEO_PID, AUDIO_PID)) {
            for (ReceivedTs.Frames frames : received.frames(pid)) {
                long arrived = firstPcr + (frames.lastPacket() - first) * TICKS_PER_PACKET;
                long early = Math.floorMod(frames.dts() * TsPacket.TICKS_PER_BASE - arrived, TsPacket.PCR_WRAP);
                assertThat(early).isBetween(0L, SECOND / 2);
            }
        }
    }

    @Test
    void aRepetitionBeginsWithTheTablesAndAKeyframe() throws IOException {
        ReceivedTs received = fourRepetitions(FROM_ZERO);

        int keyframe = received.packetsOf(VIDEO_PID).get(0);
        assertThat(received.isRandomAccess(keyframe)).isTrue();
        assertThat(received.packetsOf(0).get(0)).isLessThan(keyframe);
        assertThat(received.packetsOf(PMT_PID).get(0)).isLessThan(keyframe);
    }

    @Test
    void aDiscontinuityThatTheClipAnnouncesIsNotPassedOn() throws IOException {
        byte[] announcing = resource();
        int at = new ReceivedTs(announcing).packetsWithPcr().get(0) * TsPacket.LENGTH;
        announcing[at + 5] |= (byte) 0x80;

        assertThat(TsPacket.isDiscontinuity(announcing, at)).isTrue();
        assertThat(TsPacket.isDiscontinuity(new DemoClip(announcing, 0).next(), at))
                .isFalse();
    }

    @Test
    void theFirstRepetitionIsTheClipItself() throws IOException {
        byte[] clip = resource();
        assertThat(Arrays.copyOf(ReceivedTs.of(DemoClip.load(), clip.length).bytes(), clip.length))
                .isEqualTo(clip);
    }

    @Test
    void aClipThatEndsWithinAPacketIsRefused() throws IOException {
        byte[] clip = resource();
        assertThatThrownBy(() -> new DemoClip(Arrays.copyOf(clip, clip.length - 1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("whole TS packets");
    }

    @Test
    void aClipThatLastsAFractionOfATickIsRefused() throws IOException {
        byte[] clip = resource();
        assertThatThrownBy(() -> new DemoClip(Arrays.copyOf(clip, clip.length - TsPacket.LENGTH), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("90 kHz");
    }

    private static ReceivedTs fourRepetitions(long startTicks) throws IOException {
        byte[] clip = resource();
        return ReceivedTs.of(new DemoClip(clip, startTicks), 4 * clip.length);
    }

    private static byte[] resource() throws IOException {
        try (var in = DemoClip.class.getResourceAsStream("clip.ts")) {
            return in.readAllBytes();
        }
    }

    private static long longestGapMicros(List<Integer> packets) {
        long longest = 0;
        for (int i = 1; i < packets.size(); i++) {
            longest = Math.max(longest, packets.get(i) - packets.get(i - 1));
        }
        return longest * TICKS_PER_PACKET / 27;
    }

    private static void assertEvenlySpaced(List<ReceivedTs.Frames> received, long ticksPerFrame) {
        assertThat(received).hasSizeGreaterThan(300);
        for (int i = 1; i < received.size(); i++) {
            ReceivedTs.Frames before = received.get(i - 1);
            assertThat(Math.floorMod(received.get(i).pts() - before.pts(), PesTimestamps.WRAP))
                    .as("after PTS %d", before.pts())
                    .isEqualTo(before.count() * ticksPerFrame);
        }
    }
}
