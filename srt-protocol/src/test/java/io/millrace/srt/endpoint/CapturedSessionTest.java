package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.crypto.Chunks;
import io.millrace.srt.receive.Delivery;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sessions, as they were and damaged. The captures' README says what is in which. */
@Tag("any-jdk")
class CapturedSessionTest {
    private static final int SEEDS = 200;
    private static final int DATAGRAMS = 100;

    @ParameterizedTest
    @ValueSource(strings = {"01", "04", "10", "12", "20", "21", "23", "50", "51", "52"})
    void aRealSessionDeliversItsPayloadsExactly(String capture) {
        CapturedSession session = new CapturedSession(capture);
        session.assertHasPayloads();
        for (Delivery delivery : Delivery.values()) {
            AttackedListener listener = new AttackedListener(delivery);

            Map<Integer, Integer> ours = session.replay(listener, Integer.MAX_VALUE, List::of);
            listener.assertNoHarm();

            for (int caller : session.callerSocketIds()) {
                Map<Long, ByteBuffer> received =
                        listener.receiver(ours.get(caller)).payloads();
                assertThat(received).isEqualTo(session.payloads(caller));
            }
        }
    }

    /**
     * GCM protects the socket ID in the header, which a replay must change; the simulation has it. On arrival, since the
     * pauses that a replay shortens would hold payloads back.
     */
    @ParameterizedTest
    @CsvSource({"02, 100", "03, 100", "03b, 100", "06, 533", "11, 60", "42, 100"})
    void anEncryptedSessionIsDecryptedWhole(String capture, int packets) {
        CapturedSession session = new CapturedSession(capture);
        AttackedListener listener = new AttackedListener(Delivery.ON_ARRIVAL);

        Map<Integer, Integer> ours = session.replay(listener, Integer.MAX_VALUE, List::of);
        listener.assertNoHarm();

        for (int caller : session.callerSocketIds()) {
            Map<Long, ByteBuffer> received = listener.receiver(ours.get(caller)).payloads();
            assertThat(received).hasSize(packets);
            received.forEach((offset, payload) ->
                    assertThat(payload).isEqualTo(ByteBuffer.wrap(Chunks.chunk(Math.toIntExact(offset)))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "04", "12", "20", "21", "23b", "51", "52", "06", "54"})
    void aDamagedSessionDoesNoHarmToOthers(String capture) {
        CapturedSession session = new CapturedSession(capture);
        for (int seed = 0; seed < SEEDS; seed++) {
            AttackedListener listener = new AttackedListener(Delivery.values()[seed % 2]);
            try {
                session.replay(listener, DATAGRAMS, new SessionTampering(new Random(seed)));
                listener.assertNoHarm();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
