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
        lookAtData(7, EVEN, false);
        lookAtData(7, EVEN, false);
        lookAtData(7, ODD, false);
        lookAtData(7, ODD, false);
        lookAtData(7, EVEN, false);

        assertThat(changes.number()).isEqualTo(2);
    }

    @Test
    void connectionsAreToldApart() {
        lookAtData(7, EVEN, false);
        lookAtData(8, ODD, false);
        lookAtData(7, EVEN, false);

        assertThat(changes.number()).isZero();
    }

    @Test
    void whatIsSentAgainUnderTheOldKeyIsNoChange() {
        lookAtData(7, EVEN, false);
        lookAtData(7, ODD, false);
        lookAtData(7, EVEN, true);
        lookAtData(7, ODD, false);

        assertThat(changes.number()).isEqualTo(1);
    }

    @Test
    void controlPacketsAndShortDatagramsHaveNoKey() {
        lookAtData(7, ODD, false);
        changes.look(ByteBuffer.allocate(20)
                .putInt(1 << 31)
                .putInt(EVEN << 27)
                .putInt(0)
                .putInt(7)
                .clear());
        changes.look(ByteBuffer.allocate(16));

        assertThat(changes.number()).isZero();
    }

    private void lookAtData(int socketId, int keyFlags, boolean again) {
        int word = 3 << 30 | keyFlags << 27 | (again ? 1 << 26 : 0) | 1;
        changes.look(ByteBuffer.allocate(20)
                .putInt(1)
                .putInt(word)
                .putInt(0)
                .putInt(socketId)
                .clear());
    }
}
