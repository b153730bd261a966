package io.millrace.srt.receive;

import static io.millrace.srt.receive.ReceiverRig.MILLI;
import static io.millrace.srt.receive.ReceiverRig.SECOND;
import static io.millrace.srt.receive.ReceiverRig.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.AckPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.PacketTimestamp;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.SequenceNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.8.1: what a receiver acknowledges, when, and what it learns from the answers. */
class ReceiverAckTest {
    private final ReceiverRig rig = new ReceiverRig(Delivery.ON_ARRIVAL);

    @Test
    void nothingIsAcknowledgedWithoutData() {
        rig.run(10 * SECOND);

        assertThat(rig.acks).isEmpty();
        assertThat(rig.receiver.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 3_210, 9_999})
    void newsIsAcknowledgedInFullWithinTenMilliseconds(long phaseMicros) {
        rig.run(phaseMicros);
        rig.data(0);
        rig.data(1);
        rig.run(10 * MILLI);

        assertThat(rig.acks).hasSize(1);
        assertThat(rig.acks.get(0).isFull()).isTrue();
        assertThat(rig.acks.get(0).offset()).isEqualTo(2);
        assertThat(rig.acks.get(0).number()).isEqualTo(1);
        assertThat(rig.acks.get(0).atMicros() - ZERO - phaseMicros).isBetween(1L, 10 * MILLI);
    }

    @Test
    void aSteadyStreamIsAcknowledgedEveryTenMilliseconds() {
        for (int offset = 0; offset < 1_000; offset++) {
            rig.data(offset);
            rig.run(MILLI);
        }

        assertThat(rig.acks).hasSize(100).allMatch(ReceiverRig.Ack::isFull);
        assertThat(rig.acks.get(99).offset()).isEqualTo(1_000);
        assertThat(rig.statistics.pktSentACKTotal).isEqualTo(100);
    }

