package io.millrace.srt.send;

import static io.millrace.srt.send.SenderRig.MILLI;
import static io.millrace.srt.send.SenderRig.SECOND;
import static io.millrace.srt.send.SenderTest.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.Packets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draft §4.8.2: what loss reports lead to. */
class SenderRetransmissionTest {
    private final SendBuffer buffer = new SendBuffer(16384);
    private final SenderRig rig = new SenderRig(buffer, 1_000, 8192, SECOND, SenderRig.UNLIMITED);

    @Test
    void aRetransmissionEqualsTheFirstTransmissionButForItsFlag() {
        append(buffer, rig, 5);
        rig.wake();
        rig.now += 30 * MILLI;
        rig.nak(1, 2);

        assertThat(rig.retransmissions()).hasSize(2);
        for (SenderRig.Data copy : rig.retransmissions()) {
            SenderRig.Data original = rig.data.get((int) copy.offset());
            assertThat(copy.messageNumber()).isEqualTo(original.messageNumber());
            assertThat(copy.timestamp()).isEqualTo(original.timestamp());
            assertThat(copy.payload()).isEqualTo(original.payload());
            assertThat(copy.atMicros()).isEqualTo(rig.now);
        }
        assertThat(rig.statistics.pktRetransTotal).isEqualTo(2);
        assertThat(rig.statistics.byteRetransTotal).isEqualTo(2 * (100 + 44));
        assertThat(rig.statistics.pktSentTotal).isEqualTo(7);
        assertThat(rig.statistics.pktSentUniqueTotal).isEqualTo(5);
        assertThat(rig.statistics.pktSndLossTotal).isEqualTo(2);
        assertThat(rig.statistics.pktRecvNAKTotal).isEqualTo(1);
    }

    @Test
    void aReportThatCrossedTheCopyOnItsWayIsIgnored() {
        append(buffer, rig, 5);
        rig.wake();
        rig.ack(1, 0, 40_000, 1_000, 8192);
        rig.nak(1, 1);
        rig.run(35_999);
        rig.nak(1, 1);
        assertThat(rig.retransmissions()).hasSize(1);

        rig.run(1);
        rig.nak(1, 1);
        assertThat(rig.retransmissions()).hasSize(2);
        assertThat(rig.statistics.pktSndLossTotal).isEqualTo(3);
        assertThat(rig.statistics.lostOnTheWay).as("each packet once").isEqualTo(1);
    }

    @Test
    void aRepeatedReportGetsOneCopyMoreEachTimeSpreadOverAPartOfTheRoundTrip() {
        append(buffer, rig, 5);
        rig.wake();
        rig.ack(1, 0, 40_000, 0, 8192);
        rig.nak(1, 1);
        rig.run(40 * MILLI);
        rig.nak(1, 1);
        rig.run(45 * MILLI);

        assertThat(copies(1)).hasSize(3);
        assertThat(copies(1).get(2).atMicros() - copies(1).get(1).atMicros()).isEqualTo(5 * MILLI);

        rig.nak(1, 1);
        rig.run(60 * MILLI);
        assertThat(copies(1)).hasSize(3 + 3);
    }

    @Test
    void aReportWithNoTimeForAnotherRoundIsAnsweredAtOnceAndWithOneCopyMore() {
        SenderRig late = new SenderRig(buffer, 1_000, 8192, 120 * MILLI, SenderRig.UNLIMITED);
        append(buffer, late, 5);
        late.wake();
        late.ack(1, 0, 40_000, 1_000, 8192);
        late.run(50 * MILLI);
        late.nak(1, 1);
        late.run(20 * MILLI);
        assertThat(copies(late, 1)).hasSize(2);

        // Sooner than the round trip, and all the same.
        late.nak(1, 1);
        late.run(20 * MILLI);
        assertThat(copies(late, 1)).hasSize(2 + 3);
    }

    @Test
    void whatArrivesTooLateForManyRoundsIsFollowedByACopyUnasked() {
        ArrivalLog log = new ArrivalLog();
        SenderRig late = new SenderRig(log, 1_000, 8192, 120 * MILLI, SenderRig.UNLIMITED);
        log.put(0, late.now);
        log.put(2, late.now);
        late.wake();
        late.ack(1, 1, 40_000, 1_000, 8192);
        long produced = late.now;
        late.run(60 * MILLI);
        log.put(1, produced);
        late.wake();
        late.run(20 * MILLI);

        assertThat(late.data.stream().filter(packet -> packet.offset() == 1).map(SenderRig.Data::retransmitted))
                .containsExactly(false, true);
    }

    private List<SenderRig.Data> copies(long offset) {
        return copies(rig, offset);
    }

    private static List<SenderRig.Data> copies(SenderRig rig, long offset) {
        return rig.retransmissions().stream()
                .filter(packet -> packet.offset() == offset)
                .toList();
    }

