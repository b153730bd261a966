package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcNetUdpTest {
    private static final String HEADINGS =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer"
                    + " drops             \n";
    private static final String ONE =
            "  150: 0100007F:22BA 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 16093 2"
                    + " 00000000a1b2c3d4 17        \n";
    private static final String OTHER =
            " 9150: 00000000000000000000000000000000:22BA 00000000000000000000000000000000:0000 07 00000000:00001200"
                    + " 00:00000000 00000000  1000        0 16094 2 0000000000000000 4294967295\n";

    @Test
    void dropsAreFoundByInode() throws IOException {
        assertThat(drops(HEADINGS + ONE + OTHER, 16_093, 16_094, 99))
                .containsExactlyInAnyOrderEntriesOf(Map.of(16_093L, 17L, 16_094L, 4_294_967_295L));
        assertThat(drops(HEADINGS + ONE + OTHER, 16_094)).containsOnlyKeys(16_094L);
    }

    @Test
    void aLastLineWithoutItsEndCounts() throws IOException {
        assertThat(drops(HEADINGS + ONE.stripTrailing(), 16_093)).containsEntry(16_093L, 17L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n\n",
                "sl local_address",
                "  150: 0100007F:22BA 00000000:0000 07 0:0 00:0 0 0 0 16093 2 00000000a1b2c3d4\n",
                "  150: 0100007F:22BA 00000000:0000 07 0:0 00:0 0 0 0 16093 2 00000000a1b2c3d4 -1\n",
                "  150: 0100007F:22BA 00000000:0000 07 0:0 00:0 0 0 0 16093 2 00000000a1b2c3d4 1x\n",
                "  150: 0100007F:22BA 00000000:0000 07 0:0 00:0 0 0 0 16093x 2 00000000a1b2c3d4 1\n",
                "  150: 0100007F:22BA 00000000:0000 07 0:0 00:0 0 0 0 16093 2 a 99999999999999999999999999\n",
            })
    void whatIsNoLineOfASocketIsLeftOut(String table) throws IOException {
        assertThat(drops(table, 16_093)).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsLeftOutAndTheNextIsRead() throws IOException {
        String tooLong = ONE.stripTrailing() + " ".repeat(10_000) + "\n";
        assertThat(drops(tooLong + OTHER, 16_093, 16_094)).containsOnlyKeys(16_094L);
    }

    @Test
    void noBytesConfuseIt() throws IOException {
        Random random = new Random(1);
        byte[] good = (HEADINGS + ONE + OTHER).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 2_000; i++) {
            byte[] table = good.clone();
            for (int j = 0; j < 20; j++) {
                table[random.nextInt(table.length)] = (byte) random.nextInt();
            }
            assertThat(ProcNetUdp.drops(new ByteArrayInputStream(table), Set.of(16_093L, 16_094L))
                            .values())
                    .allMatch(drops -> drops >= 0 && drops <= 0xFFFF_FFFFL);
        }
    }

    private static Map<Long, Long> drops(String table, long... inodes) throws IOException {
        Set<Long> wanted = Set.copyOf(java.util.Arrays.stream(inodes).boxed().toList());
        return ProcNetUdp.drops(new ByteArrayInputStream(table.getBytes(StandardCharsets.ISO_8859_1)), wanted);
    }
}
