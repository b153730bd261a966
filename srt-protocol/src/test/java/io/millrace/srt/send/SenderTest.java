package io.millrace.srt.send;

import static io.millrace.srt.send.SenderRig.MILLI;
import static io.millrace.srt.send.SenderRig.SECOND;
import static io.millrace.srt.send.SenderRig.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.PacketTimestamp;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.SequenceNumber;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §4.4, §4.6 and §4.8.1: what is sent when, how far ahead of the ACKs, and what comes too late for it. */
class SenderTest {
    private final SendBuffer buffer = new SendBuffer(16384);
    private final SenderRig rig = new SenderRig(buffer);

    @Test
    void payloadsLeaveAtOnceAndInOrder() {
        append(buffer, rig, 3);
        rig.wake();

        assertThat(rig.offsets()).containsExactly(0L, 1L, 2L);
        assertThat(rig.data).extracting(SenderRig.Data::messageNumber).containsExactly(1, 2, 3);
        assertThat(rig.data).extracting(SenderRig.Data::retransmitted).containsOnly(false);
        assertThat(rig.data.get(1).payload()).isEqualTo(buffer.payloadAt(1).bytes());
        assertThat(rig.statistics.pktSentUniqueTotal).isEqualTo(3);
        assertThat(rig.statistics.byteSentUniqueTotal).isEqualTo(3 * (100 + 44));
    }

    @Test
    void theTimestampIsTheOriginTime() {
        buffer.append(rig.now - 700, new byte[1]);
        rig.wake();

        assertThat(rig.data.get(0).timestamp()).isEqualTo(PacketTimestamp.of(rig.now - 700 - SenderRig.ZERO));
    }

    @Test
    void sequenceNumbersGoOnOverTheirEnd() {
        SenderRig wrapping = new SenderRig(buffer, SequenceNumber.MAX - 1, 8192, 120 * MILLI, UNLIMITED);
        append(buffer, wrapping, 5);
        wrapping.wake();
        assertThat(wrapping.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L);

        wrapping.ack(1, 8192);
        wrapping.nak(1, 3);

        assertThat(wrapping.retransmissions())
                .extracting(SenderRig.Data::offset)
                .containsExactly(1L, 2L, 3L);
        wrapping.ack(5, 8192);
        assertThat(wrapping.sender.flightSize()).isZero();
    }

