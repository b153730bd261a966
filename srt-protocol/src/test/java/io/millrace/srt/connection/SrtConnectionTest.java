package io.millrace.srt.connection;

import static io.millrace.srt.connection.ConnectionRig.FIRST;
import static io.millrace.srt.connection.ConnectionRig.LATENCY_MILLIS;
import static io.millrace.srt.connection.ConnectionRig.MILLI;
import static io.millrace.srt.connection.ConnectionRig.SECOND;
import static io.millrace.srt.connection.ConnectionRig.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.packet.PacketTimestamp;
import io.millrace.srt.packet.Packets;
import io.millrace.srt.packet.WrittenPackets;
import io.millrace.srt.receive.Delivery;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Draft §3.2.3, §3.2.7: what keeps a connection, and what ends it. */
class SrtConnectionTest {
    private final ConnectionRig rig = new ConnectionRig();

    @Test
    void aKeepAliveIsSentAfterASecondOfSendingNothing() {
        rig.run(SECOND - 1);
        assertThat(rig.written).isEmpty();

        rig.run(10 * MILLI + 1);

        assertThat(rig.written).hasSize(1);
        ByteBuffer keepAlive = rig.written.get(0);
        assertThat(WrittenPackets.is(keepAlive, ControlType.KEEP_ALIVE)).isTrue();
        assertThat(keepAlive.remaining()).isEqualTo(20);
        assertThat(PacketDecoder.destinationSocketId(keepAlive)).isEqualTo(77);
        assertThat(ControlHeader.timestamp(keepAlive)).isBetween(61_000_000, 61_010_000);
    }

    @Test
    void keepAlivesAreSentWhateverIsHeard() {
        for (int i = 0; i < 100; i++) {
            rig.handle(Packets.bare(ControlType.KEEP_ALIVE, 0, 0));
            rig.run(100 * MILLI);
        }

        assertThat(rig.written).hasSize(9).allMatch(packet -> WrittenPackets.is(packet, ControlType.KEEP_ALIVE));
    }

    @Test
    void whoSendsDataSendsNoKeepAlives() {
        rig.sending();
        for (int i = 0; i < 50; i++) {
            rig.publish(100);
            rig.handle(Packets.ack(i + 1, FIRST + i + 1, 10_000, 1_000, 8192));
            rig.run(900 * MILLI);
        }

        assertThat(rig.written).noneMatch(packet -> WrittenPackets.is(packet, ControlType.KEEP_ALIVE));
    }

    @Test
    void silenceOfThePeerEndsTheConnectionAfterTheTimeout() {
        rig.run(2 * SECOND);
        rig.handle(Packets.bare(ControlType.KEEP_ALIVE, 0, 0));
        rig.run(5 * SECOND - 1);
        assertThat(rig.connection.closeReason()).isNull();

        rig.run(10 * MILLI + 1);

        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.PEER_IDLE);
    }

    @Test
    void anIdleConnectionWakesUpForItsKeepAlivesOnly() {
        for (int i = 0; i < 60; i++) {
            rig.handle(Packets.bare(ControlType.KEEP_ALIVE, 0, 0));
            rig.run(SECOND);
        }

        assertThat(rig.timeouts).isLessThanOrEqualTo(60);
    }

    @Test
    void aShutdownEndsTheConnectionAtOnceIfNothingIsHeld() {
        rig.receiving(Delivery.ON_ARRIVAL);
        rig.handle(Packets.data(FIRST, 0, new byte[1]));
        rig.handle(Packets.bare(ControlType.SHUTDOWN, 0, 0));

        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        assertThat(rig.delivered).containsExactly(0L);
    }

    @Test
    void whatCameBeforeAShutdownIsStillDeliveredAtItsTime() {
        rig.receiving(Delivery.BY_TIMESTAMP).sending();
        rig.handle(Packets.data(FIRST, 0, new byte[1]));
        rig.handle(Packets.data(FIRST + 2, 0, new byte[1]));
        rig.handle(Packets.bare(ControlType.SHUTDOWN, 0, 0));
        int written = rig.written.size();
        rig.publish(100);
        // Longer than the timeout for a silent peer, which does not apply any more.
        rig.run(LATENCY_MILLIS * MILLI - 1);
        assertThat(rig.connection.closeReason()).isNull();
        assertThat(rig.delivered).isEmpty();

        rig.run(1);

        assertThat(rig.delivered).containsExactly(0L, 2L);
        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        assertThat(rig.written).as("packets for a peer that is gone").hasSize(written);
        assertThat(rig.timeouts).as("ticks of 10 ms, and no more").isLessThan(LATENCY_MILLIS / 10 + 10);
    }

    @Test
    void aGapThatNothingFollowsDoesNotHoldAConnectionThatWasShutDown() {
        rig.receiving(Delivery.BY_TIMESTAMP);
        rig.handle(Packets.data(FIRST + 2, 0, new byte[1]));
        rig.handle(Packets.dropRequest(FIRST + 3, FIRST + 5));
        rig.handle(Packets.bare(ControlType.SHUTDOWN, 0, 0));
        rig.run(LATENCY_MILLIS * MILLI);

        assertThat(rig.delivered).containsExactly(2L);
        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    @Test
    void whatComesAfterTheEndIsNotDelivered() {
        rig.receiving(Delivery.ON_ARRIVAL);
        rig.connection.close(CloseReason.LOCAL);
        rig.handle(Packets.data(FIRST, 0, new byte[1]));

        assertThat(rig.delivered).isEmpty();
    }

    @Test
    void theFirstReasonToCloseCounts() {
        rig.connection.close(CloseReason.LOCAL);
        rig.connection.close(CloseReason.REPLACED);

        assertThat(rig.connection.closeReason()).isEqualTo(CloseReason.LOCAL);
    }

    @Test
    void dataThatNobodyReceivesIsCountedAndDropped() {
        rig.sending();
        rig.handle(Packets.data(FIRST, 0, new byte[1]));
        rig.run(SECOND / 2);

        assertThat(rig.connection.unexpectedData()).isEqualTo(1);
        assertThat(rig.written).isEmpty();
    }

    @Test
    void controlPacketsForASideThatIsNotThereAreIgnored() {
        rig.handle(Packets.ack(1, FIRST, 1, 1, 1));
        rig.handle(Packets.nak(FIRST, FIRST));
        rig.handle(Packets.dropRequest(FIRST, FIRST));
        for (ControlType type : new ControlType[] {
            ControlType.ACK_ACK, ControlType.CONGESTION_WARNING, ControlType.PEER_ERROR, ControlType.USER_DEFINED
        }) {
            rig.handle(Packets.bare(type, 1, PacketTimestamp.of(rig.now - ZERO)));
        }

        assertThat(rig.connection.closeReason()).isNull();
        assertThat(rig.written).isEmpty();
    }
}
