package io.millrace.srt.receive;

import static io.millrace.srt.receive.ReceiverRig.LATENCY;
import static io.millrace.srt.receive.ReceiverRig.MILLI;
import static io.millrace.srt.receive.ReceiverRig.SECOND;
import static io.millrace.srt.receive.ReceiverRig.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.Packets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.5 and §4.6: when payloads are handed over, and what is not waited for. */
class ReceiverDeliveryTest {
    private final ReceiverRig byTimestamp = new ReceiverRig(Delivery.BY_TIMESTAMP);
    private final ReceiverRig onArrival = new ReceiverRig(Delivery.ON_ARRIVAL);

    @Test
    void byTimestampEachPayloadComesAtItsOriginPlusTheLatency() {
        for (int offset = 0; offset < 100; offset++) {
            byTimestamp.run(777 + offset);
            byTimestamp.data(offset, byTimestamp.now - offset * 50);
        }
        byTimestamp.run(SECOND);

        assertThat(byTimestamp.offsets())
                .isEqualTo(LongStream.range(0, 100).boxed().toList());
        assertThat(byTimestamp.delivered)
                .allSatisfy(payload -> assertThat(payload.atMicros()).isEqualTo(payload.originMicros() + LATENCY));
        assertThat(byTimestamp.receiver.isHolding()).isFalse();
        assertThat(byTimestamp.receiver.heldPackets()).isZero();
        assertThat(byTimestamp.receiver.heldBytes()).isZero();
    }

    @Test
    void byTimestampPayloadsComeInOrderHoweverTheyArrived() {
        byTimestamp.data(0);
        byTimestamp.data(2);
        byTimestamp.run(50 * MILLI);
        byTimestamp.retransmission(1, ZERO);
        byTimestamp.run(SECOND);

        assertThat(byTimestamp.offsets()).containsExactly(0L, 1L, 2L);
        assertThat(byTimestamp.statistics.pktRcvDropTotal).isZero();
    }

