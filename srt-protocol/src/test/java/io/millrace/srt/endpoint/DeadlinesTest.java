package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();

    @Test
    void anEntryHasNoDeadlineBeforeItIsSet() {
        deadlines.add(SocketIdTableTest.entry(1));

        assertThat(deadlines.earliestMicros()).isEqualTo(Long.MAX_VALUE);
        assertThat(expired(Long.MAX_VALUE - 1)).isEmpty();
    }

    @Test
    void aDeadlineHasExpiredWhenItsTimeHasCome() {
        ConnectionEntry entry = SocketIdTableTest.entry(1);
        deadlines.add(entry);
        deadlines.set(entry, 100);

        assertThat(expired(99)).isEmpty();
        assertThat(expired(100)).containsExactly(entry);
    }

    @Test
    void behavesAsAMapFromEntriesToTimes() {
        Random random = new Random(1);
        Map<ConnectionEntry, Long> model = new HashMap<>();
        List<ConnectionEntry> present = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            int action = random.nextInt(10);
            if (action < 3) {
                ConnectionEntry entry = SocketIdTableTest.entry(i + 1);
                deadlines.add(entry);
                model.put(entry, Long.MAX_VALUE);
                present.add(entry);
            } else if (!present.isEmpty()) {
                int index = random.nextInt(present.size());
                if (action < (i / 1_000 % 2 == 0 ? 5 : 7)) {
                    ConnectionEntry entry = present.remove(index);
                    deadlines.remove(entry);
                    model.remove(entry);
                } else {
                    long deadline = random.nextInt(1_000);
                    deadlines.set(present.get(index), deadline);
                    model.put(present.get(index), deadline);
                }
            }
            long earliest =
                    model.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
            assertThat(deadlines.earliestMicros()).isEqualTo(earliest);
            if (i % 100 == 0) {
                long now = random.nextInt(1_000);
                assertThat(expired(now))
                        .containsExactlyInAnyOrderElementsOf(present.stream()
                                .filter(entry -> model.get(entry) <= now)
                                .toList());
            }
        }
    }

    private List<ConnectionEntry> expired(long nowMicros) {
        List<ConnectionEntry> entries = new ArrayList<>();
        deadlines.forEachExpired(nowMicros, entries::add);
        return entries;
    }
}
