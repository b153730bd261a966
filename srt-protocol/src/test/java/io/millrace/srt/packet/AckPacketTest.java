package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Draft §3.2.4. */
class AckPacketTest {
    private static final String HEADER = "80020000 00000007 00000100 00000abc";

    @Test
    void writesALightAckOfOneWordAndNumberZero() {
        assertThat(PacketBytes.hexOf(to -> AckPacket.writeLight(to, 42, 0x100, 0xABC)))
                .isEqualTo("80020000 00000000 00000100 00000abc 0000002a")
                .hasSize(hexLength(AckPacket.LIGHT_LENGTH));
    }

    @Test
    void writesASmallAckOfFourWords() {
        assertThat(PacketBytes.hexOf(to -> AckPacket.writeSmall(to, 7, 42, 100_000, 50_000, 8_191, 0x100, 0xABC)))
                .isEqualTo(HEADER + " 0000002a 000186a0 0000c350 00001fff")
                .hasSize(hexLength(AckPacket.SMALL_LENGTH));
    }

    @Test
    void writesAFullAckOfSevenWords() {
        assertThat(PacketBytes.hexOf(to -> {
                    AckPacket.writeSmall(to, 7, 42, 100_000, 50_000, 8_191, 0x100, 0xABC);
                    AckPacket.writeRates(to, 1_000, 2_000, 3_000);
                }))
                .isEqualTo(HEADER + " 0000002a 000186a0 0000c350 00001fff 000003e8 000007d0 00000bb8")
                .hasSize(hexLength(AckPacket.FULL_LENGTH));
    }

    @Test
    void readsWhatIsThereAtEachLength() {
        ByteBuffer light = PacketBytes.ofHex(HEADER, "0000002a");
        ByteBuffer two = PacketBytes.ofHex(HEADER, "0000002a 00000001");
        ByteBuffer small = PacketBytes.ofHex(HEADER, "0000002a 00000001 00000002 00000003");
        ByteBuffer six = PacketBytes.ofHex(HEADER, "0000002a 00000001 00000002 00000003 00000004 00000005");
        ByteBuffer eight =
                PacketBytes.ofHex(HEADER, "0000002a 00000001 00000002 00000003 00000004 00000005 00000006 00000007");

        assertThat(AckPacket.sequenceNumber(light)).isEqualTo(42);
        assertThat(AckPacket.hasRoundTrip(light)).isFalse();
        assertThat(AckPacket.hasRoundTrip(two)).isFalse();
        assertThat(AckPacket.hasRoundTrip(small)).isTrue();
        assertThat(AckPacket.hasRates(small)).isFalse();
        assertThat(AckPacket.rttMicros(small)).isEqualTo(1);
        assertThat(AckPacket.rttVarianceMicros(small)).isEqualTo(2);
        assertThat(AckPacket.availableBufferPackets(small)).isEqualTo(3);
        assertThat(AckPacket.hasRates(six)).isTrue();
        assertThat(AckPacket.receivingRatePackets(six)).isEqualTo(4);
        assertThat(AckPacket.linkCapacityPackets(six)).isEqualTo(5);
        assertThat(AckPacket.receivingRateBytes(six)).isZero();
        assertThat(AckPacket.receivingRateBytes(eight)).isEqualTo(6);
    }

    @Test
    void leavesABrokenSequenceNumberVisible() {
        ByteBuffer broken = PacketBytes.ofHex(HEADER, "ffffffff");

        assertThat(PacketDecoder.check(broken)).isNull();
        assertThat(SequenceNumber.isValid(AckPacket.sequenceNumber(broken))).isFalse();
    }

    private static int hexLength(int bytes) {
        return bytes * 2 + bytes / 4 - 1;
    }
}
