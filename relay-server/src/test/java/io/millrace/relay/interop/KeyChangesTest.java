package io.millrace.relay.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeyChangesTest {
    private static final int EVEN = 1;
    private static final int ODD = 2;

    private final KeyChanges changes = new KeyChanges();

    @Test
    void everyChangeOfAConnectionCounts() {
        lookAtData(7, 10, EVEN);
        lookAtData(7, 11, EVEN);
        lookAtData(7, 12, ODD);
        lookAtData(7, 13, ODD);
        lookAtData(7, 15, EVEN);

        assertThat(changes.number()).isEqualTo(2);
    }

    @Test
    void connectionsAreToldApart() {
        lookAtData(7, 10, EVEN);
        lookAtData(8, 10, ODD);
        lookAtData(7, 11, EVEN);

        assertThat(changes.number()).isZero();
    }

    @Test
    void whatIsSentAgainOrLateUnderTheOldKeyIsNoChange() {
        lookAtData(7, Integer.MAX_VALUE, EVEN);
        lookAtData(7, 0, ODD);
        lookAtData(7, Integer.MAX_VALUE, EVEN);
        lookAtData(7, 1, ODD);

        assertThat(changes.number()).isEqualTo(1);
    }

    @Test
    void controlPacketsAndShortDatagramsHaveNoKey() {
        lookAtData(7, 10, ODD);
        look(1 << 31, EVEN, 7);
        changes.look(ByteBuffer.allocate(16));

        assertThat(changes.number()).isZero();
    }

    private void lookAtData(int socketId, int sequenceNumber, int keyFlags) {
        look(sequenceNumber, keyFlags, socketId);
    }

    private void look(int firstWord, int keyFlags, int socketId) {
        changes.look(ByteBuffer.allocate(20)
                .putInt(firstWord)
                .putInt(3 << 30 | keyFlags << 27 | 1)
                .putInt(0)
                .putInt(socketId)
                .clear());
    }
}
