package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.packet.WrittenPackets;
import io.millrace.srt.send.SendBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many connections with something to send, and a driver that takes input in between. */
class SrtEndpointTurnsTest {
    private static final int CONNECTIONS = 10;
    private static final long MILLI = 1_000;

    private final DrivenEndpoint listener = DrivenEndpoint.listener();
    private final SrtEndpoint endpoint = listener.endpoint;
    private final SendBuffer log = new SendBuffer(1024);
    private final List<SrtConnection> connections = new ArrayList<>();
    private final WrittenPackets written = new WrittenPackets();
    private long now;

    @BeforeEach
    void connect() {
        for (int i = 0; i < CONNECTIONS; i++) {
            SrtConnection connection = ScriptedCaller.number(i + 1).connectTo(listener);
            connection.sendFrom(log, 0, 0);
            connections.add(connection);
        }
        listener.input(() -> {});
        endpoint.takeMeanWaitMicros();
        now = listener.nowMicros();
    }

    @Test
    void soManyTurnsAreTakenAndTheOthersWait() {
        publish();

        assertThat(endpoint.drain(now, written, 4)).isTrue();
        assertThat(sent()).containsExactly(1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
        assertThat(endpoint.drain(now, written, 4)).isTrue();
        assertThat(sent()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
        assertThat(endpoint.drain(now, written, 4)).isFalse();
        assertThat(sent()).containsOnly(1);
    }

    @Test
    void whoHadATurnComesAfterThoseWhoWait() {
        publish();
        endpoint.drain(now, written, 4);
        publish();

        assertThat(endpoint.drain(now, written, 6)).isTrue();
        assertThat(sent()).containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 2, 2);
        assertThat(endpoint.drain(now, written, 4)).isFalse();
        assertThat(sent()).containsOnly(2);
    }

    @Test
    void theMeanWaitIsToldOnce() {
        publish();
        endpoint.drain(now, written, 4);
        endpoint.drain(now + 3 * MILLI, written, 4);
        endpoint.drain(now + 7 * MILLI, written, 4);

        assertThat(endpoint.takeMeanWaitMicros()).isEqualTo((4 * 3 + 2 * 7) * MILLI / CONNECTIONS);
        assertThat(endpoint.takeMeanWaitMicros()).isZero();
    }

    @Test
    void aPauseInWhichNobodyHadAnythingToSendIsNoWait() {
        publish();
        endpoint.drain(now, written, CONNECTIONS);
        now += 500 * MILLI;
        publish();
        endpoint.drain(now, written, CONNECTIONS);

        assertThat(endpoint.takeMeanWaitMicros()).isZero();
    }

    @Test
    void whoIsServedInEachRoundWaitsForOneRoundOnly() {
        for (int round = 0; round < 20; round++) {
            publish();
            endpoint.drain(now, written, CONNECTIONS / 2);
            now += 10 * MILLI;
        }

        // Two slices of ten milliseconds make a round; the queue itself was never empty for 200 ms.
        assertThat(endpoint.takeMeanWaitMicros()).isBetween(10 * MILLI, 20 * MILLI);
    }

    @Test
    void atMoreThanCanBeDoneEachConnectionLosesItsShare() {
        // A packet a millisecond for each, and one turn a millisecond for all: nobody can get all of it in time.
        for (int milli = 0; milli < 5_000; milli++) {
            publish();
            endpoint.drain(now, written, 1);
            written.take();
            now += 20 * MILLI;
        }

        for (SrtConnection connection : connections) {
            assertThat(connection.statistics(now).value(Statistic.pktShedTotal)).isPositive();
        }
        List<Integer> sent = sent();
        assertThat(sent).allMatch(count -> count > 0);
        assertThat(sent.stream().mapToInt(count -> count).max().orElseThrow()
                        - sent.stream().mapToInt(count -> count).min().orElseThrow())
                .isLessThanOrEqualTo(20);
    }

    /** One payload for everybody. */
    private void publish() {
        log.append(now, new byte[100]);
        connections.forEach(endpoint::wake);
    }

    private List<Integer> sent() {
        return connections.stream()
                .map(connection -> (int) connection.statistics(now).value(Statistic.pktSentUniqueTotal))
                .toList();
    }
}
