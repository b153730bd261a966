package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.endpoint.DatagramEndpoint;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.StraySink;
import io.millrace.srt.packet.DatagramSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImpairedEndpointTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9000);

    private final Numbers behind = new Numbers();
    private final Wire wire = new Wire();

    @Test
    void datagramsOfBothDirectionsComeAfterTheDelayInTheirOrder() {
        ImpairedEndpoint impaired = impaired(0, 50, 1);
        receive(impaired, 10_300, 1, 2);
        send(impaired, 10_300, 7, 8);

        advance(impaired, 60_299);
        assertThat(behind.received).isEmpty();
        assertThat(wire.sent).isEmpty();
        assertThat(impaired.nextTimeoutMicros()).isEqualTo(61_000);

        advance(impaired, 61_000);
        assertThat(behind.received).containsExactly(1, 2);
        assertThat(wire.sent).containsExactly(7, 8);
        assertThat(impaired.nextTimeoutMicros()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void withoutDelayNothingWaits() {
        ImpairedEndpoint impaired = impaired(0, 0, 1);
        receive(impaired, 10_300, 1);
        send(impaired, 10_300, 7);

        assertThat(behind.received).containsExactly(1);
        assertThat(wire.sent).containsExactly(7);
    }

    @Test
    void theEndpointsOwnTimeoutIsKept() {
        ImpairedEndpoint impaired = impaired(0, 50, 1);
        behind.timeoutMicros = 20_000;

        assertThat(impaired.nextTimeoutMicros()).isEqualTo(20_000);
        impaired.handleTimeout(19_999);
        assertThat(behind.timeouts).isZero();
        impaired.handleTimeout(20_000);
        assertThat(behind.timeouts).isEqualTo(1);
    }

    @Test
    void losesTheShareAskedForInBothDirectionsAndCountsIt() {
        ImpairedEndpoint impaired = impaired(20, 0, 1);
        int[] numbers = IntStream.range(0, 10_000).toArray();
        receive(impaired, 0, numbers);
        send(impaired, 0, numbers);

        // 20 % of 10000 is 2000; five standard deviations are 200.
        assertThat(behind.received).hasSizeBetween(7_800, 8_200).isSorted();
        assertThat(wire.sent).hasSizeBetween(7_800, 8_200).isSorted();
        long lost = 20_000 - behind.received.size() - wire.sent.size();
        assertThat(impaired.toll()).isEqualTo(new ImpairedEndpoint.Toll(20_000, lost));
    }

    @Test
    void theSameSeedLosesTheSameDatagramsAndAnotherSeedOthers() {
        List<List<Integer>> arrived = new ArrayList<>();
        for (long seed : new long[] {7, 7, 8}) {
            behind.received.clear();
            receive(impaired(30, 0, seed), 0, IntStream.range(0, 200).toArray());
            arrived.add(List.copyOf(behind.received));
        }

        assertThat(arrived.get(1)).isEqualTo(arrived.get(0));
        assertThat(arrived.get(2)).isNotEqualTo(arrived.get(0));
    }

    @Test
    void onceBypassedEverythingGoesAtOnceAndWhatWaitedFirst() {
        ImpairedEndpoint impaired = impaired(99, 50, 1);
        send(impaired, 0, IntStream.range(0, 1_000).toArray());
        assertThat(wire.sent).isEmpty();

        impaired.bypass();
        send(impaired, 1, 1_000);

        assertThat(wire.sent).hasSizeBetween(2, 100).isSorted().endsWith(1_000);
    }

    private ImpairedEndpoint impaired(double lossPercent, int delayMillis, long seed) {
        Impairment impairment = new Impairment(lossPercent, delayMillis, Impairment.Legs.BOTH, seed);
        return new ImpairedEndpoint(behind, impairment, new SplittableRandom(seed));
    }

    private static void receive(ImpairedEndpoint impaired, long nowMicros, int... numbers) {
        // The buffer is the driver's, and overwritten by the next datagram.
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES);
        for (int number : numbers) {
            impaired.handleDatagram(
                    nowMicros, PEER, buffer.clear().putInt(number).flip(), StraySink.NONE);
        }
    }

    private void send(ImpairedEndpoint impaired, long nowMicros, int... numbers) {
        for (int number : numbers) {
            behind.toSend.add(number);
        }
        impaired.drain(nowMicros, wire, Integer.MAX_VALUE);
    }

    private void advance(ImpairedEndpoint impaired, long nowMicros) {
        impaired.handleTimeout(nowMicros);
        impaired.drain(nowMicros, wire, Integer.MAX_VALUE);
    }

    /** An endpoint whose datagrams are numbers. */
    private static final class Numbers implements DatagramEndpoint {
        private final List<Integer> received = new ArrayList<>();
        private final Queue<Integer> toSend = new ArrayDeque<>();
        private long timeoutMicros = Long.MAX_VALUE;
        private int timeouts;

        @Override
        public void handleDatagram(long nowMicros, InetSocketAddress from, ByteBuffer datagram, StraySink strays) {
            assertThat(from).isEqualTo(PEER);
            assertThat(datagram.remaining()).isEqualTo(Integer.BYTES);
            received.add(datagram.getInt(datagram.position()));
        }

        @Override
        public void handleTimeout(long nowMicros) {
            timeouts++;
        }

        @Override
        public EndpointEvent pollEvent() {
            return null;
        }

        @Override
        public boolean drain(long nowMicros, DatagramSink sink, int turns) {
            while (!toSend.isEmpty()) {
                sink.begin(PEER, 1_456).putInt(toSend.remove());
                sink.end();
            }
            return false;
        }

        @Override
        public long nextTimeoutMicros() {
            return timeoutMicros;
        }
    }

    private static final class Wire implements DatagramSink {
        private final ByteBuffer buffer = ByteBuffer.allocate(1_456);
        private final List<Integer> sent = new ArrayList<>();

        @Override
        public ByteBuffer begin(InetSocketAddress to, int maxLength) {
            assertThat(to).isEqualTo(PEER);
            return buffer.clear().limit(maxLength);
        }

        @Override
        public void end() {
            buffer.flip();
            assertThat(buffer.remaining()).isEqualTo(Integer.BYTES);
            sent.add(buffer.getInt());
        }
    }
}
