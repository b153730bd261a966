package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.packet.Peer;
import io.millrace.srt.receive.TsbpdClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIdTableTest {
    /** The inverse, modulo 2^32, of the hash multiplier: its small multiples all have the same home. */
    private static final int INVERSE_OF_HASH = 0x144C_BC89;

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 0x1000, INVERSE_OF_HASH, INVERSE_OF_HASH << 12})
    void behavesAsAMapWithIdsThatCluster(int step) {
        Random random = new Random(step);
        SocketIdTable table = new SocketIdTable();
        Map<Integer, ConnectionEntry> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            int socketId = step * (1 + random.nextInt(600));
            // Grows at first, then shrinks and grows by turns.
            boolean shrinking = (i / 2_000 & 1) == 1;
            if (model.containsKey(socketId) && random.nextInt(4) < (shrinking ? 3 : 1)) {
                table.remove(socketId);
                model.remove(socketId);
            } else if (!model.containsKey(socketId) && !shrinking) {
                ConnectionEntry entry = entry(socketId);
                table.put(entry);
                model.put(socketId, entry);
            } else if (!model.containsKey(socketId)) {
                table.remove(socketId);
            }
            assertThat(table.size()).isEqualTo(model.size());
            assertThat(table.get(socketId)).isSameAs(model.get(socketId));
            if (i % 500 == 0) {
                assertIsTheSame(table, model, step);
            }
        }
        assertIsTheSame(table, model, step);
    }

    private static void assertIsTheSame(SocketIdTable table, Map<Integer, ConnectionEntry> model, int step) {
        for (int i = 0; i <= 601; i++) {
            assertThat(table.get(step * i)).isSameAs(model.get(step * i));
        }
        List<ConnectionEntry> all = new ArrayList<>();
        table.forEach(all::add);
        assertThat(all).containsExactlyInAnyOrderElementsOf(model.values());
    }

    static ConnectionEntry entry(int socketId) {
        SrtConnection connection = new SrtConnection(
                socketId,
                new Peer(ScriptedCaller.address(1), 1, 0),
                new Negotiated(0, 0x010505, 0, 120, 120, 1500, 8192, ""),
                KeyAgreement.Clear.CLEAR,
                ConnectionSettings.DEFAULT,
                new TsbpdClock(0, 0),
                new java.util.Random(1),
                0);
        return new ConnectionEntry(connection, null);
    }
}