    @Test
    void onArrivalPayloadsComeAtOnceHolesAndAll() {
        onArrival.data(0, ZERO - 5 * MILLI);
        onArrival.data(2);
        onArrival.data(1);

        assertThat(onArrival.offsets()).containsExactly(0L, 2L, 1L);
        assertThat(onArrival.delivered)
                .extracting(ReceiverRig.Delivered::atMicros)
                .containsOnly(ZERO);
        assertThat(onArrival.delivered.get(0).originMicros()).isEqualTo(ZERO - 5 * MILLI);
        assertThat(onArrival.receiver.isHolding()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aGapIsGivenUpWhenThePacketBehindItIsDue(Delivery delivery) {
        ReceiverRig rig = new ReceiverRig(delivery);
        rig.data(0);
        rig.run(20 * MILLI);
        rig.data(3);
        rig.run(LATENCY - 1);

        assertThat(rig.settled()).isEqualTo(1);

        rig.run(10 * MILLI);

        assertThat(rig.settled()).isEqualTo(4);
        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(2);
        assertThat(rig.offsets()).containsExactly(0L, 3L);
    }

    @Test
    void aGapIsGivenUpExactlyAtThatTimeIfPayloadsComeByTimestamp() {
        byTimestamp.data(1);
        byTimestamp.run(LATENCY);

        assertThat(byTimestamp.delivered)
                .extracting(ReceiverRig.Delivered::atMicros)
                .containsExactly(ZERO + LATENCY);
    }

    @Test
    void twoGapsAreGivenUpEachAtItsTime() {
        onArrival.data(1);
        onArrival.run(50 * MILLI);
        onArrival.data(3);
        onArrival.run(LATENCY - 50 * MILLI);

        assertThat(onArrival.settled()).isEqualTo(2);

        onArrival.run(50 * MILLI);

        assertThat(onArrival.settled()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void settledRisesAndIsNeverBehindWhatIsDeliveredInOrder(Delivery delivery) {
        ReceiverRig rig = new ReceiverRig(delivery);
        SplittableRandom random = new SplittableRandom(11);
        for (int offset = 0; offset < 5_000; offset++) {
            rig.run(random.nextInt(2_000));
            if (random.nextInt(10) > 0) {
                rig.data(offset);
            }
            if (random.nextInt(10) == 0) {
                rig.retransmission(Math.max(0, offset - random.nextInt(100)), rig.now - random.nextInt(50_000));
            }
            if (random.nextInt(50) == 0) {
                rig.dropRequest(Math.max(0, offset - 20), offset - random.nextInt(-3, 10));
            }
        }
        rig.data(5_000);
        rig.run(SECOND);

        // The rig asserts that it rises.
        assertThat(rig.settled()).isEqualTo(5_001);
        assertThat(rig.offsets()).doesNotHaveDuplicates();
        assertThat(rig.statistics.pktRecvUniqueTotal).isEqualTo(rig.delivered.size());
        assertThat(rig.statistics.pktRecvUniqueTotal + rig.statistics.pktRcvDropTotal)
                .isEqualTo(5_001);
        if (delivery == Delivery.BY_TIMESTAMP) {
            assertThat(rig.offsets()).isSorted();
        }
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aJumpBeyondTheBufferGoesOnFromThere(Delivery delivery) {
        ReceiverRig rig = new ReceiverRig(delivery, 1_000, 256);
        rig.data(0);
        rig.data(2);
        rig.data(1_000_000);
        rig.data(1_000_001);
        rig.run(SECOND);

        assertThat(rig.offsets()).containsExactly(0L, 2L, 1_000_000L, 1_000_001L);
        assertThat(rig.settled()).isEqualTo(1_000_002);
        assertThat(rig.statistics.sequenceJumps).isEqualTo(1);
        assertThat(rig.naks).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aBufferThatIsTooSmallMakesRoomFromItsOldest(Delivery delivery) {
        ReceiverRig rig = new ReceiverRig(delivery, 1_000, 256);
        rig.data(0);
        for (int offset = 2; offset <= 100; offset += 2) {
            rig.data(offset);
        }
        for (int offset = 101; offset <= 266; offset++) {
            rig.data(offset);
        }

        // 266 leaves no place for what is before 11: 1, 3, 5, 7 and 9.
        assertThat(rig.settled()).isEqualTo(11);
        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(5);
        assertThat(rig.statistics.sequenceJumps).isZero();
        rig.retransmission(11, rig.now);
        assertThat(rig.settled()).isEqualTo(13);
        rig.run(SECOND);
        assertThat(rig.offsets()).contains(11L).doesNotHaveDuplicates();
        assertThat(rig.settled()).isEqualTo(267);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, (1L << 32) - 2 * SECOND})
    void deliveryGoesOnOverTheWrapOfTheTimestamps(long startMicros) {
        byTimestamp.now = ZERO + startMicros;
        for (int offset = 0; offset < 400; offset++) {
            byTimestamp.data(offset);
            byTimestamp.run(10 * MILLI);
        }
        byTimestamp.run(SECOND);

        assertThat(byTimestamp.delivered)
                .hasSize(400)
                .allSatisfy(payload -> assertThat(payload.atMicros())
                        .isEqualTo(ZERO + startMicros + payload.offset() * 10 * MILLI + LATENCY));
    }

    @Test
    void emptyPayloadsAreDeliveredEmpty() {
        byTimestamp.packet(Packets.data(1_000, 0, new byte[0]));
        byTimestamp.run(SECOND);

        assertThat(byTimestamp.delivered)
                .extracting(ReceiverRig.Delivered::length)
                .containsExactly(0);
    }

    @Test
    void whatTheBufferHoldsIsCounted() {
        byTimestamp.data(10, ZERO);
        byTimestamp.data(11, ZERO + 7 * MILLI);

        assertThat(byTimestamp.receiver.heldPackets()).isEqualTo(2);
        assertThat(byTimestamp.receiver.heldBytes()).isEqualTo(11 + 12);
        assertThat(byTimestamp.receiver.heldMicros()).isEqualTo(7 * MILLI);
        assertThat(byTimestamp.receiver.isHolding()).isTrue();
    }

    @Test
    void nothingIsHeldWhereOnlyDroppedPacketsFollowAGap() {
        byTimestamp.data(0);
        byTimestamp.run(SECOND);
        byTimestamp.data(2);
        byTimestamp.dropRequest(3, 5);
        byTimestamp.run(SECOND);
        assertThat(byTimestamp.settled()).isEqualTo(6);
        byTimestamp.dropRequest(7, 8);

        assertThat(byTimestamp.receiver.isHolding()).isFalse();
        assertThat(byTimestamp.offsets()).isEqualTo(List.of(0L, 2L));
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void anyInputLeavesTheNextTimeoutInTheFuture(Delivery delivery) {
        for (long seed = 1; seed <= 30; seed++) {
            ReceiverRig rig = new ReceiverRig(delivery, 1_000, 64);
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 500; i++) {
                // The rig asserts it after each timeout.
                rig.run(random.nextInt(5_000));
                long near = rig.settled() + random.nextInt(-20, 80);
                switch (random.nextInt(8)) {
                    case 0 -> rig.dropRequest(near, near + random.nextInt(100));
                    case 1 -> rig.ackAck(random.nextInt(i + 1));
                    case 2 -> rig.data(near, rig.now + random.nextLong(-40 * SECOND, 20 * SECOND));
                    default -> rig.data(near);
                }
            }
        }
    }
}
