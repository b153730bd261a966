package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class StrayMemoryTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 5000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.1", 5001);

    private final StrayMemory memory = new StrayMemory();

    @Test
    void whatWasAskedIsKnownForASecond() {
        memory.asked(7, PEER, 0);

        assertThat(memory.of(7, PEER, 999_999)).isNotNull();
        assertThat(memory.of(7, PEER, 1_000_000)).isNull();
        assertThat(memory.of(7, OTHER, 0)).isNull();
        assertThat(memory.of(8, PEER, 0)).isNull();
    }

    @Test
    void strangersAreToldNothing() {
        memory.asked(7, PEER, 0);

        assertThat(memory.of(7, PEER, 500_000).isToBeRepeated(500_000)).isFalse();
    }

    @Test
    void peerWhoseConnectionIsOverIsToldNoOftenerThanTenTimesASecond() {
        memory.ended(7, PEER, 99, 0);

        StrayMemory.Verdict verdict = memory.of(7, PEER, 50_000);
        assertThat(verdict.isToBeRepeated(50_000)).isFalse();
        assertThat(verdict.isToBeRepeated(100_000)).isTrue();
        assertThat(verdict.isToBeRepeated(150_000)).isFalse();
        assertThat(verdict.isToBeRepeated(200_000)).isTrue();
        assertThat(verdict.peerSocketId()).isEqualTo(99);
        assertThat(memory.of(7, PEER, 9_999_999)).isSameAs(verdict);
        assertThat(memory.of(7, PEER, 10_000_000)).isNull();
    }

    @Test
    void floodTakesNoMoreThanItsSlots() {
        int remembered = 0;
        for (int socketId = 1; socketId <= 100_000; socketId++) {
            memory.asked(socketId, PEER, 0);
        }
        for (int socketId = 1; socketId <= 100_000; socketId++) {
            remembered += memory.of(socketId, PEER, 0) == null ? 0 : 1;
        }

        assertThat(remembered).isBetween(StrayMemory.SLOTS / 2, StrayMemory.SLOTS);
    }
}
