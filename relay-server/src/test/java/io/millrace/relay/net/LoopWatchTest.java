package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.net.LoopWatch.StuckLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
    private final long[] takenMicros = {0, 0};
    private final List<Integer> stackTraces = new ArrayList<>();
    private final LoopWatch watch = new LoopWatch(() -> List.of(statistics(0), statistics(1)), loop -> {
        stackTraces.add(loop);
        return new StackTraceElement[0];
    });

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void loopThatPublishesNothingForFiveSecondsIsStuck() {
        watch.look();
        look(4);
        assertThat(watch.stuck()).isEmpty();

        look(1);
        assertThat(watch.stuck()).containsExactly(new StuckLoop(1, 5));

        look(2);
        assertThat(watch.stuck()).containsExactly(new StuckLoop(1, 7));
    }

    @Test
    void loopThatGoesOnIsStuckNoMore() {
        look(8);
        takenMicros[1]++;

        look(1);

        assertThat(watch.stuck()).isEmpty();
    }

    @Test
    void whereALoopIsStuckIsAskedOnceEachTime() {
        look(10);
        assertThat(stackTraces).containsExactly(1);

        takenMicros[1]++;
        look(10);
        assertThat(stackTraces).containsExactly(1, 1);
    }

    @Test
    void pauseOfTheWholeProcessIsNoFaultOfItsLoops() {
        look(1);
        takenMicros[1] += 3_600_000_000L;

        look(1);

        assertThat(watch.stuck()).isEmpty();
    }

    /** The first loop turns all the time. */
    private void look(int seconds) {
        for (int i = 0; i < seconds; i++) {
            takenMicros[0]++;
            watch.look();
        }
    }

    private LoopStatistics statistics(int loop) {
        LoopWindow nothing = new LoopFigures().snapshot();
        return new LoopStatistics(loop, takenMicros[loop], nothing, nothing, nothing);
    }
}
