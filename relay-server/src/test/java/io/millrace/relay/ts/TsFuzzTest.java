package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

class TsFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void anyBytesAreSurveyedWithinBounds(FuzzedDataProvider data) {
        TsAnalyser analyser = new TsAnalyser();
        long position = 0;
        while (data.remainingBytes() > 0) {
            analyser.take(data.consumeBytes(data.consumeInt(0, 1_500)), position++, data.consumeLong());
        }

        TsSnapshot summary = analyser.snapshot();
        assertThat(summary.packets() * TsPacket.LENGTH + summary.skippedBytes()).isLessThanOrEqualTo(summary.bytes());
        assertBounded(summary);
    }

    /** Bytes as the contents of packets that are packets, on the PIDs of tables: the framing would keep most out. */
    @FuzzTest(maxDuration = "5s")
    void anyTablesAreReadWithinBounds(FuzzedDataProvider data) {
        TsAnalyser analyser = new TsAnalyser();
        long micros = 0;
        analyser.take(TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x20, 2, 0x21)), 0, micros);
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
            micros += data.consumeInt(-1_000, 100_000);
            analyser.take(packet, 0, micros);
        }

        assertBounded(analyser.snapshot());
    }

    /** Bytes as what pictures and sound consist of, in packets that say that they are these. */
    @FuzzTest(maxDuration = "5s")
    void anyPicturesAndSoundsAreReadWithinBounds(FuzzedDataProvider data) {
        TsAnalyser analyser = new TsAnalyser();
        analyser.take(TsPackets.section(0, 0, TsPackets.pat(0, 1, 0x20)), 0, 0);
        byte[][] streams = new byte[6][];
        int[] types = {0x1B, 0x24, 0x02, 0x0F, 0x03, 0x81};
        for (int i = 0; i < types.length; i++) {
            streams[i] = TsPackets.stream(types[i], 0x100 + i);
        }
        analyser.take(TsPackets.section(0x20, 0, TsPackets.pmt(1, 0, 0x100, streams)), 1, 0);
        int[] counters = new int[types.length];
        while (data.remainingBytes() > 0) {
            int stream = data.consumeInt(0, types.length - 1);
            byte[] packet = TsPackets.payload(0x100 + stream, ++counters[stream]);
            byte[] header = {};
            if (data.consumeBoolean()) {
                packet[1] |= 0x40;
                header =
                        new byte[] {0, 0, 1, (byte) 0xE0, 0, 0, (byte) 0x80, (byte) 0x80, 5, 0x21, 0, 1, 0, 1, 0, 0, 1};
            }
            byte[] content = data.consumeBytes(184 - header.length);
            System.arraycopy(header, 0, packet, 4, header.length);
            System.arraycopy(content, 0, packet, 4 + header.length, content.length);
            analyser.take(packet, 2, 0);
        }

        assertBounded(analyser.snapshot());
        for (TsSnapshot.Pid pid : analyser.snapshot().pids()) {
            if (pid.video() != null) {
                assertThat(pid.video().width()).isBetween(1, 16_384);
                assertThat(pid.video().height()).isBetween(1, 16_384);
            }
            if (pid.audio() != null) {
                assertThat(pid.audio().sampleRate()).isBetween(7_350, 96_000);
                assertThat(pid.audio().channels()).isBetween(0, 8);
            }
        }
    }

    private static void assertBounded(TsSnapshot summary) {
        assertThat(summary.programs()).hasSizeLessThanOrEqualTo(ProgramTable.MAX_PROGRAMS);
        for (Program program : summary.programs()) {
            assertThat(program.streams()).hasSizeLessThanOrEqualTo(ProgramTable.MAX_STREAMS);
            assertThat(program.streams()).allMatch(stream -> stream.pid() < TsPacket.PIDS);
            assertThat(program.streams()).allMatch(stream -> stream.language().matches("([A-Za-z]{3})?"));
        }
        assertThat(summary.clocks()).hasSizeLessThanOrEqualTo(PidTable.MAX_PIDS);
        assertThat(summary.pids()).hasSizeLessThanOrEqualTo(PidTable.MAX_PIDS);
        assertThat(summary.events()).hasSizeLessThanOrEqualTo(TsJournal.MAX_EVENTS);
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
