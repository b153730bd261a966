package io.millrace.relay.ts;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.ts.ElementaryStream.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTableTest {
    private static final int PMT_PID = 0x1000;

    private final ProgramTable table = new ProgramTable();
    private int counter;

    @Test
    void programsAreKnownByThePatAndDescribedByThePmt() {
        take(TsPackets.section(0, counter++, TsPackets.pat(0, 1, PMT_PID)));
        assertThat(table.programs()).containsExactly(new Program(1, PMT_PID, Program.NO_PID, false, List.of()));

        take(TsPackets.section(
                PMT_PID,
                0,
                TsPackets.pmt(
                        1,
                        0,
                        0x100,
                        TsPackets.stream(0x1B, 0x100),
                        TsPackets.stream(0x0F, 0x101, 0x0A, 4, 'e', 'n', 'g', 0))));

        assertThat(table.programs())
                .containsExactly(new Program(
                        1,
                        PMT_PID,
                        0x100,
                        true,
                        List.of(
                                new ElementaryStream(0x100, 0x1B, Kind.VIDEO, "H.264", ""),
                                new ElementaryStream(0x101, 0x0F, Kind.AUDIO, "AAC", "eng"))));
        assertThat(table.damagedSections()).isZero();
    }

    @Test
    void aRepetitionChangesNothing() {
        byte[] pat = TsPackets.pat(0, 1, PMT_PID);
        byte[] pmt = TsPackets.pmt(1, 0, 0x100, TsPackets.stream(0x24, 0x100));
        take(TsPackets.section(0, 0, pat));
        take(TsPackets.section(PMT_PID, 0, pmt));
        List<Program> known = table.programs();

        take(TsPackets.section(0, 1, pat));
        take(TsPackets.section(PMT_PID, 1, pmt));

        assertThat(table.programs()).isSameAs(known);
        assertThat(table.patSections()).isEqualTo(2);
        assertThat(table.pmtSections()).isEqualTo(2);
    }

    @Test
    void aNewVersionReplacesWhatWasKnown() {
        take(TsPackets.section(0, 0, TsPackets.pat(0, 1, PMT_PID, 2, PMT_PID + 1)));
        take(TsPackets.section(0, 1, TsPackets.pat(1, 3, PMT_PID)));

        assertThat(table.programs()).extracting(Program::number).containsExactly(3);
    }

    @Test
    void aDamagedTableIsLeftOutAndCounted() {
        byte[] pat = TsPackets.pat(0, 1, PMT_PID);
        pat[9] ^= 1;
        take(TsPackets.section(0, 0, pat));

        assertThat(table.programs()).isEmpty();
        assertThat(table.damagedSections()).isEqualTo(1);
    }

    @Test
    void aSectionMaySpanPacketsAndTheNextBeginInTheMiddleOfOne() {
        List<byte[]> streams = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            streams.add(TsPackets.stream(0x06, 0x200 + i, 0x59, 8, 'd', 'e', 'u', 0x10, 0, 1, 0, 1));
        }
        byte[] pmt = TsPackets.pmt(1, 0, 0x1FFF, streams.toArray(byte[][]::new));
        byte[] second = TsPackets.pmt(2, 0, 0x101, TsPackets.stream(0x02, 0x101));
        take(TsPackets.section(0, 0, TsPackets.pat(0, 1, PMT_PID, 2, PMT_PID)));

        takeSpread(pmt, second);

        assertThat(table.programs()).extracting(Program::described).containsExactly(true, true);
        assertThat(table.programs().get(0).streams())
                .hasSize(50)
                .allMatch(stream -> stream.codec().equals("DVB subtitles"));
        assertThat(table.programs().get(0).pcrPid()).isEqualTo(Program.NO_PID);
        assertThat(table.programs().get(1).streams().get(0).codec()).isEqualTo("MPEG-2 video");
    }

    @Test
    void aLostPacketSpoilsOnlyItsSection() {
        byte[] pmt = TsPackets.pmt(1, 0, 0x100, TsPackets.stream(0x1B, 0x100));
        take(TsPackets.section(0, 0, TsPackets.pat(0, 1, PMT_PID)));
        byte[] begun = TsPackets.section(PMT_PID, 0, pmt);
        // Says that it is longer than this packet; the rest never comes.
        begun[6] = (byte) 0xB3;
        take(begun);
        take(TsPackets.section(PMT_PID, 2, pmt));

        assertThat(table.programs().get(0).described()).isTrue();
    }

    @Test
    void programsBeyondTheBoundAreLeftOut() {
        for (int version = 0; version < 32; version++) {
            int[] programs = new int[80];
            for (int i = 0; i < programs.length; i += 2) {
                programs[i] = 1 + 100 * (version % 4) + i / 2;
                programs[i + 1] = 0x100 + i;
            }
            // Always the same version: nothing is forgotten in between.
            take(TsPackets.section(0, counter++, TsPackets.pat(5, programs)));
        }

        assertThat(table.programs()).hasSize(ProgramTable.MAX_PROGRAMS);
    }

    @ParameterizedTest
    @CsvSource({
        "06, 05044F707573, AUDIO, Opus",
        "06, 05044B4C5641, DATA, KLV",
        "06, 6A0100, AUDIO, AC-3",
        "06, 5605646575 0901, SUBTITLES, teletext",
        "06, '', DATA, private data",
        "24, '', VIDEO, H.265",
        "86, '', DATA, SCTE-35",
        "C7, '', DATA, type 0xC7",
        "C7, 050441563031, VIDEO, AV1",
        "06, 05FF4F70, DATA, private data"
    })
    void codecsAreNamedByTypeAndDescriptors(String type, String descriptors, Kind kind, String codec) {
        byte[] bytes = HexFormat.of().parseHex(descriptors.replace(" ", ""));

        assertThat(CodecName.of(Integer.parseInt(type, 16), bytes, 0, bytes.length))
                .isEqualTo(new CodecName(kind, codec));
    }

    private void take(byte[] packet) {
        table.take(packet, 0);
    }

    /** Puts sections one behind the other, over as many packets as they need. */
    private void takeSpread(byte[]... sections) {
        byte[] all = TsPackets.joined(sections);
        int firstLength = sections[0].length;
        int at = 0;
        int number = 0;
        while (at < all.length) {
            boolean starts = at == 0 || at < firstLength && firstLength <= at + 183 && at + 183 > firstLength;
            byte[] packet = TsPackets.payload(PMT_PID, number++);
            Arrays.fill(packet, 4, packet.length, (byte) 0xFF);
            int from = 4;
            if (starts) {
                packet[1] |= 0x40;
                packet[from++] = (byte) (at == 0 ? 0 : firstLength - at);
            }
            int length = Math.min(all.length - at, packet.length - from);
            System.arraycopy(all, at, packet, from, length);
            at += length;
            take(packet);
        }
    }
}
