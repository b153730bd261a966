package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.srt.ReplayWithoutInstrumentation;
import io.millrace.srt.packet.HandshakePacket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ReplayWithoutInstrumentation.class)
class HandshakeExtensionsFuzzTest {
    /** {@code blocks} is what follows the fixed part of a handshake. */
    @FuzzTest(maxDuration = "5s")
    void anyBlocksCanBeReadAndWritten(byte[] blocks) {
        int start = 9 + HandshakePacket.FIXED_LENGTH;
        ByteBuffer packet = ByteBuffer.allocate(start + blocks.length + 100)
                .position(start)
                .put(blocks)
                .limit(start + blocks.length)
                .position(9);

        HandshakeExtensions extensions = HandshakeExtensions.read(packet);

        assertThat(extensions.length()).isLessThanOrEqualTo(blocks.length);
        ByteBuffer written = ByteBuffer.allocate(extensions.length());
        extensions.write(written);
        assertThat(written.flip()).isEqualTo(packet.slice(start, extensions.length()));
        assertThat(extensions.flags()).isBetween(0, 7);
        assertThat(extensions.streamId()).hasSizeLessThanOrEqualTo(blocks.length);
        for (int type : extensions.types()) {
            assertThat(extensions.count(type)).isPositive();
            assertThat(extensions.block(type).text()).isNotNull();
            SrtExtension srt = extensions.srt(type);
            if (srt != null) {
                assertThat(srt.receiveLatencyMillis()).isBetween(0, SrtExtension.MAX_LATENCY_MILLIS);
                assertThat(srt.sendLatencyMillis()).isBetween(0, SrtExtension.MAX_LATENCY_MILLIS);
                assertThat(SrtExtension.versionText(srt.version())).contains(".");
            }
        }
    }
}
