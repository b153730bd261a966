package io.millrace.srt.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §3.2.5 and Appendix A. */
class LossListTest {
    private static final String HEADER = "80030000 00000000 00000100 00000abc";

    @Test
    void aSingleNumberIsOneWord() {
        assertThat(PacketBytes.hexOf(to -> LossList.writeRange(to, 0x12345678, 0x12345678)))
                .isEqualTo("12345678");
        assertThat(LossList.encodedLength(5, 5)).isEqualTo(4);
    }

    @Test
    void aRangeIsTwoWordsOfWhichTheFirstHasBit31() {
        assertThat(PacketBytes.hexOf(to -> LossList.writeRange(to, 0x12345678, 0x12345680)))
                .isEqualTo("92345678 12345680");
        assertThat(LossList.encodedLength(5, 6)).isEqualTo(8);
    }

    @Test
    void readsSingleNumbersAndRangesInTheirOrder() {
        ByteBuffer nak = PacketBytes.ofHex(HEADER, "00000005 80000007 00000009 00000020");

        assertThat(PacketDecoder.check(nak)).isNull();
        assertThat(ranges(nak)).containsExactly("5-5", "7-9", "32-32");
    }

    @Test
    void aRangeMayWrap() {
        ByteBuffer nak = PacketBytes.ofHex(HEADER, "fffffffe 00000001");

        assertThat(PacketDecoder.check(nak)).isNull();
        assertThat(ranges(nak)).containsExactly("2147483646-1");
    }

    @Test
    void bytesAfterTheLastWholeWordAreIgnored() {
        ByteBuffer nak = PacketBytes.ofHex(HEADER, "00000005 8000");

        assertThat(PacketDecoder.check(nak)).isNull();
        assertThat(ranges(nak)).containsExactly("5-5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no entry
                "000000", // not even a word
                "80000005", // a range without its end
                "00000003 80000005 0000", // the same, with half a word after it
                "80000005 00000004", // reversed
                "80000005 80000006", // bit 31 in the end
                "80000005 40000005", // half of the number space, which has no direction
                "80000005 7fffffff", // more than half
                "00000001 80000005 00000004 00000009" // a good entry before and after does not help
            })
    void refusesMalformedLists(String list) {
        assertThat(PacketDecoder.check(PacketBytes.ofHex(HEADER, list))).isEqualTo(Malformed.BAD_LOSS_LIST);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 20_261_123})
    void whatIsWrittenIsReadAgain(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            ByteBuffer nak = ByteBuffer.allocate(1472);
            List<String> written = new ArrayList<>();
            LossList.writeHeader(nak, 1, 2);
            int first = random.nextInt() & SequenceNumber.MAX;
            while (true) {
                int last = SequenceNumber.plus(first, random.nextInt(3) == 0 ? random.nextInt(1 << 20) : 0);
                if (nak.remaining() < LossList.encodedLength(first, last)) {
                    break;
                }
                LossList.writeRange(nak, first, last);
                written.add(first + "-" + last);
                first = SequenceNumber.plus(last, 1 + random.nextInt(100));
            }
            nak.flip();

            assertThat(PacketDecoder.check(nak)).isNull();
            assertThat(ranges(nak)).isEqualTo(written);
        }
    }

    private static List<String> ranges(ByteBuffer nak) {
        List<String> ranges = new ArrayList<>();
        LossList.forEach(nak, (first, last) -> ranges.add(first + "-" + last));
        return ranges;
    }
}
