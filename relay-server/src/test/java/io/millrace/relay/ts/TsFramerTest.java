package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TsFramerTest {
    private final TsFramer framer = new TsFramer();
    private final List<Integer> pids = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>();

    @Test
    void wholePacketsAreHandedOnWithTheirPositions() {
        take(packets(0, 7));
        take(packets(7, 9));

        assertThat(pids).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(positions).endsWith(7L * 188, 8L * 188);
        assertThat(framer.skippedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 187, 188, 189, 500, 1316, 1456})
    void piecesOfAnyLengthMakeTheSamePackets(int length) {
        byte[] all = packets(0, 100);
        for (int at = 0; at < all.length; at += length) {
            take(Arrays.copyOfRange(all, at, Math.min(all.length, at + length)));
        }

        assertThat(pids).hasSize(100).isSorted();
        assertThat(framer.skippedBytes()).isZero();
        assertThat(framer.pendingBytes()).isZero();
    }

    @Test
    void afterGarbageItGoesOnWhereTwoSyncBytesAreAPacketApart() {
        byte[] garbage = {1, 2, 0x47, 3, 4, 0x47};
        take(TsPackets.joined(packets(0, 2), garbage, packets(2, 5)));

        assertThat(pids).containsExactly(0, 1, 2, 3, 4);
        assertThat(positions).element(2).isEqualTo(2L * 188 + garbage.length);
        assertThat(framer.skippedBytes()).isEqualTo(garbage.length);
    }

    @Test
    void whateverIsCutOutAllButItsNeighboursAreFound() {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 500; run++) {
            byte[] all = packets(0, 40);
            int from = random.nextInt(all.length - 400);
            int to = from + random.nextInt(400);
            List<Integer> found = new ArrayList<>();
            byte[] holed = TsPackets.joined(Arrays.copyOf(all, from), Arrays.copyOfRange(all, to, all.length));
            new TsFramer().take(holed, (ts, at, position) -> found.add(TsPacket.pid(ts, at)));

            // Nothing behind the last one confirms it.
            List<Integer> untouched = IntStream.range(0, 39)
                    .filter(packet -> (packet + 1) * 188 <= from || packet * 188 >= to + 188)
                    .boxed()
                    .toList();
            assertThat(found).as("from %d to %d", from, to).containsSubsequence(untouched);
            assertThat(found).hasSizeLessThanOrEqualTo(40);
        }
    }

    private void take(byte[] piece) {
        framer.take(piece, (ts, at, position) -> {
            pids.add(TsPacket.pid(ts, at));
            positions.add(position);
        });
    }

    /** Packets whose PIDs count up. */
    private static byte[] packets(int from, int to) {
        byte[][] packets = new byte[to - from][];
        for (int i = from; i < to; i++) {
            packets[i - from] = TsPackets.payload(i, 0);
        }
        return TsPackets.joined(packets);
    }
}
