package io.millrace.relay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentCountersTest {
    private final RecentCounters counters = new RecentCounters();

    @Test
    void whatIsOlderThanTenSecondsDoesNotCount() {
        for (int second = 0; second <= 30; second++) {
            counters.add(List.of(leg(1, second * 100L)));
        }

        assertThat(counters.recent(leg(1, 3_000)).counters().packets()).isEqualTo(1_000);
    }

    @Test
    void connectionCountsFromWhenItWasSeenFirst() {
        counters.add(List.of(leg(1, 500)));
        counters.add(List.of(leg(1, 600), leg(2, 70)));
        counters.add(List.of(leg(1, 700), leg(2, 90)));

        assertThat(counters.recent(leg(1, 700)).counters().packets()).isEqualTo(200);
        assertThat(counters.recent(leg(2, 90)).counters().packets()).isEqualTo(20);
        assertThat(counters.recent(leg(3, 9)).counters().packets()).isZero();
    }

    @Test
    void sharesAreOfPackets() {
        LegCounters leg = new LegCounters(100, 25, 10, 1);

        assertThat(leg.lostPercent()).isEqualTo(10);
        assertThat(leg.retransmittedPercent()).isEqualTo(20);
        assertThat(new LegCounters(0, 0, 0, 0).lostPercent()).isNaN();
        assertThat(new LegCounters(5, 0, 10, 0).lostPercent()).isEqualTo(100);
    }

    private static Leg leg(long id, long packets) {
        return Leg.of(JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("role", "subscriber")
                .put("pktSentUniqueTotal", packets));
    }
}
