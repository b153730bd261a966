package io.millrace.srt.send;

import static io.millrace.srt.send.SenderRig.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.Packets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a sender does whose turn comes late, because its side has more connections than it can serve. */
class SenderOverloadTest {
    private static final long LATENCY = 120 * MILLI;

    private final ArrivalLog log = new ArrivalLog();
    private final SenderRig rig = new SenderRig(log);

    @Test
    void aTurnThatComesWithinTheLatencyLosesNothing() {
        payloadEachMilli(0, 120);

        rig.turnAfter(LATENCY);

        assertThat(rig.offsets()).hasSize(120);
        assertThat(rig.statistics.pktShed).isZero();
    }

    @Test
    void aLaterTurnDropsTheOldestBeyondTheLatency() {
        payloadEachMilli(0, 150);

        rig.turnAfter(LATENCY + 30 * MILLI);

        assertThat(rig.offsets()).isEqualTo(LongStream.range(30, 150).boxed().toList());
        assertThat(rig.statistics.pktShed).isEqualTo(30);
        assertThat(rig.statistics.pktSndDropTotal).isZero();
    }

    @Test
    void payloadsThatAreOldThemselvesLoseNoMoreThanOthers() {
        for (int i = 0; i < 150; i++) {
            log.put(i, rig.now - 800 * MILLI + i * MILLI);
        }

        rig.turnAfter(LATENCY + 30 * MILLI);

        assertThat(rig.statistics.pktShed).isEqualTo(30);
        assertThat(rig.offsets()).hasSize(120);
    }

    @Test
    void aShortPauseLosesNothingWhateverTheLatency() {
        SenderRig hasty = new SenderRig(log, 1_000, 8192, 20 * MILLI, SenderRig.UNLIMITED);
        payloadEachMilli(0, 90);

        hasty.turnAfter(90 * MILLI);

        assertThat(hasty.offsets()).hasSize(90);
    }

    @Test
    void anAcknowledgementAfterWhatWasDroppedIsTaken() {
        payloadEachMilli(0, 150);
        rig.turnAfter(LATENCY + 30 * MILLI);

        rig.ack(150, 8192);

        assertThat(rig.sender.flightSize()).isZero();
        assertThat(rig.statistics.roguePackets).isZero();
    }

    @Test
    void whatWasDroppedIsSentAgainIfItIsAskedForInTime() {
        payloadEachMilli(0, 150);
        rig.turnAfter(LATENCY + 30 * MILLI);

        rig.nak(29, 29);

        assertThat(rig.retransmissions()).extracting(SenderRig.Data::offset).contains(29L);
    }

    @Test
    void onlyAnOverloadedSenderRepeatsNothingThatComesTooLate() {
        payloadEachMilli(0, 100);
        rig.wake();

        rig.sender.onNak(Packets.nak(rig.sequenceNumber(0), rig.sequenceNumber(49)), rig.now);
        rig.now += LATENCY + MILLI;
        rig.turnAfter(LATENCY + MILLI);
        assertThat(rig.retransmissions()).isEmpty();

        rig.nak(50, 99);
        assertThat(rig.retransmissions()).hasSize(50);
    }

    @Test
    void anAckAckFollowsTheDataOfTheSameTurn() {
        payloadEachMilli(0, 1);
        rig.sender.onAck(Packets.ack(1, rig.sequenceNumber(0), 100_000, 50_000, 8192));

        List<ByteBuffer> packets = rig.turnAfter(0);

        assertThat(packets).extracting(PacketDecoder::isControl).containsExactly(false, true);
    }

    /** Positions from {@code from} on, one a millisecond, the last one now. */
    private void payloadEachMilli(int from, int count) {
        for (int i = from; i < from + count; i++) {
            log.put(i, rig.now - (from + count - i) * MILLI);
        }
    }
}
