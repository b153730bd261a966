package io.millrace.srt.receive;

import static io.millrace.srt.receive.ReceiverRig.MILLI;
import static io.millrace.srt.receive.ReceiverRig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.SequenceNumber;
import io.millrace.srt.packet.WrittenPackets.Range;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Draft §4.8.2 and §3.2.9: what a receiver reports lost, how often, and when it stops. */
class ReceiverLossTest {
    private final ReceiverRig rig = new ReceiverRig(Delivery.ON_ARRIVAL);

    @Test
    void aGapIsReportedAtOnceAndAlone() {
        rig.data(0);
        rig.data(2);
        rig.data(6);

        assertThat(rig.naks).hasSize(2);
        assertThat(rig.naks.get(0).losses()).containsExactly(new Range(1_001, 1_001));
        assertThat(rig.naks.get(1).losses()).containsExactly(new Range(1_003, 1_005));
        assertThat(rig.naks).extracting(ReceiverRig.Nak::atMicros).containsOnly(rig.now);
        assertThat(rig.statistics.pktRcvLossTotal).isEqualTo(4);
        assertThat(rig.statistics.pktSentNAKTotal).isEqualTo(2);
    }

    @Test
    void whatComesAfterAGapDoesNotReportItAgain() {
        rig.data(0);
        rig.data(2);
        for (int offset = 3; offset < 50; offset++) {
            rig.data(offset);
        }

        assertThat(rig.naks).hasSize(1);
    }

    @Test
    void theFirstPacketsMayBeMissingToo() {
        rig.data(2);

        assertThat(rig.naks.get(0).losses()).containsExactly(new Range(1_000, 1_001));
    }

    @ParameterizedTest
    @CsvSource({
        // The first sample's variance is its half: (RTT + 4 × variance) / 2, at least 20 ms, on the 10 ms grid.
        "2, 20, 6",
        "20, 30, 3"
    })
    void aReportIsRepeatedAfterHalfOfTheRoundTripAndFourVariances(long rttMillis, long intervalMillis, int reports) {
        rig.rtt.sample(rttMillis * MILLI);
        rig.data(0);
        rig.data(2);
        // Up to where three round trips are left.
        rig.run(ReceiverRig.LATENCY - 3 * rttMillis * MILLI);

        assertThat(rig.naks).hasSize(reports);
        assertRepeated(intervalMillis);
    }

    @ParameterizedTest
    @CsvSource({"40, 20, 6", "160, 40, 3"})
    void aLossWithoutTimeForManyRoundsIsReportedEveryQuarterOfARoundTrip(
            long rttMillis, long intervalMillis, int reports) {
        rig.rtt.sample(rttMillis * MILLI);
        rig.data(0);
        rig.data(2);
        // By then it is given up.
        rig.run(ReceiverRig.LATENCY);

        assertThat(rig.naks).hasSize(reports);
        assertRepeated(intervalMillis);
    }

    private void assertRepeated(long intervalMillis) {
        for (int i = 1; i < rig.naks.size(); i++) {
            assertThat(rig.naks.get(i).atMicros() - rig.naks.get(i - 1).atMicros())
                    .isEqualTo(intervalMillis * MILLI);
            assertThat(rig.naks.get(i).losses()).containsExactly(new Range(1_001, 1_001));
        }
    }

    @Test
    void eachLossIsRepeatedByItsOwnLastReport() {
        rig.rtt.sample(20 * MILLI);
        rig.data(0);
        rig.data(2);
        rig.run(10 * MILLI);
        rig.data(4);
        rig.run(20 * MILLI);

        // The first one again after 30 ms, the second one not yet.
        assertThat(rig.reported()).containsExactly(1, 3, 1);
        rig.run(10 * MILLI);
        assertThat(rig.reported()).containsExactly(1, 3, 1, 3);
    }

