package io.millrace.srt.connection;

import static io.millrace.srt.connection.ConnectionRig.FIRST;
import static io.millrace.srt.connection.ConnectionRig.MILLI;
import static io.millrace.srt.connection.ConnectionRig.SECOND;
import static io.millrace.srt.connection.ConnectionRig.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.PacketTimestamp;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.receive.Delivery;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** libsrt's statistics: each counter is moved by its event and by nothing else. */
class ConnectionStatisticsTest {
    private final ConnectionRig rig =
            new ConnectionRig(120).receiving(Delivery.ON_ARRIVAL).sending();

    @Test
    void dataReceived() {
        assertThat(rig.countersMovedBy(() -> data(0)))
                .isEqualTo(moved(
                        Statistic.pktRecvTotal, 1,
                        Statistic.byteRecvTotal, 144,
                        Statistic.pktRecvUniqueTotal, 1,
                        Statistic.byteRecvUniqueTotal, 144));
    }

    @Test
    void aFullAckSent() {
        data(0);

        assertThat(rig.countersMovedBy(() -> rig.run(10 * MILLI))).isEqualTo(moved(Statistic.pktSentACKTotal, 1));
    }

    @Test
    void aGapOnArrival() {
        data(0);

        assertThat(rig.countersMovedBy(() -> data(3)))
                .isEqualTo(moved(
                        Statistic.pktRecvTotal, 1,
                        Statistic.byteRecvTotal, 144,
                        Statistic.pktRecvUniqueTotal, 1,
                        Statistic.byteRecvUniqueTotal, 144,
                        Statistic.pktRcvLossTotal, 2,
                        Statistic.byteRcvLossTotal, 288,
                        Statistic.pktSentNAKTotal, 1));
    }

    @Test
    void aRetransmissionReceived() {
        data(0);
        data(2);

        assertThat(rig.countersMovedBy(() -> rig.handle(Packets.data(FIRST + 1, 0, true, new byte[100]))))
                .isEqualTo(moved(
                        Statistic.pktRecvTotal, 1,
                        Statistic.byteRecvTotal, 144,
                        Statistic.pktRecvUniqueTotal, 1,
                        Statistic.byteRecvUniqueTotal, 144,
                        Statistic.pktRcvRetransTotal, 1));
    }

    @Test
    void aDuplicateReceived() {
        data(0);
        data(2);

        assertThat(rig.countersMovedBy(() -> data(2)))
                .isEqualTo(moved(Statistic.pktRecvTotal, 1, Statistic.byteRecvTotal, 144));
    }

    @Test
    void anOriginalReceivedLate() {
        data(0);
        data(4);

        assertThat(rig.countersMovedBy(() -> data(2)))
                .isEqualTo(moved(
                        Statistic.pktRecvTotal, 1,
                        Statistic.byteRecvTotal, 144,
                        Statistic.pktRecvUniqueTotal, 1,
                        Statistic.byteRecvUniqueTotal, 144,
                        Statistic.pktReorderDistance, 2));
    }

    @Test
    void aDropRequestReceived() {
        data(0);
        data(3);

        assertThat(rig.countersMovedBy(() -> rig.handle(Packets.dropRequest(FIRST + 1, FIRST + 2))))
                .isEqualTo(moved(Statistic.pktRcvDropTotal, 2, Statistic.byteRcvDropTotal, 288));
    }

    @Test
    void packetsThatBecameTooLateAndOneThatComesAfterwards() {
        data(0);
        data(2);
        // Two ACKs: of what came before the gap, and of what came behind it. Two repeated reports, 40 ms apart.
        assertThat(rig.countersMovedBy(() -> rig.run(120 * MILLI)))
                .isEqualTo(moved(
                        Statistic.pktRcvDropTotal,
                        1,
                        Statistic.byteRcvDropTotal,
                        144,
                        Statistic.pktSentACKTotal,
                        2,
                        Statistic.pktSentNAKTotal,
                        2));
        rig.now += 30 * MILLI;

        assertThat(rig.countersMovedBy(() -> rig.handle(Packets.data(FIRST + 1, 0, true, new byte[100]))))
                .isEqualTo(moved(
                        Statistic.pktRecvTotal, 1,
                        Statistic.byteRecvTotal, 144,
                        Statistic.pktRcvRetransTotal, 1,
                        Statistic.pktRcvBelatedTotal, 1,
                        Statistic.pktRcvAvgBelatedTime, 30));
    }

    @Test
    void anUndecryptablePacketReceived() {
        data(0);
        ByteBuffer encrypted = Packets.encrypted(Packets.data(FIRST + 1, 0, new byte[100]));

        assertThat(rig.countersMovedBy(() -> rig.handle(encrypted)))
                .isEqualTo(moved(
                        Statistic.pktRecvTotal, 1,
                        Statistic.byteRecvTotal, 144,
                        Statistic.pktRecvUniqueTotal, 1,
                        Statistic.byteRecvUniqueTotal, 144,
                        Statistic.pktRcvUndecryptTotal, 1,
                        Statistic.byteRcvUndecryptTotal, 100,
                        Statistic.pktRcvDropTotal, 1,
                        Statistic.byteRcvDropTotal, 144));
    }

