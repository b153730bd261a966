package io.millrace.relay.interop;

import static io.millrace.relay.interop.TransportStreamFile.PACKET_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamComparisonTest {
    @TempDir
    private Path directory;

    private byte[] sent;

    @BeforeEach
    void generate() throws IOException {
        sent = Files.readAllBytes(TransportStreamFile.generate(directory.resolve("sent.ts"), 2_000_000, 1)
                .path());
    }

    @Test
    void theSameBytesAreIdentical() {
        StreamComparison.of(sent, sent.clone()).assertIdentical();
    }

    @Test
    void aLateJoinMissesNothingButIsNotIdentical() {
        StreamComparison comparison = StreamComparison.of(sent, packets(100, 1_000_000));

        comparison.assertNothingMissing();
        assertThat(comparison.joinedAtPacket()).isEqualTo(100);
        assertThatThrownBy(comparison::assertIdentical).hasMessageContaining("joined late");
    }

    @Test
    void aJoinAtARepeatedPacketIsFoundByWhatFollows() {
        byte[] sentWithTablesTwice = concat(packets(0, 2), sent);
        StreamComparison comparison = StreamComparison.of(sentWithTablesTwice, packets(0, 300));

        comparison.assertContiguous();
        assertThat(comparison.joinedAtPacket()).isEqualTo(2);
    }

    @Test
    void aMissingTailIsContiguousOnly() {
        StreamComparison comparison = StreamComparison.of(sent, packets(0, 500));

        comparison.assertContiguousUpTo(500 * PACKET_BYTES);
        assertThat(comparison.tailPackets()).isEqualTo(sent.length / PACKET_BYTES - 500);
        assertThatThrownBy(comparison::assertNothingMissing).hasMessageContaining("the end is missing");
        assertThatThrownBy(() -> comparison.assertContiguousUpTo(500 * PACKET_BYTES + 1))
                .hasMessageContaining("ends before");
    }

    @Test
    void aGapIsCountedAndShown() {
        StreamComparison comparison = StreamComparison.of(sent, concat(packets(20, 200), packets(207, 1_000_000)));

        assertThat(comparison.missingPackets()).isEqualTo(7);
        assertThat(comparison.duplicatePackets()).isZero();
        assertThatThrownBy(comparison::assertContiguous)
                .hasMessageContaining("first difference: received packet 180")
                .hasMessageContaining("missing: sent packets 200 to 206");
    }

    @Test
    void aRepetitionIsCounted() {
        StreamComparison comparison = StreamComparison.of(sent, concat(packets(20, 200), packets(193, 1_000_000)));

        assertThat(comparison.duplicatePackets()).isEqualTo(7);
        assertThat(comparison.missingPackets()).isZero();
        assertThatThrownBy(comparison::assertContiguous).hasMessageContaining("duplicate or late 7");
    }

    @Test
    void oneChangedBitIsOneMissingAndOneForeignPacket() {
        byte[] received = sent.clone();
        received[333 * PACKET_BYTES + 100] ^= 1;
        StreamComparison comparison = StreamComparison.of(sent, received);

        assertThat(comparison.missingPackets()).isEqualTo(1);
        assertThat(comparison.foreignPackets()).isEqualTo(1);
        assertThatThrownBy(comparison::assertContiguous).hasMessageContaining("received packet 333");
    }

    @Test
    void aCutPacketOrNothingAtAllIsAFailure() {
        byte[] cut = Arrays.copyOf(sent, sent.length - 1);
        assertThatThrownBy(() -> StreamComparison.of(sent, cut).assertContiguous())
                .hasMessageContaining("is cut");
        assertThatThrownBy(() -> StreamComparison.of(sent, new byte[0]).assertContiguous())
                .isInstanceOf(AssertionError.class);
    }

    private byte[] packets(int from, int until) {
        return Arrays.copyOfRange(sent, from * PACKET_BYTES, Math.min(sent.length, until * PACKET_BYTES));
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
