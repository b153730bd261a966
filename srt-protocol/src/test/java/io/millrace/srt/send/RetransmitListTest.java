package io.millrace.srt.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.8.2, the sender's loss list: by example, and against a naive model. */
class RetransmitListTest {
    private static final long SUPPRESS = 30;
    private static final long SPREAD = 7;

    private final RetransmitList list = new RetransmitList();

    @Test
    void aReportedPositionIsDueAtOnceAndOnce() {
        assertThat(list.report(5, 100, SUPPRESS, false)).isTrue();
        assertThat(list.report(5, 100, SUPPRESS, false)).isFalse();
        assertThat(list.nextDueMicros()).isEqualTo(100);
        int index = list.nextDue(0, 100);
        assertThat(list.position(index)).isEqualTo(5);
        list.sent(index, 100, SPREAD);

        assertThat(list.isPending()).isFalse();
        assertThat(list.nextDue(0, 1_000)).isEqualTo(-1);
        assertThat(list.nextDueMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void positionsAreDueInTheirOrderNotInThatOfTheirReports() {
        list.report(9, 100, SUPPRESS, false);
        list.report(3, 100, SUPPRESS, false);
        list.report(6, 100, SUPPRESS, false);

        assertThat(list.position(0)).isEqualTo(3);
        assertThat(list.position(1)).isEqualTo(6);
        assertThat(list.position(2)).isEqualTo(9);
    }

    @Test
    void aCancelledPositionCanBeReportedAgain() {
        list.report(5, 100, SUPPRESS, false);
        list.cancel(list.nextDue(0, 100));
        assertThat(list.isPending()).isFalse();

        assertThat(list.report(5, 101, SUPPRESS, false)).isTrue();
        assertThat(list.isPending()).isTrue();
    }

    @Test
    void whatDoesNotFitIsLeftToTheNextReport() {
        for (int position = 0; position < RetransmitList.CAPACITY; position++) {
            assertThat(list.report(position, 100, SUPPRESS, false)).isTrue();
        }
        assertThat(list.report(RetransmitList.CAPACITY, 100, SUPPRESS, false)).isFalse();

        list.forgetBefore(1);

        assertThat(list.report(RetransmitList.CAPACITY, 100, SUPPRESS, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void behavesAsTheModel(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Model model = new Model();
        long now = 0;
        long base = 0;
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(10);
            switch (random.nextInt(10)) {
                case 0 -> {
                    base += random.nextInt(20);
                    list.forgetBefore(base);
                    model.entries.headMap(base).clear();
                }
                case 1 -> {
                    int index = list.nextDue(0, now);
                    if (index >= 0) {
                        model.entries.get(list.position(index)).copies = 0;
                        list.cancel(index);
                    }
                }
                case 2, 3, 4 -> sendDue(model, now, random.nextInt(5));
                default -> {
                    long position = base + random.nextInt(100);
                    assertThat(list.report(position, now, SUPPRESS, false)).isEqualTo(model.report(position, now));
                }
            }
            assertThat(list.isPending()).isEqualTo(model.nextDueMicros() != Long.MAX_VALUE);
            assertThat(list.nextDueMicros()).isEqualTo(model.nextDueMicros());
        }
    }

    private void sendDue(Model model, long now, int atMost) {
        int index = list.nextDue(0, now);
        for (int i = 0; i < atMost && index >= 0; i++) {
            assertThat(list.position(index)).isEqualTo(model.firstDue(i == 0 ? 0 : list.position(index - 1) + 1, now));
            Model.Entry entry = model.entries.get(list.position(index));
            entry.sent = now;
            entry.due = now + SPREAD;
            entry.copies--;
            list.sent(index, now, SPREAD);
            index = list.nextDue(index + 1, now);
        }
    }

    private static final class Model {
        static final class Entry {
            long sent = -1;
            long due;
            int rounds;
            int copies;
        }

        final TreeMap<Long, Entry> entries = new TreeMap<>();

        boolean report(long position, long now) {
            Entry entry = entries.computeIfAbsent(position, any -> new Entry());
            if (entry.copies > 0 || (entry.sent >= 0 && now - entry.sent < SUPPRESS)) {
                return false;
            }
            entry.rounds = Math.min(entry.rounds + 1, 4);
            entry.copies = entry.rounds;
            entry.due = now;
            return true;
        }

        long firstDue(long from, long now) {
            return entries.tailMap(from).entrySet().stream()
                    .filter(entry -> entry.getValue().copies > 0 && entry.getValue().due <= now)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
        }

        long nextDueMicros() {
            return entries.values().stream()
                    .filter(entry -> entry.copies > 0)
                    .mapToLong(entry -> entry.due)
                    .min()
                    .orElse(Long.MAX_VALUE);
        }
    }
}
