package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
    private static final int ROWS = 40;
    private static final int CHUNK = 10;

    private enum Quantity {
        A,
        B,
        C
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsTheNewestRowsAsAListWould(long seed) {
        Random random = new Random(seed);
        History history = new History(new HistoryMemory(1 << 20), 3, ROWS, CHUNK);
        List<Long> all = new ArrayList<>();
        long time = 1_800_000_000L;
        for (int i = 0; i < 500; i++) {
            time += 1 + random.nextInt(3);
            all.add(time);
            history.add(time, new float[] {i, time % 1000, -i});

            long from = time - random.nextInt(200);
            long to = from + random.nextInt(100);
            HistoryRows rows = history.between(from, to);
            // Between as many rows as promised and one chunk more, minus what the list has not had.
            List<Long> newest = all.subList(Math.max(0, all.size() - ROWS), all.size());
            List<Long> wanted =
                    newest.stream().filter(each -> each >= from && each <= to).toList();
            List<Long> found = times(rows);
            assertThat(found).endsWith(wanted.toArray(Long[]::new)).hasSizeLessThanOrEqualTo(wanted.size() + CHUNK);
            for (int row = 0; row < rows.size(); row++) {
                int place = all.indexOf(rows.epochSecond(row));
                assertThat(rows.value(row, Quantity.A)).isEqualTo(place);
                assertThat(rows.value(row, Quantity.B)).isEqualTo(rows.epochSecond(row) % 1000);
                assertThat(rows.value(row, Quantity.C)).isEqualTo(-place);
            }
        }
        assertThat(times(history.between(0, Long.MAX_VALUE))).hasSizeBetween(ROWS, ROWS + CHUNK);
    }

    @Test
    void takesMemoryOnlyAsItGrows() {
        HistoryMemory memory = new HistoryMemory(1 << 20);
        History history = new History(memory, 3, ROWS, CHUNK);
        int chunkBytes = History.chunkBytes(3, CHUNK);
        assertThat(memory.takenBytes()).isZero();

        fill(history, 1);
        assertThat(memory.takenBytes()).isEqualTo(chunkBytes);
        fill(history, 1_000);
        assertThat(memory.takenBytes()).isEqualTo(5L * chunkBytes);
        assertThat(history.lacksMemory()).isFalse();

        history.release();
        assertThat(memory.takenBytes()).isZero();
        assertThat(history.between(0, Long.MAX_VALUE).size()).isZero();
    }

    @Test
    void isShorterWhereMemoryIsShort() {
        HistoryMemory memory = new HistoryMemory(2L * History.chunkBytes(3, CHUNK));
        History first = new History(memory, 3, ROWS, CHUNK);
        fill(first, 1_000);
        History second = new History(memory, 3, ROWS, CHUNK);

        assertThat(times(first.between(0, Long.MAX_VALUE)))
                .hasSizeBetween(CHUNK, 2 * CHUNK)
                .endsWith(999L);
        assertThat(first.lacksMemory()).isTrue();
        assertThat(second.add(1, new float[3])).isFalse();
        assertThat(second.lacksMemory()).isTrue();
        assertThat(second.between(0, Long.MAX_VALUE).size()).isZero();

        first.release();
        assertThat(second.add(2, new float[3])).isTrue();
        assertThat(second.lacksMemory()).isFalse();
    }

    private static void fill(History history, int rows) {
        for (int i = 0; i < rows; i++) {
            history.add(i, new float[3]);
        }
    }

    private static List<Long> times(HistoryRows rows) {
        List<Long> times = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            times.add(rows.epochSecond(row));
        }
        return times;
    }
}
