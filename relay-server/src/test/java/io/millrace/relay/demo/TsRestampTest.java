package io.millrace.relay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.ts.TsPacket;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Reads and writes the beginning of the first video packet that ffmpeg made: PCR 27652 * 300 + 145, PTS 54000. */
class TsRestampTest {
    private static final int AT = 3;
    private static final int PES = AT + 12;

    private final byte[] ts = HexFormat.of()
            .parseHex("ffffff" + "47410030" + "0750" + "000036027e91" + "000001e00000808005210003a5e1" + "00000001");

    @Test
    void readsTheHeader() {
        assertThat(TsPacket.pid(ts, AT)).isEqualTo(0x100);
        assertThat(TsPacket.startsUnit(ts, AT)).isTrue();
        assertThat(TsPacket.hasPayload(ts, AT)).isTrue();
        assertThat(TsPacket.payloadOffset(ts, AT)).isEqualTo(PES);
        assertThat(TsPacket.continuityCounter(ts, AT)).isZero();
        assertThat(TsPacket.isRandomAccess(ts, AT)).isTrue();
        assertThat(TsPacket.isDiscontinuity(ts, AT)).isFalse();
        assertThat(TsPacket.hasPcr(ts, AT)).isTrue();
        assertThat(TsPacket.pcr(ts, AT)).isEqualTo(27_652 * 300 + 145);
    }

    @Test
    void readsThePesHeader() {
        assertThat(PesTimestamps.hasPts(ts, PES)).isTrue();
        assertThat(PesTimestamps.hasDts(ts, PES)).isFalse();
        assertThat(PesTimestamps.pts(ts, PES)).isEqualTo(54_000);
        assertThat(PesTimestamps.dts(ts, PES)).isEqualTo(54_000);
    }

    @Test
    void writesTheLargestClock() {
        TsRestamp.setPcr(ts, AT, TsPacket.PCR_WRAP - 1);
        // 33 ones, 6 reserved ones, 299 in 9 bits.
        assertThat(HexFormat.of().formatHex(ts, AT + 6, PES)).isEqualTo("ffffffffff2b");
        assertThat(TsPacket.pcr(ts, AT)).isEqualTo(TsPacket.PCR_WRAP - 1);
    }

    @Test
    void theClockStartsAgainAfterTheLargest() {
        TsRestamp.setPcr(ts, AT, TsPacket.PCR_WRAP + 301);
        assertThat(HexFormat.of().formatHex(ts, AT + 6, PES)).isEqualTo("00000000fe01");
    }

    @Test
    void shiftsThePtsToTheLargestAndAround() {
        PesTimestamps.shift(ts, PES, PesTimestamps.WRAP - 54_001);
        assertThat(HexFormat.of().formatHex(ts, PES + 9, PES + 14)).isEqualTo("2fffffffff");
        PesTimestamps.shift(ts, PES, 1);
        assertThat(HexFormat.of().formatHex(ts, PES + 9, PES + 14)).isEqualTo("2100010001");
    }

    @Test
    void shiftsTheDtsToo() {
        byte[] both = HexFormat.of().parseHex("000001e0000080c00a" + "310003a5e1" + "110003a5e1");
        PesTimestamps.shift(both, 0, 90_000);
        assertThat(PesTimestamps.pts(both, 0)).isEqualTo(144_000);
        assertThat(PesTimestamps.dts(both, 0)).isEqualTo(144_000);
        assertThat(both[9] >> 4).isEqualTo(3);
        assertThat(both[14] >> 4).isEqualTo(1);
    }

    @Test
    void theCounterKeepsItsFourBitsOnly() {
        TsRestamp.setContinuityCounter(ts, AT, 0x1_0000_0012L);
        assertThat(HexFormat.of().formatHex(ts, AT, AT + 4)).isEqualTo("47410032");
    }

    @Test
    void aTableIsNoPesPacket() {
        byte[] pat = HexFormat.of().parseHex("0000b00d0001c100000001f000");
        assertThat(PesTimestamps.hasPts(pat, 0)).isFalse();
    }
}
