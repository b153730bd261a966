package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §3. */
class PacketDecoderTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 15})
    void lessThanAHeaderIsTooShort(int length) {
        assertThat(PacketDecoder.check(PacketBytes.ofHex("00".repeat(length)))).isEqualTo(Malformed.TOO_SHORT);
        assertThat(PacketDecoder.check(PacketBytes.ofHex("80".repeat(length)))).isEqualTo(Malformed.TOO_SHORT);
    }

    @Test
    void aDataPacketMayBeEmpty() {
        ByteBuffer packet = PacketBytes.ofHex("00000001 c0000001 00000000 00000001");

        assertThat(PacketDecoder.check(packet)).isNull();
        assertThat(DataHeader.payloadLength(packet)).isZero();
    }

    @Test
    void dataHasOneKeyAtMost() {
        assertThat(PacketDecoder.check(PacketBytes.ofHex("00000001 d8000001 00000000 00000001")))
                .isEqualTo(Malformed.BAD_KEY_FLAGS);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 0x1000, 0x1100, 0x7FFE})
    void refusesControlTypesThatAreNotAssigned(int code) {
        String word = HexFormat.of().toHexDigits(0x8000 | code, 4) + "0000";

        assertThat(PacketDecoder.check(PacketBytes.ofHex(word, "00".repeat(60))))
                .isEqualTo(Malformed.UNKNOWN_CONTROL_TYPE);
    }

    @ParameterizedTest
    @EnumSource(
            value = ControlType.class,
            names = {"KEEP_ALIVE", "CONGESTION_WARNING", "SHUTDOWN", "ACK_ACK", "PEER_ERROR", "USER_DEFINED"})
    void packetsWithoutContentMayHaveNoneOrMore(ControlType type) {
        String word = HexFormat.of().toHexDigits(0x8000 | type.code(), 4) + "0000";

        for (int length = 12; length < 48; length++) {
            ByteBuffer packet = PacketBytes.ofHex(word, "00".repeat(length));
            assertThat(PacketDecoder.check(packet)).isNull();
            assertThat(ControlHeader.type(packet)).isEqualTo(type);
        }
    }

    @Test
    void anAckHasASequenceNumberAtLeast() {
        assertThat(PacketDecoder.check(PacketBytes.ofHex("80020000 00000000 00000000 00000000 000000")))
                .isEqualTo(Malformed.SHORT_ACK);
    }

    @Test
    void writesFourZeroBytesAfterAHeaderThatSaysItAll() {
        assertThat(PacketBytes.hexOf(to -> BareControlPacket.write(to, ControlType.ACK_ACK, 77, 0x100, 0xABC)))
                .isEqualTo("80060000 0000004d 00000100 00000abc 00000000");
    }

    @Test
    void theWordAfterABareHeaderIsZeroWhereItIsMissing() {
        String header = "80050000 00000000 00000100 00000abc";

        assertThat(BareControlPacket.information(PacketBytes.ofHex(header))).isZero();
        assertThat(BareControlPacket.information(PacketBytes.ofHex(header, "000007")))
                .isZero();
        assertThat(BareControlPacket.information(PacketBytes.ofHex(header, "00000007")))
                .isEqualTo(7);
    }

    @Test
    void theSubtypeTellsExtensionCommandsApart() {
        ByteBuffer keyMaterial = PacketBytes.ofHex("ffff0003 00000000 00000000 00000001 00000000");

        assertThat(PacketDecoder.check(keyMaterial)).isNull();
        assertThat(ControlHeader.type(keyMaterial)).isEqualTo(ControlType.USER_DEFINED);
        assertThat(ControlHeader.subtype(keyMaterial)).isEqualTo(3);
    }
}
