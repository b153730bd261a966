package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §3.2.9. */
class DropRequestTest {
    private static final String HEADER = "80070000 0000001f 00000100 00000abc";

    @Test
    void writesMessageNumberAndRange() {
        assertThat(PacketBytes.hexOf(to -> DropRequest.write(to, 0x1F, 0x7FFF_FFFF, 3, 0x100, 0xABC)))
                .isEqualTo(HEADER + " 7fffffff 00000003");
    }

    @Test
    void readsARangeThatWraps() {
        ByteBuffer request = PacketBytes.ofHex(HEADER, "7fffffff 00000003");

        assertThat(PacketDecoder.check(request)).isNull();
        assertThat(ControlHeader.typeSpecific(request)).isEqualTo(0x1F);
        assertThat(DropRequest.first(request)).isEqualTo(0x7FFF_FFFF);
        assertThat(DropRequest.last(request)).isEqualTo(3);
    }

    @Test
    void acceptsOneNumberAndWhateverFollows() {
        assertThat(PacketDecoder.check(PacketBytes.ofHex(HEADER, "00000009 00000009 00000000")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "00000001", // one end
                "00000001 000002", // not quite two
                "00000005 00000004", // reversed
                "80000005 00000006", // bit 31 in the first
                "00000005 80000006", // bit 31 in the last
                "00000005 40000005" // half of the number space, which has no direction
            })
    void refusesMalformedRanges(String range) {
        assertThat(PacketDecoder.check(PacketBytes.ofHex(HEADER, range))).isEqualTo(Malformed.BAD_DROP_REQUEST);
    }
}
