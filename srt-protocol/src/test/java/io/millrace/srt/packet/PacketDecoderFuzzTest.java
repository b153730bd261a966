package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.srt.ReplayWithoutInstrumentation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ReplayWithoutInstrumentation.class)
class PacketDecoderFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void whatPassesTheCheckCanBeReadAndWritten(byte[] datagram) {
        ByteBuffer packet = ByteBuffer.allocate(datagram.length + 20)
                .position(7)
                .put(datagram)
                .limit(7 + datagram.length)
                .position(7)
                .asReadOnlyBuffer();
        ByteBuffer before = packet.duplicate();
        if (PacketDecoder.check(packet) != null) {
            return;
        }

        ByteBuffer rewritten = PacketRewriter.rewrite(packet);

        assertThat(packet).isEqualTo(before);
        assertThat(PacketDecoder.check(rewritten)).isNull();
        if (!PacketDecoder.isControl(packet)) {
            assertThat(rewritten).isEqualTo(packet);
            return;
        }
        // What nobody reads (reserved bits, bytes behind the last field) is lost the first time, nothing the second.
        assertThat(PacketRewriter.rewrite(rewritten)).isEqualTo(rewritten);
        switch (ControlHeader.type(packet)) {
            case NAK -> LossList.forEach(packet, PacketDecoderFuzzTest::assertIsRange);
            case DROP_REQUEST -> assertIsRange(DropRequest.first(packet), DropRequest.last(packet));
            default -> {}
        }
    }

    private static void assertIsRange(int first, int last) {
        assertThat(SequenceNumber.isValid(first)).isTrue();
        assertThat(SequenceNumber.isValid(last)).isTrue();
        assertThat(SequenceNumber.distance(first, last)).isNotNegative();
    }
}
