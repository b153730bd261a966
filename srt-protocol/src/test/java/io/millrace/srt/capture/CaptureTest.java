package io.millrace.srt.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureTest {
    /** From 10.0.0.1:4096 to 10.0.0.2:9000, one byte of payload, padded to 60 bytes. */
    private static final String PADDED_IPV4 = "ffffffffffffeeeeeeeeeeee0800"
            + "4500001d00004000401100000a0000010a000002" + "100023280009000042" + "00".repeat(17);

    /** From [::1]:4096 to [::2]:9000, two bytes of payload. */
    private static final String IPV6 = "ffffffffffffeeeeeeeeeeee86dd" + "60000000000a1140"
            + "00000000000000000000000000000001" + "00000000000000000000000000000002" + "10002328000a00004243";

    @Test
    void readsLittleEndianFiles() {
        assertIsUnderstood(Capture.parse(pcap(ByteOrder.LITTLE_ENDIAN, PADDED_IPV4, IPV6)));
    }

    @Test
    void readsBigEndianFiles() {
        assertIsUnderstood(Capture.parse(pcap(ByteOrder.BIG_ENDIAN, PADDED_IPV4, IPV6)));
    }

    @Test
    void refusesWhatIsNoUdp() {
        String tcp = PADDED_IPV4.replace("40110000", "40060000");

        assertThatThrownBy(() -> Capture.parse(pcap(ByteOrder.LITTLE_ENDIAN, tcp)))
                .hasMessageContaining("protocol 0x6");
    }

    @Test
    void findsCapturesByTheirNumber() {
        assertThat(Capture.load("05b")).isEqualTo(Capture.load("05b-fec-good-deal-even-rowonly-libsrt155"));
    }

    private static void assertIsUnderstood(List<CapturedDatagram> datagrams) {
        assertThat(datagrams).hasSize(2);
        assertThat(datagrams.get(0).number()).isEqualTo(1);
        assertThat(datagrams.get(0).micros()).isEqualTo(3_000_000_000_000_017L);
        assertThat(datagrams.get(0).from()).hasToString("/10.0.0.1:4096");
        assertThat(datagrams.get(0).to()).hasToString("/10.0.0.2:9000");
        assertThat(datagrams.get(0).payload()).isEqualTo(ByteBuffer.wrap(new byte[] {0x42}));
        assertThat(datagrams.get(1).from().getAddress().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(datagrams.get(1).to().getPort()).isEqualTo(9000);
        assertThat(datagrams.get(1).payload()).isEqualTo(ByteBuffer.wrap(new byte[] {0x42, 0x43}));
    }

    private static byte[] pcap(ByteOrder order, String... frames) {
        ByteBuffer file = ByteBuffer.allocate(1000).order(order);
        file.putInt(0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(65_535)
                .putInt(1);
        for (String hex : frames) {
            byte[] frame = HexFormat.of().parseHex(hex);
            file.putInt((int) 3_000_000_000L)
                    .putInt(17)
                    .putInt(frame.length)
                    .putInt(frame.length)
                    .put(frame);
        }
        byte[] bytes = new byte[file.position()];
        file.get(0, bytes);
        return bytes;
    }
}
