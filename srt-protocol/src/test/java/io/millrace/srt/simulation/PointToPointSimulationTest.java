package io.millrace.srt.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.millrace.srt.send.SendBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An ordinary sender and an ordinary receiver over a bad network. */
class PointToPointSimulationTest {
    private static final long MILLI = 1_000;
    private static final long SECOND = 1_000_000;

    @Test
    void aPerfectLinkDeliversEverythingAfterExactlyTheLatency() {
        Stream stream = new Stream(1, 120, LinkProfile.delay(10 * MILLI), 0);
        stream.publish(5_000, MILLI);

        assertThat(stream.numbers).hasSize(5_000).isSorted();
        // Latency counts from the one-way delay of the handshake on.
        assertThat(stream.maxDelayMicros).isBetween(130 * MILLI, 131 * MILLI);
        assertThat(stream.minDelayMicros).isBetween(129 * MILLI, 131 * MILLI);
        assertThat(stream.receiver().value(Statistic.pktRcvLossTotal)).isZero();
        assertThat(stream.sender().value(Statistic.pktRetransTotal)).isZero();
        assertThat(stream.sender().value(Statistic.msRTT)).isBetween(19.0, 32.0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsMissingAtFivePercentLossAndFourRoundTripsOfLatency(long seed) {
        Stream stream = new Stream(seed, 200, LinkProfile.delay(25 * MILLI).withLoss(0.05), 0);
        stream.publish(10_000, MILLI);

        assertThat(stream.numbers).hasSize(10_000).isSorted();
        assertThat(stream.receiver().value(Statistic.pktRcvDropTotal)).isZero();
    }

    /** A sender, a receiver and what came out. */
    static final class Stream {
        final Simulation simulation;
        final SimulatedHost caller;
        final SimulatedHost listener;
        final SendBuffer source = new SendBuffer(16384);
        final List<Integer> numbers = new ArrayList<>();
        long minDelayMicros = Long.MAX_VALUE;
        long maxDelayMicros;

        @Nullable
        SrtConnection sending;

        @Nullable
        SrtConnection receiving;

        Stream(long seed, int latencyMillis, LinkProfile profile, double driftPpm) {
            simulation = new Simulation(seed);
            caller = simulation.host(EndpointSettings.CALLER, driftPpm);
            listener = simulation.host(EndpointSettings.LISTENER);
            simulation.link(caller, listener, profile);
            listener.onEvent(event -> {
                if (event instanceof EndpointEvent.CallerArrived arrived) {
                    receiving = listener.endpoint()
                            .accept(
                                    listener.nowMicros(),
                                    arrived.caller(),
                                    KeyAgreement.Clear.CLEAR,
                                    ConnectionSettings.DEFAULT.withLatency(latencyMillis, 0));
                    receiving.receiveInto(
                            new PayloadReceiver() {
                                @Override
                                public void received(long offset, long originMicros, byte[] payload) {
                                    ByteBuffer content = ByteBuffer.wrap(payload);
                                    numbers.add(content.getInt());
                                    long delay = simulation.nowMicros() - content.getLong();
                                    minDelayMicros = Math.min(minDelayMicros, delay);
                                    maxDelayMicros = Math.max(maxDelayMicros, delay);
                                }

                                @Override
                                public void settled(long offset) {}
                            },
                            Delivery.BY_TIMESTAMP);
                }
            });
            caller.onEvent(event -> {
                if (event instanceof EndpointEvent.Connected connected) {
                    sending = connected.connection();
                    sending.sendFrom(source, 0, 0);
                }
            });
            caller.input(() -> caller.endpoint()
                    .connect(
                            caller.nowMicros(),
                            listener.address(),
                            ConnectionSettings.DEFAULT.withLatency(latencyMillis, 0),
                            "#!::r=test,m=publish"));
            simulation.run(3 * SECOND);
        }

        void publish(int packets, long intervalMicros) {
            for (int i = 0; i < packets; i++) {
                int number = i;
                simulation.after(i * intervalMicros, () -> {
                    byte[] payload = ByteBuffer.allocate(1316)
                            .putInt(number)
                            .putLong(simulation.nowMicros())
                            .array();
                    caller.input(() -> {
                        source.append(caller.nowMicros(), payload);
                        caller.endpoint().wake(sending);
                    });
                });
            }
            simulation.run(packets * intervalMicros + 2 * SECOND);
        }

        io.millrace.srt.connection.ConnectionStatistics receiver() {
            return receiving.statistics(listener.nowMicros());
        }

        io.millrace.srt.connection.ConnectionStatistics sender() {
            return sending.statistics(caller.nowMicros());
        }
    }
}
