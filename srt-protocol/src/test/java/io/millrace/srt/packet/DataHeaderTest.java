package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Draft §3.1. */
class DataHeaderTest {
    @Test
    void readsEachFieldFromItsBits() {
        ByteBuffer packet = PacketBytes.ofHex("7ffffffe 93fffffd 80000001 3fc5e5cd 474747");

        assertThat(PacketDecoder.isControl(packet)).isFalse();
        assertThat(DataHeader.sequenceNumber(packet)).isEqualTo(0x7FFF_FFFE);
        assertThat(DataHeader.boundary(packet)).isEqualTo(2);
        assertThat(DataHeader.isInOrder(packet)).isFalse();
        assertThat(DataHeader.keyFlags(packet)).isEqualTo(2);
        assertThat(DataHeader.isRetransmitted(packet)).isFalse();
        assertThat(DataHeader.messageNumber(packet)).isEqualTo(0x03FF_FFFD);
        assertThat(DataHeader.timestamp(packet)).isEqualTo(0x8000_0001);
        assertThat(PacketDecoder.destinationSocketId(packet)).isEqualTo(0x3FC5_E5CD);
        assertThat(DataHeader.payloadLength(packet)).isEqualTo(3);
    }

    @Test
    void tellsTheFlagsApart() {
        assertThat(DataHeader.isInOrder(PacketBytes.ofHex("00000000 20000000 00000000 00000000")))
                .isTrue();
        assertThat(DataHeader.isRetransmitted(PacketBytes.ofHex("00000000 04000000 00000000 00000000")))
                .isTrue();
        assertThat(DataHeader.keyFlags(PacketBytes.ofHex("00000000 e7ffffff 00000000 00000000")))
                .isZero();
    }

    @Test
    void writesWholeMessages() {
        assertThat(PacketBytes.hexOf(to -> DataHeader.write(to, 0x7FFF_FFFF, 1, 0, false, -1, 0x1234)))
                .isEqualTo("7fffffff c0000001 ffffffff 00001234");
        assertThat(PacketBytes.hexOf(to -> DataHeader.write(to, 0, MessageNumber.MAX, 0, true, 9, 0x1234)))
                .isEqualTo("00000000 c7ffffff 00000009 00001234");
    }
}