    @Test
    void whatHasComeIsNotReportedAgain() {
        rig.data(0);
        rig.data(5);
        rig.retransmission(3, rig.now);
        // While the round trip is a guess, reports are repeated after 40 ms.
        rig.run(40 * MILLI);

        assertThat(rig.naks).hasSize(2);
        assertThat(rig.naks.get(1).losses()).containsExactly(new Range(1_001, 1_002), new Range(1_004, 1_004));

        ReceiverRig quick = new ReceiverRig(Delivery.ON_ARRIVAL);
        quick.rtt.sample(MILLI);
        quick.data(0);
        quick.data(5);
        quick.retransmission(3, quick.now);
        quick.run(20 * MILLI);

        assertThat(quick.naks.get(1).losses()).containsExactly(new Range(1_001, 1_002), new Range(1_004, 1_004));
    }

    @Test
    void nothingIsReportedAnyMoreOnceAllHasCome() {
        rig.data(0);
        rig.data(2);
        rig.retransmission(1, rig.now);
        rig.run(10 * MILLI);
        rig.ackAck(1);
        rig.run(SECOND);

        assertThat(rig.naks).hasSize(1);
        assertThat(rig.receiver.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aReportIsNeverLongerThanAPacketAndTheRestFollowsLowestFirst() {
        rig.rtt.sample(MILLI);
        int losses = 3_000;
        for (int offset = 0; offset <= 2 * losses; offset += 2) {
            rig.data(offset);
        }
        rig.naks.clear();
        rig.run(20 * MILLI);

        assertThat(rig.naks)
                .isNotEmpty()
                .allSatisfy(nak -> assertThat(nak.bytes())
                        .isLessThanOrEqualTo(ControlHeader.LENGTH + ReceiverRig.MAXIMUM_PAYLOAD));
        assertThat(rig.naks.get(0).losses()).hasSize(ReceiverRig.MAXIMUM_PAYLOAD / 4);
        assertThat(rig.reported()).isSorted();
    }

    @Test
    void aRangeMayGoOverTheEndOfTheSequenceNumbers() {
        ReceiverRig wrapping = new ReceiverRig(Delivery.ON_ARRIVAL, SequenceNumber.MAX - 2, 8192);
        wrapping.data(0);
        wrapping.data(6);

        assertThat(wrapping.naks.get(0).losses()).containsExactly(new Range(SequenceNumber.MAX - 1, 2));
        assertThat(wrapping.reported()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aDuplicateIsNoNewsAndNoReordering() {
        rig.data(0);
        rig.data(1);
        rig.data(3);
        rig.data(3);
        rig.data(0);

        assertThat(rig.offsets()).containsExactly(0L, 1L, 3L);
        assertThat(rig.statistics.pktRecvTotal).isEqualTo(5);
        assertThat(rig.statistics.pktRecvUniqueTotal).isEqualTo(3);
        assertThat(rig.statistics.pktReorderDistance).isZero();
    }

    @Test
    void theReorderDistanceIsHowFarAnOriginalFellBack() {
        rig.data(0);
        rig.data(5);
        rig.retransmission(1, rig.now);
        assertThat(rig.statistics.pktReorderDistance).isZero();

        rig.data(3);
        rig.data(4);

        assertThat(rig.statistics.pktReorderDistance).isEqualTo(2);
        assertThat(rig.statistics.pktRcvRetransTotal).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void aDropRequestFromTheGapOnSettlesIt(Delivery delivery) {
        ReceiverRig any = new ReceiverRig(delivery);
        any.data(0);
        any.data(5);
        any.dropRequest(1, 4);

        assertThat(any.settled()).isEqualTo(6);
        assertThat(any.statistics.pktRcvDropTotal).isEqualTo(4);
        any.run(SECOND);
        assertThat(any.naks).hasSize(1);
    }

    @Test
    void aDropRequestInsideAGapEndsItsReportsOnly() {
        rig.rtt.sample(MILLI);
        rig.data(0);
        rig.data(10);
        rig.dropRequest(4, 6);
        rig.run(20 * MILLI);

        assertThat(rig.settled()).isEqualTo(1);
        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(3);
        assertThat(rig.naks.get(1).losses()).containsExactly(new Range(1_001, 1_003), new Range(1_007, 1_009));
    }

    @Test
    void aDropRequestThatOverlapsDropsNothingThatHasCome() {
        rig.data(0);
        rig.data(1);
        rig.data(4);
        rig.dropRequest(-3, 3);

        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(2);
        assertThat(rig.settled()).isEqualTo(5);
        assertThat(rig.offsets()).containsExactly(0L, 1L, 4L);
    }

    @Test
    void aDropRequestBehindTheEndMovesTheEnd() {
        rig.data(0);
        rig.dropRequest(1, 3);
        rig.data(4);

        assertThat(rig.naks).isEmpty();
        assertThat(rig.settled()).isEqualTo(5);
        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(3);
    }

    @Test
    void aDropRequestThatBeginsBehindTheEndIsIgnored() {
        rig.data(0);
        rig.dropRequest(2, 3);
        rig.data(1);

        assertThat(rig.settled()).isEqualTo(2);
        assertThat(rig.statistics.pktRcvDropTotal).isZero();
    }

    @Test
    void aRepeatedDropRequestChangesNothing() {
        rig.data(0);
        rig.data(5);
        for (int i = 0; i < 1_000; i++) {
            rig.dropRequest(1, 4);
        }

        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(4);
        assertThat(rig.settled).containsExactly(1L, 6L);
    }

    @ParameterizedTest
    @EnumSource(Delivery.class)
    void hugeDropRequestsCostLittle(Delivery delivery) {
        ReceiverRig any = new ReceiverRig(delivery);
        any.data(0);
        any.data(8_000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 10_000; i++) {
                any.dropRequest(i % 3, SequenceNumber.MAX / 2 - 10);
            }
            for (int offset = 1; offset < 8_000; offset += 2) {
                any.dropRequest(offset, offset);
            }
            any.run(SECOND);
        });

        assertThat(any.settled()).isEqualTo(8_001);
    }

    @Test
    void aPacketThatComesAfterItWasGivenUpIsBelated() {
        rig.data(0);
        rig.data(2);
        rig.run(ReceiverRig.LATENCY);
        rig.run(30 * MILLI);
        rig.retransmission(1, rig.now - ReceiverRig.LATENCY - 30 * MILLI);

        assertThat(rig.offsets()).containsExactly(0L, 2L);
        assertThat(rig.statistics.pktRcvBelatedTotal).isEqualTo(1);
        assertThat(rig.statistics.belatedMicros).isEqualTo(30 * MILLI);
        assertThat(rig.statistics.pktRecvUniqueTotal).isEqualTo(2);
    }

    @Test
    void undecryptablePacketsAreConsumed() {
        rig.data(0);
        rig.packet(Packets.encrypted(Packets.data(1_001, 0, new byte[100])));
        rig.data(2);

        assertThat(rig.offsets()).containsExactly(0L, 2L);
        assertThat(rig.settled()).isEqualTo(3);
        assertThat(rig.naks).isEmpty();
        assertThat(rig.statistics.pktRcvUndecryptTotal).isEqualTo(1);
        assertThat(rig.statistics.byteRcvUndecryptTotal).isEqualTo(100);
        assertThat(rig.statistics.pktRcvDropTotal).isEqualTo(1);
    }

    @Test
    void packetsLongerThanTheSegmentSizeAllowsAreCountedAndDropped() {
        rig.packet(Packets.data(1_000, 0, new byte[ReceiverRig.MAXIMUM_PAYLOAD]));
        rig.packet(Packets.data(1_001, 0, new byte[ReceiverRig.MAXIMUM_PAYLOAD + 1]));

        assertThat(rig.offsets()).isEqualTo(List.of(0L));
        assertThat(rig.statistics.oversizedPackets).isEqualTo(1);
        assertThat(rig.settled()).isEqualTo(1);
    }
}
