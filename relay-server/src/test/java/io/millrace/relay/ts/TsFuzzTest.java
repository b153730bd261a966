package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

class TsFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyBytesAreSurveyedWithinBounds(FuzzedDataProvider data) {
        TsSurvey survey = new TsSurvey();
        while (data.remainingBytes() > 0) {
            survey.take(data.consumeBytes(data.consumeInt(0, 1_500)));
        }

        TsSummary summary = survey.summary();
        assertThat(summary.packets() * TsPacket.LENGTH + summary.skippedBytes()).isLessThanOrEqualTo(summary.bytes());
        assertBounded(summary);
    }

    /** Bytes as the contents of packets that are packets, on the PIDs of tables: the framing would keep most out. */
    @FuzzTest(maxDuration = "10s")
    void anyTablesAreReadWithinBounds(FuzzedDataProvider data) {
        TsSurvey survey = new TsSurvey();
        survey.take(TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x20, 2, 0x21)));
        int[] counters = new int[TsPacket.PIDS];
        while (data.remainingBytes() > 0) {
            int pid = data.pickValue(new int[] {0, 0x20, 0x21, 0x100});
            byte[] packet = TsPackets.payload(pid, ++counters[pid]);
            boolean asSection = data.consumeBoolean();
            byte[] content = data.consumeBytes(183);
            if (asSection) {
                packet = TsPackets.section(pid, counters[pid], withRightCrc(content));
            } else {
                packet[1] |= (byte) (data.consumeBoolean() ? 0x40 : 0);
                packet[3] |= (byte) (data.consumeBoolean() ? 0x20 : 0);
                System.arraycopy(content, 0, packet, 4, content.length);
            }
            survey.take(packet);
        }

        assertBounded(survey.summary());
    }

    private static void assertBounded(TsSummary summary) {
        assertThat(summary.programs()).hasSizeLessThanOrEqualTo(ProgramTable.MAX_PROGRAMS);
        for (Program program : summary.programs()) {
            assertThat(program.streams()).hasSizeLessThanOrEqualTo(ProgramTable.MAX_STREAMS);
            assertThat(program.streams()).allMatch(stream -> stream.pid() < TsPacket.PIDS);
            assertThat(program.streams()).allMatch(stream -> stream.language().matches("([A-Za-z]{3})?"));
        }
        assertThat(summary.clocks()).hasSizeLessThanOrEqualTo(64);
    }

    /** What would be thrown away for its CRC gets the right one, and the length that goes with it. */
    private static byte[] withRightCrc(byte[] content) {
        if (content.length < 12) {
            return content;
        }
        byte[] section = Arrays.copyOf(content, content.length);
        int length = section.length - 3;
        section[1] = (byte) (0xB0 | length >> 8);
        section[2] = (byte) length;
        int crc = Crc32Mpeg.of(section, section.length - 4);
        for (int i = 0; i < 4; i++) {
            section[section.length - 4 + i] = (byte) (crc >> 24 - 8 * i);
        }
        return section;
    }
}
