package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Draft §3.2.1.1. */
class SrtExtensionTest {
    @Test
    void theReceiversLatencyIsInTheHighHalf() {
        SrtExtension extension = new SrtExtension(0x00010505, 0xBF, 80, 350);

        assertThat(BlockBytes.words(ByteBuffer.wrap(extension.content()))).isEqualTo("00010505 000000bf 0050015e");
    }

    @Test
    void latenciesUseAll16Bits() {
        SrtExtension extension = new SrtExtension(
                0x00010505, 0x3F, SrtExtension.MAX_LATENCY_MILLIS, SrtExtension.MAX_LATENCY_MILLIS - 1);

        assertThat(SrtExtension.read(ByteBuffer.wrap(extension.content()))).isEqualTo(extension);
    }

    @Test
    void ourFlagsSayLiveModeInBothDirections() {
        SrtExtension ours = new SrtExtension(SrtExtension.OUR_VERSION, SrtExtension.OUR_FLAGS, 120, 0);

        assertThat(ours.flags()).isEqualTo(0x3F);
        assertThat(ours.has(SrtExtension.RETRANSMIT_FLAG)).isTrue();
        assertThat(ours.has(SrtExtension.STREAM)).isFalse();
    }

    @Test
    void versionsAreWrittenInThreeParts() {
        assertThat(SrtExtension.versionText(0x00010404)).isEqualTo("1.4.4");
        assertThat(SrtExtension.versionText(0x0002100A)).isEqualTo("2.16.10");
    }
}