    @Test
    void dataSent() {
        assertThat(rig.countersMovedBy(() -> rig.publish(200)))
                .isEqualTo(moved(
                        Statistic.pktSentTotal, 1,
                        Statistic.byteSentTotal, 244,
                        Statistic.pktSentUniqueTotal, 1,
                        Statistic.byteSentUniqueTotal, 244));
    }

    @Test
    void anAckReceived() {
        rig.publish(200);

        assertThat(rig.countersMovedBy(() -> rig.handle(Packets.ack(1, FIRST + 1, 10_000, 1_000, 8192))))
                .isEqualTo(moved(Statistic.pktRecvACKTotal, 1));
        assertThat(rig.countersMovedBy(() -> rig.handle(Packets.lightAck(FIRST + 1))))
                .isEmpty();
    }

    @Test
    void aLossReportReceived() {
        rig.publish(200);
        rig.publish(200);

        assertThat(rig.countersMovedBy(() -> rig.handle(Packets.nak(FIRST, FIRST + 1))))
                .isEqualTo(moved(
                        Statistic.pktRecvNAKTotal, 1,
                        Statistic.pktSndLossTotal, 2,
                        Statistic.pktSentTotal, 2,
                        Statistic.byteSentTotal, 488,
                        Statistic.pktRetransTotal, 2,
                        Statistic.byteRetransTotal, 488));
    }

    @Test
    void packetsTooLateToBeSent() {
        rig.publish(200);
        rig.now += 1_021 * MILLI;

        assertThat(rig.countersMovedBy(() -> rig.run(250 * MILLI)))
                .isEqualTo(moved(Statistic.pktSndDropTotal, 1, Statistic.byteSndDropTotal, 244));
    }

    @Test
    void payloadsThatTheLogForgotBeforeTheyWereSent() {
        for (int i = 0; i < 70; i++) {
            rig.source.append(rig.now, new byte[200]);
        }

        assertThat(rig.countersMovedBy(() -> rig.publish(200))).containsEntry(Statistic.pktLappedTotal, 7.0);
    }

    @Test
    void keepAlivesAndAnswersAreNoData() {
        data(0);
        rig.run(10 * MILLI);

        assertThat(rig.countersMovedBy(() -> {
                    rig.handle(Packets.bare(ControlType.ACK_ACK, 1, timestamp()));
                    rig.handle(Packets.bare(ControlType.KEEP_ALIVE, 0, timestamp()));
                    rig.run(SECOND);
                }))
                .isEmpty();
        assertThat(rig.value(Statistic.msRTT)).isEqualTo(0.001);
    }

    @Test
    void whatIsUnderWayAndHeld() {
        IntStream.range(0, 3).forEach(i -> rig.publish(200));
        rig.now += 5 * MILLI;

        assertThat(rig.value(Statistic.pktFlightSize)).isEqualTo(3);
        assertThat(rig.value(Statistic.pktSndBuf)).isEqualTo(3);
        assertThat(rig.value(Statistic.byteSndBuf)).isEqualTo(600);
        assertThat(rig.value(Statistic.msSndBuf)).isEqualTo(5);
        assertThat(rig.value(Statistic.pktFlowWindow)).isEqualTo(8192);
        assertThat(rig.value(Statistic.byteAvailSndBuf)).isEqualTo((8192 - 3) * 1456);
        assertThat(rig.value(Statistic.usSndDurationTotal)).isEqualTo(5 * MILLI);
        assertThat(rig.value(Statistic.mbpsMaxBW)).isEqualTo(1_000);

        ConnectionRig holding = new ConnectionRig(120).receiving(Delivery.BY_TIMESTAMP);
        holding.handle(Packets.data(FIRST, 0, new byte[100]));
        holding.handle(Packets.data(FIRST + 1, 7_000, new byte[50]));

        assertThat(holding.value(Statistic.pktRcvBuf)).isEqualTo(2);
        assertThat(holding.value(Statistic.byteRcvBuf)).isEqualTo(150);
        assertThat(holding.value(Statistic.msRcvBuf)).isEqualTo(7);
        assertThat(holding.value(Statistic.byteAvailRcvBuf)).isEqualTo(8190 * 1456);
    }

    @Test
    void whatTheHandshakeAgreedOn() {
        assertThat(rig.value(Statistic.byteMSS)).isEqualTo(1500);
        assertThat(rig.value(Statistic.msSndTsbPdDelay)).isEqualTo(120);
        assertThat(rig.value(Statistic.msRcvTsbPdDelay)).isEqualTo(120);
        rig.now += 2_500 * MILLI;
        assertThat(rig.value(Statistic.msTimeStamp)).isEqualTo(2_500);
    }

