package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.capture.Capture;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against a key refresh of libsrt, every 200 packets. */
class KeyMaterialPacketTest {
    private final List<ByteBuffer> captured = Capture.load("06").stream()
            .map(datagram -> datagram.payload())
            .filter(packet -> WrittenPackets.is(packet, ControlType.USER_DEFINED))
            .toList();

    @Test
    void eachRequestOfACapturedRefreshIsEchoed() {
        assertThat(captured)
                .extracting(ControlHeader::subtype)
                .containsExactly(
                        KeyMaterialPacket.KMREQ,
                        KeyMaterialPacket.KMRSP,
                        KeyMaterialPacket.KMREQ,
                        KeyMaterialPacket.KMRSP);
        assertThat(KeyMaterialPacket.content(captured.get(1))).isEqualTo(KeyMaterialPacket.content(captured.get(0)));
        assertThat(KeyMaterialPacket.content(captured.get(0)).getInt(0)).isEqualTo(0x1220_2903);
        assertThat(KeyMaterialPacket.content(captured.get(0)).remaining()).isEqualTo(72);
    }

    @Test
    void whatIsWrittenIsWhatWasCaptured() {
        for (ByteBuffer packet : captured) {
            ByteBuffer written = ByteBuffer.allocate(1500).position(3);
            KeyMaterialPacket.writeHeader(
                    written,
                    ControlHeader.subtype(packet),
                    ControlHeader.timestamp(packet),
                    PacketDecoder.destinationSocketId(packet));
            written.put(KeyMaterialPacket.content(packet));

            assertThat(written.flip().position(3)).isEqualTo(packet);
        }
    }

    @Test
    void aPacketWithoutAMessageHasNoContent() {
        ByteBuffer packet = Packets.bare(ControlType.USER_DEFINED, 0, 0);
        packet.limit(packet.position() + ControlHeader.LENGTH);

        assertThat(KeyMaterialPacket.content(packet).remaining()).isZero();
    }
}