    @Test
    void anAckEndsTheCopiesThatAreStillToCome() {
        append(buffer, rig, 5);
        rig.wake();
        rig.ack(1, 0, 40_000, 0, 8192);
        rig.nak(1, 1);
        rig.run(40 * MILLI);
        rig.nak(1, 1);
        rig.ack(2, 5, 40_000, 0, 8192);
        rig.run(SECOND);

        assertThat(rig.retransmissions()).hasSize(2);
        assertThat(rig.sender.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aReportOfAcknowledgedPacketsIsAnsweredWithADropRequest() {
        append(buffer, rig, 10);
        rig.wake();
        rig.ack(5, 8192);
        rig.nak(2, 6);

        assertThat(rig.dropRequests).containsExactly(List.of(2L, 4L));
        assertThat(rig.retransmissions()).extracting(SenderRig.Data::offset).containsExactly(5L, 6L);
    }

    @Test
    void aReportOfForgottenPacketsIsAnsweredWithADropRequest() {
        SendBuffer small = new SendBuffer(16);
        SenderRig forgetful = new SenderRig(small);
        append(small, forgetful, 10);
        forgetful.wake();
        append(small, forgetful, 10);
        forgetful.wake();
        forgetful.nak(1, 5);

        assertThat(forgetful.dropRequests).containsExactly(List.of(1L, 3L));
        assertThat(forgetful.retransmissions())
                .extracting(SenderRig.Data::offset)
                .containsExactly(4L, 5L);
    }

    @Test
    void aReportOfWhatHasNotArrivedHereIsAnsweredWhenItArrives() {
        ArrivalLog log = new ArrivalLog();
        SenderRig relay = new SenderRig(log);
        log.put(0, relay.now);
        log.put(2, relay.now);
        relay.wake();
        assertThat(relay.offsets()).containsExactly(0L, 2L);

        relay.nak(1, 1);
        relay.run(10 * MILLI);
        assertThat(relay.data).hasSize(2);
        assertThat(relay.dropRequests).isEmpty();
        assertThat(relay.statistics.lostOnTheWay).as("it was never sent").isZero();

        log.put(1, relay.now - 15 * MILLI);
        relay.wake();

        assertThat(relay.offsets()).containsExactly(0L, 2L, 1L);
        assertThat(relay.data.get(2).retransmitted()).isFalse();
        assertThat(relay.data.get(2).messageNumber()).isEqualTo(2);
        assertThat(relay.statistics.pktSentUniqueTotal).isEqualTo(3);
    }

    @Test
    void aReportOfWhatWillNeverArriveHereIsAnsweredWithADropRequest() {
        ArrivalLog log = new ArrivalLog();
        SenderRig relay = new SenderRig(log);
        log.put(0, relay.now);
        log.put(3, relay.now);
        log.settle(4);
        relay.wake();
        relay.nak(1, 2);

        assertThat(relay.dropRequests).containsExactly(List.of(1L, 2L));
    }

    @Test
    void whatArrivesHereAfterThePeerGaveItUpIsNotSent() {
        ArrivalLog log = new ArrivalLog();
        SenderRig relay = new SenderRig(log);
        log.put(0, relay.now);
        log.put(2, relay.now);
        relay.wake();
        relay.ack(3, 8192);
        log.put(1, relay.now);
        relay.wake();

        assertThat(relay.offsets()).containsExactly(0L, 2L);
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "3, 7", "100000, 100000"})
    void aReportOfWhatWasNeverSentIsCountedAndIgnored(long from, long to) {
        append(buffer, rig, 5);
        rig.wake();
        rig.nak(from, to);

        assertThat(rig.statistics.roguePackets).isEqualTo(1);
        assertThat(rig.statistics.pktSndLossTotal).isZero();
        assertThat(rig.retransmissions()).isEmpty();
        assertThat(rig.dropRequests).isEmpty();
    }

    @Test
    void aReportOfWhatCameBeforeTheConnectionIsNotAnswered() {
        append(buffer, rig, 5);
        rig.wake();
        rig.nak(-10, -5);

        assertThat(rig.dropRequests).isEmpty();
        assertThat(rig.retransmissions()).isEmpty();
    }

    @Test
    void whatIsTooLateIsNotRetransmittedAndTheReportNotRemembered() {
        append(buffer, rig, 5);
        rig.wake();
        rig.now += 1_021 * MILLI;
        rig.nak(1, 2);

        assertThat(rig.retransmissions()).isEmpty();
        rig.run(2 * SECOND);
        assertThat(rig.retransmissions()).isEmpty();
        assertThat(rig.sender.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void newPacketsLeaveBeforeRetransmissions() {
        append(buffer, rig, 5);
        rig.wake();
        append(buffer, rig, 2);
        rig.nak(0, 1);

        assertThat(rig.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 0L, 1L);
    }

    @Test
    void retransmissionsStayWithinTheirBudgetUnderAStormOfReports() {
        rig.rtt.adopt(1_000, 0);
        long originals = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] payload = new byte[1316];
            buffer.append(rig.now, payload);
            originals += payload.length + 44;
            rig.wake();
            if (i % 5 == 4) {
                rig.nak(Math.max(0, i - 900), i);
            }
            rig.run(MILLI);
        }

        assertThat(rig.statistics.byteSentUniqueTotal).isEqualTo(originals);
        assertThat(rig.statistics.byteRetransTotal).isLessThanOrEqualTo(originals + 256 * 1024);
        assertThat(rig.statistics.retransmissionsDeferred).isPositive();
    }

    @Test
    void aHugeReportCostsLittle() {
        ArrivalLog log = new ArrivalLog();
        SenderRig relay = new SenderRig(log, 1_000, 1 << 20, 120 * MILLI, BandwidthLimit.DEFAULT);
        for (int position = 0; position < 100_000; position++) {
            log.put(position, relay.now);
        }
        relay.run(0);
        relay.wake();
        relay.run(200 * MILLI);
        int[] ranges = new int[8_000];
        for (int i = 0; i < ranges.length; i += 2) {
            // From the end to the start, each before the last one.
            ranges[i] = relay.sequenceNumber(90_000 - 10L * i);
            ranges[i + 1] = relay.sequenceNumber(90_000 - 10L * i + 15);
        }
        ByteBuffer nak = Packets.nak(ranges);
        relay.data.clear();

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 20; i++) {
                relay.nak(nak);
                relay.nak(0, 99_999);
            }
        });

        assertThat(relay.retransmissions().size()).isLessThanOrEqualTo(RetransmitList.CAPACITY * 4);
    }
}