    @Test
    void ratesAreThoseSinceTheLastSnapshot() {
        rig.snapshot();
        data(0);
        rig.publish(206);
        rig.now += MILLI;
        Map<Statistic, Double> values = rig.snapshot();

        // Bits a microsecond: 144 and 250 bytes in a millisecond.
        assertThat(values).containsEntry(Statistic.mbpsRecvRate, 1.152).containsEntry(Statistic.mbpsSendRate, 2.0);
        rig.now += MILLI;
        assertThat(rig.value(Statistic.mbpsRecvRate)).isZero();
    }

    @Test
    void whatCameAboutSinceASnapshotIsTheDifference() {
        data(0);
        rig.publish(206);
        ConnectionStatistics earlier = rig.connection.statistics(rig.now);
        data(3);
        rig.now += 5 * MILLI;

        ConnectionStatistics since = rig.connection.statistics(rig.now).since(earlier);

        assertThat(since.value(Statistic.pktRecvTotal)).isEqualTo(1);
        assertThat(since.value(Statistic.pktRcvLossTotal)).isEqualTo(2);
        assertThat(since.value(Statistic.pktSentTotal)).isZero();
        assertThat(since.value(Statistic.msTimeStamp)).isEqualTo(5);
        assertThat(since.value(Statistic.msSndBuf)).isEqualTo(5);
    }

    @Test
    void statisticSinceALaterTimeHasLibsrtsNameForIt() {
        assertThat(Statistic.pktRcvLossTotal.intervalName()).isEqualTo("pktRcvLoss");
        assertThat(Statistic.msRTT.intervalName()).isEqualTo("msRTT");
        assertThat(Statistic.msRTT.accumulates()).isFalse();
        assertThat(Statistic.usSndDurationTotal.accumulates()).isTrue();
    }

    @Test
    void sampleHasWhatIsReceived() {
        LegSample sample = new LegSample();
        rig.connection.sampleReceived(sample);
        assertThat(sample.rttMicros).as("while it is a guess").isEqualTo(-1);

        data(0);
        rig.run(10 * MILLI);
        rig.handle(Packets.bare(ControlType.ACK_ACK, 1, timestamp()));
        data(3);
        rig.now += 7 * MILLI;
        data(4);
        rig.connection.sampleReceived(sample);

        assertThat(sample.rttMicros).isEqualTo(1);
        assertThat(sample.bufferMicros).isEqualTo(7 * MILLI);
        assertThat(sample.packets).isEqualTo(3);
        assertThat(sample.bytes).isEqualTo(3 * 144);
        assertThat(sample.uniquePackets).isEqualTo(3);
        assertThat(sample.uniqueBytes).isEqualTo(3 * 144);
        assertThat(sample.lostPackets).isEqualTo(2);
        assertThat(sample.flightPackets).isZero();

        rig.run(SECOND);
        rig.connection.sampleReceived(sample);
        assertThat(sample.droppedPackets).isEqualTo(2);
        assertThat(sample.bufferMicros).isZero();
    }

    @Test
    void sampleHasWhatIsSent() {
        LegSample sample = new LegSample();
        rig.publish(200);
        rig.publish(206);
        rig.handle(Packets.nak(FIRST, FIRST + 1));
        rig.now += 5 * MILLI;
        rig.connection.sampleSent(rig.now, sample);

        assertThat(sample.rttMicros).as("while it is a guess").isEqualTo(-1);
        assertThat(sample.bufferMicros).isEqualTo(5 * MILLI);
        assertThat(sample.flightPackets).isEqualTo(2);
        assertThat(sample.packets).isEqualTo(4);
        assertThat(sample.bytes).isEqualTo(2 * (244 + 250));
        assertThat(sample.uniquePackets).isEqualTo(2);
        assertThat(sample.uniqueBytes).isEqualTo(244 + 250);
        assertThat(sample.lostPackets).isEqualTo(2);
        assertThat(sample.retransmittedPackets).isEqualTo(2);

        rig.handle(Packets.ack(1, FIRST + 2, 10_000, 1_000, 8192));
        rig.connection.sampleSent(rig.now, sample);
        assertThat(sample.rttMicros).as("as the peer says").isEqualTo(10_000);
        assertThat(sample.flightPackets).isZero();
        assertThat(sample.bufferMicros).isZero();
    }

    private void data(int offset) {
        rig.handle(Packets.data(FIRST + offset, timestamp(), new byte[100]));
    }

    private int timestamp() {
        return PacketTimestamp.of(rig.now - ZERO);
    }

    private static Map<Statistic, Double> moved(Object... statisticsAndChanges) {
        Map<Statistic, Double> changes = new EnumMap<>(Statistic.class);
        for (int i = 0; i < statisticsAndChanges.length; i += 2) {
            changes.put((Statistic) statisticsAndChanges[i], ((Integer) statisticsAndChanges[i + 1]).doubleValue());
        }
        return changes;
    }
}
