package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.relay.demo.DemoClip;
import io.millrace.relay.ts.TsSnapshot.State;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TsAnalyserTest {
    private static final int PMT_PID = 0x1000;
    private static final int VIDEO_PID = 0x100;
    private static final long MILLI = 1_000;

    private final List<RandomAccessPoint> randomAccess = new ArrayList<>();
    private final TsAnalyser analyser = new TsAnalyser(new TsJournal(), randomAccess::add);
    private final int[] counters = new int[TsPacket.PIDS];
    private long position;

    @Test
    void theDemoClipIsWithoutFault() {
        play(DemoClip.load(), 20_000, -1);

        TsSnapshot seen = analyser.snapshot();
        assertThat(seen.state()).isEqualTo(State.MPEG_TS);
        assertThat(seen.packets()).isEqualTo(140_000);
        assertThat(seen.continuityErrors()).isZero();
        assertThat(seen.skippedBytes()).isZero();
        assertThat(seen.indicators()).allMatch(state -> state.count() == 0 && !state.failing());
        assertThat(seen.events()).extracting(TsEvent::indicator).containsExactly(TsIndicator.STARTED);
        assertThat(seen.programs()).singleElement().satisfies(program -> {
            assertThat(program.streams()).extracting(ElementaryStream::codec).containsExactly("H.264", "AAC");
            assertThat(program.pcrPid()).isEqualTo(0x100);
        });
        assertThat(seen.clocks()).singleElement().satisfies(clock -> {
            assertThat(clock.jumps()).isZero();
            assertThat(clock.longestIntervalMillis()).isBetween(1.0, 100.0);
            // The clip comes at its own pace, which it tells in payloads of 7 packets of 2.4 ms.
            assertThat(clock.jitterMillis()).isBetween(0.0, 17.0);
            // 64,000 ticks a packet.
            assertThat(clock.elapsedMillis()).isCloseTo(140_000L * 64_000 / 27_000.0, within(100.0));
        });
    }

    @Test
    void theDemoClipTellsItsFormats() {
        play(DemoClip.load(), 5_000, -1);

        TsSnapshot seen = analyser.snapshot();
        TsSnapshot.Pid video = pid(seen, "H.264 video");
        assertThat(video.video()).isNotNull();
        assertThat(video.video().frameRate()).isCloseTo(video.gop().frameRate(), within(0.01));
        assertThat(video.gop().millis())
                .isCloseTo(video.gop().frames() * 1_000 / video.gop().frameRate(), within(0.1));
        assertThat(pid(seen, "AAC audio").audio().sampleRate()).isEqualTo(48_000);
        assertThat(pid(seen, "PAT").table().longestMillis()).isBetween(1.0, 500.0);
        assertThat(pid(seen, "PMT").table().meanMillis()).isBetween(1.0, 500.0);
        // 188 bytes each 64,000 ticks.
        double bitRate = 188 * 8 * 27e6 / 64_000;
        assertThat((double) seen.bitsPerSecond()).isCloseTo(bitRate, within(bitRate / 50));
        assertThat(seen.pids().stream().mapToLong(TsSnapshot.Pid::bitsPerSecond).sum())
                .isCloseTo(seen.bitsPerSecond(), within(100L));
    }

    @Test
    void h265AndAc3TellTheirFormats() throws Exception {
        byte[] clip;
        try (InputStream in = TsAnalyserTest.class.getResourceAsStream("h265-ac3.ts")) {
            clip = in.readAllBytes();
        }
        for (int at = 0; at < clip.length; at += 1_316) {
            analyser.take(Arrays.copyOfRange(clip, at, Math.min(clip.length, at + 1_316)), position++, at);
        }

        TsSnapshot seen = analyser.snapshot();
        TsSnapshot.Pid video = pid(seen, "H.265 video");
        assertThat(video.video()).isEqualTo(new VideoFormat(192, 108, 25, false));
        assertThat(video.gop()).isEqualTo(new GopMeasure(10, 400, 400, 25));
        TsSnapshot.Pid audio = pid(seen, "AC-3 audio");
        assertThat(audio.audio()).isEqualTo(new AudioFormat(48_000, 1));
        assertThat(audio.stream().language()).isEqualTo("deu");
        // One picture in ten of 1.5 seconds.
        assertThat(randomAccess).hasSize(4);
    }

    @Test
    void randomAccessPointsLieBehindTheirTablesAndTellTheirPayloads() {
        DemoClip clip = DemoClip.load();
        List<byte[]> payloads = play(clip, 3_000, -1);

        assertThat(randomAccess).hasSizeGreaterThan(3);
        for (RandomAccessPoint point : randomAccess.subList(1, randomAccess.size())) {
            assertThat(point.tablesPosition()).isBetween(0L, point.position());
            assertThat(pidsThatStart(payloads.get((int) point.position()))).contains(VIDEO_PID);
            assertThat(pidsThatStart(payloads.get((int) point.tablesPosition())))
                    .contains(0);
            byte[] payload = payloads.get((int) point.position());
            assertThat(TsPacket.pid(payload, point.offset())).isEqualTo(VIDEO_PID);
            assertThat(TsPacket.isRandomAccess(payload, point.offset())).isTrue();
        }
        assertThat(analyser.snapshot().randomAccess()).isEqualTo(randomAccess.get(randomAccess.size() - 1));
    }

    @Test
    void aRandomAccessPointBringsTheTablesThatCameLastBeforeIt() {
        List<byte[]> payloads = play(DemoClip.load(), 3_000, -1);

        for (RandomAccessPoint point : randomAccess.subList(1, randomAccess.size())) {
            byte[][] newest = new byte[2][];
            for (int i = 0; i <= point.position(); i++) {
                byte[] payload = payloads.get(i);
                int end = i == point.position() ? point.offset() : payload.length;
                for (int at = 0; at < end; at += TsPacket.LENGTH) {
                    int table = TsPacket.pid(payload, at) == 0 ? 0 : TsPacket.pid(payload, at) == PMT_PID ? 1 : -1;
                    if (table >= 0) {
                        newest[table] = Arrays.copyOfRange(payload, at, at + TsPacket.LENGTH);
                    }
                }
            }
            assertThat(point.tables().bytes())
                    .startsWith(newest[0])
                    .endsWith(newest[1])
                    .hasSize(2 * 188);
        }
    }

    @Test
    void aRandomAccessPointIsFoundInPayloadsThatCutPacketsInTwo() {
        DemoClip clip = DemoClip.load();
        byte[] stream = new byte[3_000 * 1_316];
        for (int i = 0; i < 3_000; i++) {
            System.arraycopy(clip.next(), 0, stream, i * 1_316, 1_316);
        }
        for (int at = 0; at < stream.length; at += 1_000) {
            analyser.take(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + 1_000)), position++, 2 * at);
        }

        assertThat(randomAccess).hasSizeGreaterThan(3);
        for (RandomAccessPoint point : randomAccess) {
            int at = (int) point.position() * 1_000 + point.offset();
            assertThat(at % TsPacket.LENGTH).isZero();
            assertThat(TsPacket.isRandomAccess(stream, at)).isTrue();
        }
    }

    @Test
    void missingPayloadsAreContinuityErrors() {
        play(DemoClip.load(), 1_000, 500);

        TsSnapshot seen = analyser.snapshot();
        assertThat(seen.continuityErrors()).isBetween(1L, 3L);
        assertThat(seen.missingPayloads()).isEqualTo(1);
        assertThat(state(seen, TsIndicator.CONTINUITY).failing()).isTrue();
        assertThat(seen.events())
                .extracting(TsEvent::indicator)
                .contains(TsIndicator.MISSING, TsIndicator.CONTINUITY, TsIndicator.STARTED);
    }

    @Test
    void skippedPayloadsAreNoErrors() {
        DemoClip clip = DemoClip.load();
        play(clip, 500, -1);
        for (int i = 0; i < 100; i++) {
            clip.next();
        }
        analyser.skip(100, 1_000_000 + clip.nextDueMicros());
        play(clip, 500, -1);

        TsSnapshot seen = analyser.snapshot();
        assertThat(seen.skippedPayloads()).isEqualTo(100);
        assertThat(seen.indicators()).allMatch(state -> state.count() == 0);
    }

    @Test
    void bytesOfSomethingElseAreNoTransportStream() {
        for (int i = 0; i < 200; i++) {
            analyser.take(new byte[1_316], position++, 10 * MILLI * i);
        }

        TsSnapshot seen = analyser.snapshot();
        assertThat(seen.state()).isEqualTo(State.NOT_MPEG_TS);
        assertThat(seen.isTransportStream()).isFalse();
        assertThat(seen.packets()).isZero();
        assertThat(seen.nullShare()).isZero();
        assertThat(seen.events().get(0).indicator()).isEqualTo(TsIndicator.NOT_MPEG_TS);
    }

    @Test
    void garbageThatBecomesATransportStreamIsOneSoon() {
        for (int i = 0; i < 200; i++) {
            analyser.take(new byte[1_316], position++, 10 * MILLI * i);
        }
        for (int i = 200; i < 600; i++) {
            analyser.take(DemoClip.load().next(), position++, 10 * MILLI * i);
        }

        assertThat(analyser.snapshot().state()).isEqualTo(State.MPEG_TS);
    }

    @Test
    void nothingAndTooLittleIsWaiting() {
        assertThat(analyser.snapshot().state()).isEqualTo(State.WAITING);
        analyser.take(new byte[] {1, 2, 3}, 0, 0);
        assertThat(analyser.snapshot().state()).isEqualTo(State.WAITING);
    }

    @Test
    void brokenPacketsCountAndSayNothingElse() {
        byte[] broken = TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x100));
        broken[1] |= (byte) 0x80;
        take(0, broken);

        assertThat(analyser.snapshot().transportErrors()).isEqualTo(1);
        assertThat(analyser.snapshot().hasPat()).isFalse();
        assertThat(state(analyser.snapshot(), TsIndicator.TRANSPORT).count()).isEqualTo(1);
    }

    @Test
    void patAndPmtThatStayAwayAreToldOnceEach() {
        tables(0);
        for (int millis = 10; millis < 1_500; millis += 10) {
            take(millis, payload(VIDEO_PID));
        }
        tables(1_500);
        take(1_600, payload(VIDEO_PID));

        TsSnapshot seen = analyser.snapshot();
        assertThat(state(seen, TsIndicator.PAT).count()).isEqualTo(1);
        assertThat(state(seen, TsIndicator.PMT).count()).isEqualTo(1);
        assertThat(pid(seen, "PAT").table()).isEqualTo(new TsSnapshot.Interval(1_500, 1_500));
    }

    @Test
    void silenceIsNotMissedPieceByPiece() {
        tables(0);
        take(10, payload(VIDEO_PID));
        tables(60_000);

        assertThat(analyser.snapshot().indicators()).allMatch(state -> state.count() == 0);
    }

    @Test
    void whatThePmtPromisesIsMissedAfterFiveSeconds() {
        for (int millis = 0; millis < 6_000; millis += 100) {
            tables(millis);
        }

        assertThat(state(analyser.snapshot(), TsIndicator.PID).count()).isEqualTo(1);
        assertThat(analyser.snapshot().events().get(0).pid()).isEqualTo(VIDEO_PID);
    }

    @Test
    void damagedTableIsACrcError() {
        byte[] pat = TsPackets.pat(0, 1, PMT_PID);
        pat[9] ^= 1;
        take(0, TsPackets.section(0, 0, pat));

        assertThat(state(analyser.snapshot(), TsIndicator.CRC).count()).isEqualTo(1);
        assertThat(analyser.snapshot().damagedTables()).isEqualTo(1);
    }

    @Test
    void clockThatPausesOrJumpsIsTold() {
        take(0, clock(0));
        take(150, clock(150));
        take(160, clock(90_000));

        TsSnapshot seen = analyser.snapshot();
        assertThat(state(seen, TsIndicator.PCR_REPETITION).count()).isEqualTo(1);
        assertThat(state(seen, TsIndicator.PCR_DISCONTINUITY).count()).isEqualTo(1);
    }

    @Test
    void clockThatRunsUnlikeTheTimesOfItsPayloadsJitters() {
        for (int i = 0; i < 400; i++) {
            take(20 * i + (i % 10 == 3 ? 7 : 0), clock(20 * i));
        }

        assertThat(analyser.snapshot().clocks().get(0).jitterMillis()).isCloseTo(7, within(0.01));
    }

    @Test
    void scrambledPacketsWithoutACatAreToldOnce() {
        for (int millis = 0; millis < 1_000; millis += 10) {
            byte[] scrambled = payload(VIDEO_PID);
            scrambled[3] |= (byte) 0x80;
            take(millis, scrambled);
        }

        TsSnapshot seen = analyser.snapshot();
        assertThat(seen.scrambledPackets()).isEqualTo(100);
        assertThat(state(seen, TsIndicator.CAT).count()).isEqualTo(1);
    }

    @Test
    void stormIsAFewEventsAndDrivesOutNothing() {
        SplittableRandom random = new SplittableRandom(3);
        tables(0);
        for (int i = 0; i < 20_000; i++) {
            take(1 + i / 10, TsPackets.payload(VIDEO_PID, random.nextInt(16)));
        }

        List<TsEvent> events = analyser.snapshot().events();
        assertThat(events).hasSizeLessThan(20);
        assertThat(events.get(events.size() - 1).indicator()).isEqualTo(TsIndicator.STARTED);
        assertThat(state(analyser.snapshot(), TsIndicator.CONTINUITY).count()).isGreaterThan(15_000);
    }

    @Test
    void otherProgramsAreAnEventAndOtherPids() {
        tables(0);
        take(100, TsPackets.section(0, counters[0]++, TsPackets.pat(1, 7, 0x300)));
        take(
                100,
                TsPackets.section(
                        0x300,
                        0,
                        TsPackets.pmt(7, 0, 0x301, TsPackets.stream(0x86, 0x301), TsPackets.stream(0x0F, 0x302))));

        TsSnapshot seen = analyser.snapshot();
        assertThat(seen.events().get(0).indicator()).isEqualTo(TsIndicator.PROGRAMS);
        assertThat(seen.pids()).extracting(TsSnapshot.Pid::what).contains("SCTE-35", "AAC audio");
        assertThat(seen.pids()).extracting(TsSnapshot.Pid::pid).doesNotContain(VIDEO_PID);
    }

    /** Plays so many payloads at the clip's pace; the one with this number goes missing. */
    private List<byte[]> play(DemoClip clip, int payloads, int missing) {
        List<byte[]> played = new ArrayList<>();
        for (int i = 0; i < payloads; i++) {
            long micros = 1_000_000 + clip.nextDueMicros();
            byte[] payload = clip.next();
            played.add(payload);
            if (i == missing) {
                analyser.missing(1, micros);
                position++;
            } else {
                analyser.take(payload, position++, micros);
            }
        }
        return played;
    }

    private void tables(int millis) {
        take(millis, TsPackets.section(0, counters[0]++, TsPackets.pat(0, 1, PMT_PID)));
        take(
                millis,
                TsPackets.section(
                        PMT_PID,
                        counters[PMT_PID]++,
                        TsPackets.pmt(1, 0, VIDEO_PID, TsPackets.stream(0x1B, VIDEO_PID))));
    }

    private byte[] payload(int pid) {
        return TsPackets.payload(pid, counters[pid]++);
    }

    private byte[] clock(long millis) {
        return TsPackets.pcr(0x111, counters[0x111]++, millis * 27_000, false);
    }

    private void take(long millis, byte[] payload) {
        analyser.take(payload, position++, millis * MILLI);
    }

    private static List<Integer> pidsThatStart(byte[] payload) {
        List<Integer> pids = new ArrayList<>();
        for (int at = 0; at < payload.length; at += TsPacket.LENGTH) {
            if (TsPacket.startsUnit(payload, at)) {
                pids.add(TsPacket.pid(payload, at));
            }
        }
        return pids;
    }

    private static TsSnapshot.Pid pid(TsSnapshot seen, String what) {
        return seen.pids().stream()
                .filter(pid -> pid.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private static IndicatorState state(TsSnapshot seen, TsIndicator indicator) {
        return seen.indicators().stream()
                .filter(state -> state.indicator() == indicator)
                .findFirst()
                .orElseThrow();
    }
}
