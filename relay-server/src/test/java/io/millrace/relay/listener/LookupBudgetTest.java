package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LookupBudgetTest {
    private final LookupBudget budget = new LookupBudget();

    @Test
    void thereAreSoManyInEachSecond() {
        assertThat(taken(5_000_000)).isEqualTo(LookupBudget.PER_SECOND);
        assertThat(budget.take(5_999_999)).isFalse();

        assertThat(taken(6_000_000)).isEqualTo(LookupBudget.PER_SECOND);
    }

    @Test
    void loopThatLooksAtTheClockLateGetsNoneOfThePastSecond() {
        taken(6_000_000);

        assertThat(budget.take(5_999_999)).isFalse();
    }

    private long taken(long nowMicros) {
        return LongStream.range(0, 1_000)
                .filter(i -> budget.take(nowMicros + i))
                .count();
    }
}