    @Test
    void aConfirmedValueIsNotRepeated() {
        rig.data(0);
        rig.run(10 * MILLI);
        rig.ackAck(1);
        rig.run(10 * SECOND);

        assertThat(rig.acks).hasSize(1);
        assertThat(rig.receiver.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anUnconfirmedValueIsRepeatedAfterTheRoundTripAndFourVariances() {
        rig.data(0);
        rig.run(10 * MILLI);
        rig.run(299 * MILLI);

        assertThat(rig.acks).hasSize(1);

        rig.run(11 * MILLI);

        assertThat(rig.acks).hasSize(2);
        assertThat(rig.acks.get(1).offset()).isEqualTo(1);
        assertThat(rig.acks.get(1).atMicros() - rig.acks.get(0).atMicros()).isEqualTo(300 * MILLI);
        assertThat(rig.acks.get(1).number()).isEqualTo(2);
    }

    @Test
    void aPeerThatNeverAnswersIsToldAgainAtThatPaceForEver() {
        rig.data(0);
        rig.run(60 * SECOND);

        assertThat(rig.acks).hasSize(200);
    }

    @Test
    void aLightAckFollowsEach64PacketsBetweenFullOnes() {
        for (int offset = 0; offset < 200; offset++) {
            rig.data(offset);
        }

        assertThat(rig.acks).hasSize(3).allMatch(ReceiverRig.Ack::isLight);
        assertThat(rig.acks).extracting(ReceiverRig.Ack::offset).containsExactly(64L, 128L, 192L);
        assertThat(rig.acks).extracting(ReceiverRig.Ack::number).containsOnly(0);
        assertThat(rig.statistics.pktSentACKTotal).isZero();

        rig.run(10 * MILLI);

        assertThat(rig.acks.get(3).isFull()).isTrue();
        assertThat(rig.acks.get(3).offset()).isEqualTo(200);
    }

    @Test
    void aFullAckShortlyAfterTheLastOneIsSmall() {
        rig.data(0);
        rig.run(10 * MILLI);
        // The timer fired late, so the next tick follows sooner than a period.
        rig.data(1);
        long late = rig.now + 14 * MILLI;
        rig.now = late;
        rig.run(0);
        rig.data(2);
        rig.run(6 * MILLI);

        assertThat(rig.acks).hasSize(3);
        assertThat(rig.acks.get(1).isFull()).isTrue();
        assertThat(rig.acks.get(2).bytes()).isEqualTo(AckPacket.SMALL_LENGTH);
        assertThat(rig.acks.get(2).offset()).isEqualTo(3);
    }

    @Test
    void theValueStopsAtAGap() {
        rig.data(0);
        rig.data(3);
        rig.run(10 * MILLI);

        assertThat(rig.acks.get(0).offset()).isEqualTo(1);
    }

    @Test
    void theValuePassesOverWhatIsGivenUp() {
        rig.data(0);
        rig.data(3);
        rig.run(ReceiverRig.LATENCY + 20 * MILLI);

        assertThat(rig.acks).extracting(ReceiverRig.Ack::offset).containsExactly(1L, 4L);
        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(2);
    }

    @Test
    void theWindowCountsFromTheValueSoThatAGapTakesNothingAway() {
        rig.data(0);
        rig.data(5_000);
        rig.run(10 * MILLI);

        assertThat(rig.acks.get(0).window()).isEqualTo(8192);
    }

    @Test
    void whatWaitsForDeliveryTakesRoom() {
        ReceiverRig byTimestamp = new ReceiverRig(Delivery.BY_TIMESTAMP);
        for (int offset = 0; offset < 10; offset++) {
            byTimestamp.data(offset);
        }
        byTimestamp.run(10 * MILLI);

        assertThat(byTimestamp.acks.get(0).window()).isEqualTo(8182);
    }

    @Test
    void roomAfterAFullBufferIsToldWithoutNewsUntilThePeerHasConfirmedIt() {
        ReceiverRig small = new ReceiverRig(Delivery.BY_TIMESTAMP, 1_000, 16);
        for (int offset = 0; offset < 16; offset++) {
            small.data(offset);
        }
        small.run(10 * MILLI);
        assertThat(small.acks).extracting(ReceiverRig.Ack::window).containsExactly(0);
        small.run(40 * MILLI);
        small.ackAck(1);

        small.run(80 * MILLI);

        assertThat(small.delivered).hasSize(16);
        assertThat(small.acks).extracting(ReceiverRig.Ack::window).containsExactly(0, 16);
        assertThat(small.acks.get(1).offset()).isEqualTo(16);
        // It may be lost, and then nobody would ever send again.
        small.run(2 * SECOND);
        assertThat(small.acks).hasSizeGreaterThan(2);
        small.ackAck(small.acks.get(small.acks.size() - 1).number());
        int told = small.acks.size();
        small.run(2 * SECOND);
        assertThat(small.acks).hasSize(told);
        assertThat(small.receiver.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theFirstAnswerReplacesTheGuessOfTheRoundTrip() {
        assertThat(rig.rtt.rttMicros()).isEqualTo(100_000);
        rig.data(0);
        rig.run(10 * MILLI);
        long sent = rig.acks.get(0).atMicros();
        rig.run(sent + 40 * MILLI - rig.now);
        rig.ackAck(1);

        assertThat(rig.rtt.rttMicros()).isEqualTo(40_000);
        assertThat(rig.rtt.varianceMicros()).isEqualTo(20_000);
    }

    @Test
    void anAnswerToAnUnknownAckIsIgnored() {
        rig.data(0);
        rig.run(10 * MILLI);
        rig.ackAck(2);
        rig.ackAck(-5);
        rig.ackAck(0);

        assertThat(rig.rtt.rttMicros()).isEqualTo(100_000);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void valuesGoOnOverTheEndOfTheSequenceNumbers(Delivery delivery) {
        ReceiverRig wrapping = new ReceiverRig(delivery, SequenceNumber.MAX - 49, 8192);
        for (int offset = 0; offset < 100; offset++) {
            wrapping.data(offset);
            wrapping.run(MILLI);
        }

        assertThat(wrapping.acks).extracting(ReceiverRig.Ack::offset).contains(50L, 60L, 100L);
        assertThat(wrapping.settled()).isEqualTo(100);
        assertThat(wrapping.naks).isEmpty();
    }

    /** §4.7. */
    @ParameterizedTest
    @EnumSource(names = {"ACK_ACK", "KEEP_ALIVE"})
    void driftIsMeasuredOnAnswersAndKeepAlives(ControlType type) {
        // The sender's clock has fallen 3 ms behind ours since the handshake.
        for (int i = 0; i < 1_000; i++) {
            rig.data(i, rig.now - 3 * MILLI);
            rig.run(10 * MILLI);
            int timestamp = PacketTimestamp.of(rig.now - 3 * MILLI - ZERO);
            if (type == ControlType.KEEP_ALIVE) {
                rig.receiver.onKeepAlive(Packets.bare(type, 0, timestamp), rig.now);
            } else {
                rig.receiver.onAckAck(Packets.bare(type, i + 1, timestamp), rig.now);
            }
        }
        rig.data(1_000, rig.now - 3 * MILLI);

        ReceiverRig.Delivered before = rig.delivered.get(999);
        ReceiverRig.Delivered after = rig.delivered.get(1_000);
        assertThat(before.atMicros() - before.originMicros()).isEqualTo(3 * MILLI);
        assertThat(after.atMicros() - after.originMicros()).isZero();
    }
}