    @Test
    void theFlowWindowBlocksAndAnAckUnblocks() {
        SenderRig narrow = new SenderRig(buffer, 1_000, 4, 120 * MILLI, UNLIMITED);
        append(buffer, narrow, 10);
        narrow.wake();
        assertThat(narrow.offsets()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(narrow.sender.flightSize()).isEqualTo(4);

        narrow.ack(2, 4);

        assertThat(narrow.offsets()).endsWith(4L, 5L);
        assertThat(narrow.sender.flightSize()).isEqualTo(4);
        assertThat(narrow.sender.flowWindow()).isEqualTo(4);

        narrow.ack(6, 100);

        assertThat(narrow.offsets()).endsWith(6L, 7L, 8L, 9L);
    }

    @Test
    void aLightAckAcknowledgesButOffersNoRoom() {
        SenderRig narrow = new SenderRig(buffer, 1_000, 4, 120 * MILLI, UNLIMITED);
        append(buffer, narrow, 10);
        narrow.wake();
        narrow.packetAck(Packets.lightAck(1_003));

        assertThat(narrow.data).hasSize(4);
        assertThat(narrow.sender.flightSize()).isEqualTo(1);
        assertThat(narrow.sender.flowWindow()).isEqualTo(1);
        assertThat(narrow.ackAcks).isEmpty();
        assertThat(narrow.statistics.pktRecvACKTotal).isZero();
    }

    @Test
    void aFullAckIsAnsweredWithItsNumber() {
        append(buffer, rig, 2);
        rig.wake();
        rig.ack(4711, 2, 100_000, 50_000, 8192);
        rig.ack(4712, 2, 100_000, 50_000, 8192);

        assertThat(rig.ackAcks).containsExactly(4711, 4712);
        assertThat(rig.statistics.pktRecvACKTotal).isEqualTo(2);
    }

    @Test
    void aStaleAckIsAnsweredAndChangesNothing() {
        append(buffer, rig, 5);
        rig.wake();
        rig.ack(1, 4, 40_000, 5_000, 100);
        rig.ack(2, 1, 90_000, 80_000, 1);

        assertThat(rig.ackAcks).containsExactly(1, 2);
        assertThat(rig.sender.flightSize()).isEqualTo(1);
        assertThat(rig.sender.flowWindow()).isEqualTo(100);
        assertThat(rig.rtt.rttMicros()).isEqualTo(40_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_006, 5_000_000, -1, Integer.MIN_VALUE})
    void anAckOfWhatWasNeverSentIsCountedAndIgnored(int sequenceNumber) {
        append(buffer, rig, 5);
        rig.wake();
        rig.packetAck(Packets.ack(1, sequenceNumber, 1, 1, 1));

        assertThat(rig.statistics.roguePackets).isEqualTo(1);
        assertThat(rig.sender.flightSize()).isEqualTo(5);
        assertThat(rig.sender.flowWindow()).isEqualTo(8192);
        assertThat(rig.rtt.rttMicros()).isEqualTo(100_000);
        assertThat(rig.ackAcks).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void anAbsurdWindowDoesNoHarm(int window) {
        append(buffer, rig, 5);
        rig.wake();
        rig.ack(5, window);
        append(buffer, rig, 5);
        rig.wake();

        assertThat(rig.data).hasSize(window < 0 ? 5 : 10);
        assertThat(rig.sender.flowWindow()).isNotNegative();
    }

    /** §4.10: a sender without samples of its own relies on the receiver's. */
    @Test
    void theRoundTripIsTheReceivers() {
        append(buffer, rig, 1);
        rig.wake();
        rig.ack(1, 1, 33_000, 4_000, 8192);

        assertThat(rig.rtt.rttMicros()).isEqualTo(33_000);
        assertThat(rig.rtt.varianceMicros()).isEqualTo(4_000);
        rig.rtt.sample(10_000);
        rig.ack(2, 1, 33_000, 4_000, 8192);
        assertThat(rig.rtt.rttMicros()).isEqualTo(10_000);
    }

    @Test
    void theLinkCapacityIsTheReceiversSmoothed() {
        append(buffer, rig, 1);
        rig.wake();
        assertThat(rig.sender.linkCapacityPackets()).isZero();
        rig.ack(1, 8192);

        assertThat(rig.sender.linkCapacityPackets()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @CsvSource({"0, 1020", "120, 1020", "1000, 1020", "3000, 3020"})
    void whatItsReceiverCantUseAnyMoreIsTakenForAcknowledged(long latencyMillis, long dropMillis) {
        SenderRig late = new SenderRig(buffer, 1_000, 8192, latencyMillis * MILLI, UNLIMITED);
        append(buffer, late, 3);
        late.wake();
        late.run(dropMillis * MILLI);
        assertThat(late.sender.flightSize()).isEqualTo(3);

        // Looked at four times a second.
        late.run(251 * MILLI);

        assertThat(late.sender.flightSize()).isZero();
        assertThat(late.statistics.pktSndDropTotal).isEqualTo(3);
        assertThat(late.sender.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"120, 1020", "3000, 3020"})
    void aPayloadThatIsTooLateIsNotSent(long latencyMillis, long dropMillis) {
        SenderRig late = new SenderRig(buffer, 1_000, 8192, latencyMillis * MILLI, UNLIMITED);
        buffer.append(late.now - dropMillis * MILLI - 1, new byte[1]);
        buffer.append(late.now - dropMillis * MILLI, new byte[1]);
        late.wake();

        assertThat(late.offsets()).containsExactly(1L);
        assertThat(late.statistics.pktSndDropTotal).isEqualTo(1);
        late.ack(2, 8192);
        late.run(2 * SECOND);
        assertThat(late.statistics.pktSndDropTotal).isEqualTo(1);
    }

    @Test
    void aDroppedPacketCountsOnce() {
        SenderRig narrow = new SenderRig(buffer, 1_000, 4, 120 * MILLI, UNLIMITED);
        append(buffer, narrow, 10);
        narrow.wake();
        // Nobody answers: four are under way, six wait; all are too late then.
        narrow.run(1_100 * MILLI);
        narrow.wake();
        narrow.run(SECOND);

        assertThat(narrow.statistics.pktSndDropTotal).isEqualTo(10);
    }

    @Test
    void aReaderThatWasLappedMovesOnAndIsCounted() {
        SendBuffer small = new SendBuffer(16);
        SenderRig slow = new SenderRig(small);
        append(small, slow, 100);
        slow.wake();

        assertThat(slow.offsets()).isEqualTo(LongStream.range(84, 100).boxed().toList());
        assertThat(slow.statistics.pktLapped).isEqualTo(84);
    }

    @Test
    void aReaderThatWasLappedByMoreThanTheWindowMovesOnToo() {
        SendBuffer small = new SendBuffer(16);
        SenderRig slow = new SenderRig(small, 1_000, 32, 120 * MILLI, UNLIMITED);
        append(small, slow, 1);
        slow.wake();
        slow.ack(1, 32);
        append(small, slow, 1_000);
        slow.wake();

        assertThat(slow.offsets()).startsWith(0L, 985L).hasSize(17);
        slow.nak(1, 984);
        assertThat(slow.dropRequests).containsExactly(List.of(1L, 984L));
    }

    @Test
    void withoutRoomForLongOnePacketAsksForIt() {
        append(buffer, rig, 1);
        rig.wake();
        rig.ack(1, 0);
        for (int i = 0; i < 300; i++) {
            append(buffer, rig, 1);
            rig.wake();
            rig.run(10 * MILLI);
        }

        // The ACK that would have told of room is lost: one packet asks each second.
        List<SenderRig.Data> originals =
                rig.data.stream().filter(packet -> !packet.retransmitted()).toList();
        assertThat(originals).hasSize(3);
        rig.ack(originals.get(2).offset() + 1, 100);
        assertThat(rig.data.size()).isGreaterThan(50);
    }

    /** §5.1.2. */
    @Test
    void packetsLeaveAtTheSendingPeriod() {
        // 1360 bytes with headers each millisecond.
        SenderRig paced = new SenderRig(buffer, 1_003, 8192, 120 * MILLI, new BandwidthLimit(1_360_000, 0, 25, 100));
        for (int i = 0; i < 401; i++) {
            buffer.append(paced.now, new byte[1316]);
        }
        paced.wake();
        paced.run(SECOND / 2);

        assertThat(paced.data.get(400).atMicros() - paced.data.get(0).atMicros())
                .isBetween(397 * MILLI, 401 * MILLI);
        assertThat(paced.sender.sendPeriodMicros()).isEqualTo(1_000.0);
    }

    /** §5.1.3. */
    @Test
    void every16thPacketIsFollowedByItsSuccessorWithoutAPause() {
        SenderRig paced = new SenderRig(buffer, 1_003, 8192, 120 * MILLI, new BandwidthLimit(100_000, 0, 25, 100));
        append(buffer, paced, 50);
        paced.wake();
        paced.run(SECOND);

        assertThat(paced.offsets()).startsWith(LongStream.range(0, 50).boxed().toArray(Long[]::new));
        for (int i = 1; i < 50; i++) {
            boolean atOnce =
                    paced.data.get(i).atMicros() == paced.data.get(i - 1).atMicros();
            assertThat(atOnce).as("packet %d", 1_003 + i).isEqualTo((1_003 + i) % 16 == 1);
        }
    }

    @Test
    void theLastPacketIsSentAgainWhileNothingFollowsAndNobodyAnswers() {
        append(buffer, rig, 3);
        rig.wake();
        rig.run(5 * SECOND);

        assertThat(rig.retransmissions()).isNotEmpty().allMatch(packet -> packet.offset() == 2);
        assertThat(rig.retransmissions().get(0).atMicros() - rig.data.get(0).atMicros())
                .isBetween(310 * MILLI, 320 * MILLI);
        assertThat(rig.sender.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void nothingIsLeftToDoOnceAllIsAcknowledged() {
        append(buffer, rig, 3);
        rig.wake();
        rig.ack(3, 8192);
        rig.run(SECOND);

        assertThat(rig.data).hasSize(3);
        assertThat(rig.sender.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theTimeWithSomethingToSendIsCounted() {
        append(buffer, rig, 1);
        rig.wake();
        rig.run(40 * MILLI);
        assertThat(rig.sender.busyMicros(rig.now)).isEqualTo(40 * MILLI);
        rig.ack(1, 8192);
        rig.run(SECOND);
        append(buffer, rig, 1);
        rig.wake();
        rig.run(7 * MILLI);

        assertThat(rig.sender.busyMicros(rig.now)).isEqualTo(47 * MILLI);
    }

    static void append(SendBuffer buffer, SenderRig rig, int payloads) {
        for (int i = 0; i < payloads; i++) {
            byte[] bytes = new byte[100];
            bytes[0] = (byte) buffer.arrivalEnd();
            buffer.append(rig.now, bytes);
        }
    }
}
