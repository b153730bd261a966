package io.millrace.relay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ConnectionOrderTest {
    private final JsonNode connections;

    ConnectionOrderTest() throws Exception {
        connections = new ObjectMapper().readTree("""
                        [{"id": 1, "stream": "b", "mbpsSendRate": 2, "pktSentUniqueTotal": 100, "pktSndLossTotal": 9},
                         {"id": 2, "stream": "a", "advice": {"sufficient": false, "sentence": "Set 500 ms."}},
                         {"id": 3, "stream": "c", "mbpsSendRate": 3, "pktSentUniqueTotal": 100, "pktSndDropTotal": 1},
                         {"id": 4, "stream": "a", "mbpsSendRate": 1, "pktSentUniqueTotal": 100}]
                        """);
    }

    @Test
    void numbersAreFromTheHighestAndWhatIsUnknownIsLast() {
        assertThat(ids(ConnectionOrder.ID)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(ids(ConnectionOrder.STREAM)).containsExactly(2L, 4L, 1L, 3L);
        assertThat(ids(ConnectionOrder.RATE)).containsExactly(3L, 1L, 4L, 2L);
        assertThat(ids(ConnectionOrder.LOST)).startsWith(1L).endsWith(2L);
    }

    @Test
    void whoMissesSomethingHasMostTroubleThenWhoseLinkIsBadThenWhoLosesMost() {
        assertThat(ids(ConnectionOrder.TROUBLE)).containsExactly(3L, 2L, 1L, 4L);
    }

    private Iterable<Long> ids(ConnectionOrder order) {
        return ConnectionsCommand.sorted(connections, order).stream()
                .map(Leg::id)
                .toList();
    }
}
