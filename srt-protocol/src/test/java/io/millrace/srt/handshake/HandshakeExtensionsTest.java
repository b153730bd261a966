package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.HandshakePacket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §3.2.1, Figure 6. */
class HandshakeExtensionsTest {
    private static final String HSREQ = "00010003 00010505 000000bf 0050015e";

    @Test
    void readsTheBlocksInTheirOrder() {
        HandshakeExtensions extensions = BlockBytes.read(HSREQ + " 00050001 00636261 00060001 656c6966");

        assertThat(extensions.types())
                .containsExactly(ExtensionBlock.HSREQ, ExtensionBlock.SID, ExtensionBlock.CONGESTION);
        assertThat(extensions.srt(ExtensionBlock.HSREQ)).isEqualTo(new SrtExtension(0x00010505, 0xBF, 0x50, 0x15E));
        assertThat(extensions.srt(ExtensionBlock.HSRSP)).isNull();
        assertThat(extensions.streamId()).isEqualTo("abc");
        assertThat(extensions.block(ExtensionBlock.CONGESTION).text()).isEqualTo("file");
        assertThat(extensions.block(ExtensionBlock.FILTER)).isNull();
    }

    @Test
    void unknownTypesArePassedOver() {
        // Some encoders send a block of type 0xBD01.
        HandshakeExtensions extensions = BlockBytes.read("bd010002 01020304 05060708 " + HSREQ + " ffff0000");

        assertThat(extensions.types()).containsExactly(0xBD01, ExtensionBlock.HSREQ, 0xFFFF);
        assertThat(extensions.srt(ExtensionBlock.HSREQ)).isNotNull();
        assertThat(BlockBytes.write(extensions)).isEqualTo("bd010002 01020304 05060708 " + HSREQ + " ffff0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00050002 00636261", "00050001 636261", "0005ffff 00636261", "00050001", "000500"})
    void aBlockThatRunsPastTheEndEndsTheList(String last) {
        HandshakeExtensions extensions = BlockBytes.read(HSREQ + last);

        assertThat(extensions.types()).containsExactly(ExtensionBlock.HSREQ);
        assertThat(extensions.streamId()).isEmpty();
    }

    @Test
    void aHandshakeWithoutBlocksHasNone() {
        HandshakeExtensions extensions = BlockBytes.read("");

        assertThat(extensions.types()).isEmpty();
        assertThat(extensions.length()).isZero();
        assertThat(extensions.flags()).isZero();
        assertThat(extensions.streamId()).isEmpty();
    }

    @Test
    void aShortHsreqCountsAsMissing() {
        assertThat(BlockBytes.read("00010002 00010505 000000bf").srt(ExtensionBlock.HSREQ))
                .isNull();
    }

    @Test
    void aLongHsreqIsReadFromItsStart() {
        assertThat(BlockBytes.read("00010004 00010505 000000bf 0050015e 12345678")
                        .srt(ExtensionBlock.HSREQ))
                .isEqualTo(new SrtExtension(0x00010505, 0xBF, 0x50, 0x15E));
    }

    @Test
    void theFirstOfSeveralBlocksOfATypeCounts() {
        HandshakeExtensions extensions = BlockBytes.read("00050001 00000061 00050001 00000062");

        assertThat(extensions.count(ExtensionBlock.SID)).isEqualTo(2);
        assertThat(extensions.streamId()).isEqualTo("a");
    }

    @Test
    void theNumberOfBlocksIsBounded() {
        assertThat(BlockBytes.read("bd010000".repeat(300)).types()).hasSizeLessThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "00010000, 1",
        "00020000, 1",
        "00030000, 2",
        "00040000, 2",
        "00050000, 4",
        "00060000, 4",
        "00070000, 4",
        "00080000, 4",
        "00020000 00050000 00040000, 7"
    })
    void flagsSayWhichBlocksFollow(String blocks, int flags) {
        assertThat(BlockBytes.read(blocks).flags()).isEqualTo(flags);
    }

    @Test
    void flagsAreThoseOfTheDraft() {
        assertThat(HandshakePacket.FLAG_HSREQ).isEqualTo(1);
        assertThat(HandshakePacket.FLAG_KMREQ).isEqualTo(2);
        assertThat(HandshakePacket.FLAG_CONFIG).isEqualTo(4);
    }
}
