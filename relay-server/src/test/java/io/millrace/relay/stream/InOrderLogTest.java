package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InOrderLogTest {
    private final StreamLog log = new StreamLog(1000, 1_000_000);
    private final InOrderLog inOrder = new InOrderLog(log);

    @Test
    void nothingArrivesBeforeAllThatComesBeforeIt() {
        put(0);
        put(2);
        log.settle(1);

        assertThat(inOrder.arrivalEnd()).isEqualTo(1);

        put(1);
        log.settle(3);

        assertThat(inOrder.arrivalEnd()).isEqualTo(3);
        assertThat(inOrder.positionOfArrival(1)).isEqualTo(1);
        assertThat(inOrder.positionOfArrival(2)).isEqualTo(2);
    }

    @Test
    void givenUpPositionArrivesAsAHole() {
        put(0);
        put(2);
        log.settle(3);

        assertThat(inOrder.arrivalEnd()).isEqualTo(3);
        assertThat(inOrder.payloadAt(1)).isNull();
        assertThat(inOrder.payloadAt(2)).isNotNull();
    }

    @Test
    void arrivalsEndWithTheLogEvenIfMoreIsSettled() {
        put(0);
        log.settle(50);

        assertThat(inOrder.arrivalEnd()).isEqualTo(1);
        assertThat(inOrder.settledEnd()).isEqualTo(50);
    }

    @Test
    void readerThatWasLappedIsToldSo() {
        for (int position = 0; position < 3000; position++) {
            put(position);
        }
        log.settle(3000);

        assertThat(inOrder.positionOfArrival(0)).isEqualTo(-1);
        assertThat(inOrder.positionOfArrival(inOrder.oldestArrival())).isEqualTo(inOrder.oldestArrival());
    }

    private void put(long position) {
        log.put(position, 0, new byte[] {1}, 0);
    }
}
