package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GcLogTest {
    private static final GcLog SERIAL = GcLog.parse(Stream.of(
            "[1000ms] Using Serial",
            "[1500ms] GC(0) Pause Young (Allocation Failure) 90M->5M(200M) 9.000ms",
            "[2000ms] GC(1) Pause Full (Diagnostic Command) 20M->4M(200M) 30.000ms",
            "[7000ms] GC(2) Pause Young (Allocation Failure) 54M->8M(200M) 2.500ms",
            "[12000ms] GC(3) Pause Young (Allocation Failure) 58M->10M(200M) 3.500ms",
            "[14000ms] GC(4) Pause Young (Allocation Failure) 30M->6M(200M) 1.500ms",
            "[22000ms] GC(5) Pause Full (Diagnostic Command) 56M->5M(200M) 40.000ms",
            "[30000ms] GC(6) Pause Young (Allocation Failure) 900M->300M(1000M) 99.000ms"));

    @Test
    void heapsAndPausesAreThoseOfTheCollectionsThatNobodyAskedFor() {
        GcLog.Summary summary = SERIAL.summary(2000, 25_000);

        assertThat(summary.collections()).isEqualTo(3);
        assertThat(summary.minMebibytes()).isEqualTo(6);
        assertThat(summary.medianMebibytes()).isEqualTo(8);
        assertThat(summary.maxMebibytes()).isEqualTo(10);
        assertThat(summary.longestPauseMillis()).isEqualTo(3.5);
    }

    @Test
    void whatLivesIsWhatAFullCollectionAskedForLeaves() {
        GcLog.Summary summary = SERIAL.summary(2000, 25_000);

        assertThat(summary.liveBeforeMebibytes()).isEqualTo(4);
        assertThat(summary.liveAfterMebibytes()).isEqualTo(5);
    }

    @Test
    void garbageIsWhatTheHeapGrewBetweenCollections() {
        // 50 + 50 + 20 + 50 MiB in 20 s.
        assertThat(SERIAL.summary(2000, 25_000).garbageMebibytesPerSecond()).isEqualTo(8.5);
    }

    @Test
    void readsG1AndItsConcurrentPhases() {
        GcLog log = GcLog.parse(Stream.of(
                "[10ms] GC(7) Pause Young (Normal) (G1 Evacuation Pause) 2G->512K(4G) 1.250ms",
                "[11ms] GC(8) Concurrent Mark Cycle",
                "[12ms] GC(8) Pause Remark 30M->30M(60M) 0.500ms",
                "[13ms] GC(8) Concurrent Mark Cycle 2.000ms"));

        assertThat(log.collections())
                .containsExactly(
                        new GcLog.Collection(10, false, 2048, 0.5, 1.25), new GcLog.Collection(12, false, 30, 30, 0.5));
    }

    @Test
    void readsZgcWithoutPauses() {
        GcLog log = GcLog.parse(Stream.of(
                "[10ms] GC(0) Garbage Collection (Warmup) 104M(10%)->8M(1%)",
                "[11ms] GC(1) Garbage Collection (Diagnostic Command) 2G(50%)->16M(1%)",
                "[12ms] GC(2) Major Collection (Warmup)",
                "[13ms] GC(2) Major Collection (Warmup) 104M(10%)->46M(4%) 0.104s",
                "[14ms] GC(3) Minor Collection (Allocation Rate) 60M(6%)->20M(2%) 0.010s"));

        assertThat(log.collections())
                .containsExactly(
                        new GcLog.Collection(10, false, 104, 8, 0),
                        new GcLog.Collection(11, true, 2048, 16, 0),
                        new GcLog.Collection(13, false, 104, 46, 0),
                        new GcLog.Collection(14, false, 60, 20, 0));
    }

    @Test
    void aQuietStretchHasNoFigures() {
        assertThat(SERIAL.summary(40_000, 50_000)).isEqualTo(new GcLog.Summary(0, 0, 0, 0, 0, 0, 0, 0));
    }
}
