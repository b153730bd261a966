package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Draft §3.2.1, Figure 5. */
class HandshakePacketTest {
    private static final String BYTES = "80000000 00000000 00000100 00000abc"
            + " 00000005 00044a17 7ffffffe 000005dc 00002000 00000001 3fc5e5cd 7b67b826"
            + " 0100007f 00000000 00000000 00000000";

    private static final HandshakePacket HANDSHAKE = new HandshakePacket(
            5,
            4,
            HandshakePacket.SRT_MAGIC,
            0x7FFF_FFFE,
            1500,
            8192,
            HandshakePacket.INDUCTION,
            0x3FC5_E5CD,
            0x7B67_B826,
            new AddressField(0x0100_007F, 0, 0, 0));

    @Test
    void readsEachFieldFromItsPlace() {
        ByteBuffer packet = PacketBytes.ofHex(BYTES);

        assertThat(PacketDecoder.check(packet)).isNull();
        assertThat(HandshakePacket.read(packet)).isEqualTo(HANDSHAKE);
    }

    @Test
    void writesEachFieldToItsPlace() {
        assertThat(PacketBytes.hexOf(to -> HANDSHAKE.write(to, 0x100, 0xABC))).isEqualTo(BYTES);
    }

    @Test
    void the16BitFieldsDoNotRunIntoEachOther() {
        ByteBuffer packet = PacketBytes.ofHex(BYTES.replace("00044a17", "ffff8001"));

        assertThat(HandshakePacket.read(packet).encryption()).isEqualTo(0xFFFF);
        assertThat(HandshakePacket.read(packet).extension()).isEqualTo(0x8001);
        assertThat(PacketBytes.hexOf(to -> HandshakePacket.read(packet).write(to, 0x100, 0xABC)))
                .contains(" ffff8001 ");
    }

    @Test
    void typesFromOneThousandAreRejections() {
        assertThat(ofType(HandshakePacket.CONCLUSION).isRejection()).isFalse();
        assertThat(ofType(HandshakePacket.AGREEMENT).isRejection()).isFalse();
        assertThat(ofType(HandshakePacket.INDUCTION).isRejection()).isFalse();
        assertThat(ofType(999).isRejection()).isFalse();
        assertThat(ofType(1000).isRejection()).isTrue();
        assertThat(ofType(2404).isRejection()).isTrue();
    }

    @Test
    void aHandshakeWithoutItsWholeFixedPartIsMalformed() {
        assertThat(PacketDecoder.check(PacketBytes.ofHex(BYTES.substring(0, BYTES.length() - 2))))
                .isEqualTo(Malformed.SHORT_HANDSHAKE);
    }

    private static HandshakePacket ofType(int type) {
        return new HandshakePacket(5, 0, 0, 0, 1500, 8192, type, 1, 1, new AddressField(0, 0, 0, 0));
    }
}
