package io.millrace.relay.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImpairmentProxyTest {
    private static final long MILLISECOND = 1_000_000;
    private static final byte[] DATAGRAM = new byte[1_000];

    private DatagramSocket server;

    @BeforeEach
    void openServer() throws IOException {
        server = openSocket();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Test
    void eachClientHasItsOwnAddressAtTheServerAndGetsItsOwnAnswers() throws IOException {
        try (ImpairmentProxy proxy = ImpairmentProxy.to(server.getLocalPort()).start();
                DatagramSocket one = openSocket();
                DatagramSocket other = openSocket()) {
            send(one, proxy.port(), 1);
            DatagramPacket fromOne = receive(server);
            send(other, proxy.port(), 2);
            DatagramPacket fromOther = receive(server);
            send(server, fromOther.getPort(), 20);
            send(server, fromOne.getPort(), 10);

            assertThat(fromOne.getPort()).isNotEqualTo(fromOther.getPort());
            assertThat(number(receive(one))).isEqualTo(10);
            assertThat(number(receive(other))).isEqualTo(20);
            assertThat(proxy.toServer()).isEqualTo(new LinkCounters(2, 2, 0, 0, 0));
            assertThat(proxy.toClient()).isEqualTo(new LinkCounters(2, 2, 0, 0, 0));
        }
    }

    @Test
    void delaysByTheGivenTimeInBothDirections() throws IOException {
        try (ImpairmentProxy proxy = ImpairmentProxy.to(server.getLocalPort())
                        .delayMillis(15)
                        .start();
                DatagramSocket client = openSocket()) {
            List<Long> roundTripNanos = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long sentNanos = System.nanoTime();
                send(client, proxy.port(), i);
                send(server, receive(server).getPort(), i);
                receive(client);
                roundTripNanos.add(System.nanoTime() - sentNanos);
            }

            // A busy machine adds to single ones; the least shows what the proxy does.
            assertThat(roundTripNanos).allMatch(nanos -> nanos >= 30 * MILLISECOND);
            assertThat(roundTripNanos).anyMatch(nanos -> nanos < 32 * MILLISECOND);
        }
    }

    @Test
    void anOutageLosesEverythingUntilItEnds() throws IOException {
        try (ImpairmentProxy proxy = ImpairmentProxy.to(server.getLocalPort()).start();
                DatagramSocket client = openSocket()) {
            proxy.outage(true);
            send(client, proxy.port(), 1);
            await().until(() -> proxy.toServer().lost() == 1);
            proxy.outage(false);
            send(client, proxy.port(), 2);

            assertThat(number(receive(server))).isEqualTo(2);
        }
    }

    @Test
    void survivesAServerThatIsNotThereYet() throws IOException {
        int port = server.getLocalPort();
        server.close();
        try (ImpairmentProxy proxy = ImpairmentProxy.to(port).start();
                DatagramSocket client = openSocket()) {
            send(client, proxy.port(), 1);
            await().until(() -> proxy.toServer().carried() == 1);
            server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            server.setSoTimeout(200);
            DatagramPacket received = null;
            for (int attempt = 2; received == null && attempt < 50; attempt++) {
                send(client, proxy.port(), attempt);
                received = receiveIfAny(server);
            }

            assertThat(received).isNotNull();
        }
    }

    @Test
    void losesTheGivenShareAndTheSameOnesForTheSameSeed() {
        Outcome outcome = run(10_000, 10, impairment -> impairment.loss(0.05));

        assertThat(outcome.counters.lost() / 10_000.0).isCloseTo(0.05, within(0.01));
        assertThat(outcome.order).hasSize((int) outcome.counters.carried());
        assertThat(run(10_000, 10, impairment -> impairment.loss(0.05))).isEqualTo(outcome);
        assertThat(run(
                                10_000,
                                10,
                                impairment ->
                                        impairment.loss(0.05).delayMillis(50).duplication(0.5))
                        .counters
                        .lost())
                .isEqualTo(outcome.counters.lost());
    }

    @Test
    void losesInBurstsOfTheGivenLength() {
        Outcome outcome = run(20_000, 10, impairment -> impairment.burstLoss(0.01, 0.2));
        long bursts = IntStream.range(1, outcome.order.size())
                .filter(i -> outcome.order.get(i) > outcome.order.get(i - 1) + 1)
                .count();

        // Share 0.01 / (0.01 + 0.2), mean length 1 / 0.2.
        assertThat(outcome.counters.lost() / 20_000.0).isCloseTo(0.048, within(0.015));
        assertThat((double) outcome.counters.lost() / bursts).isCloseTo(5.0, within(1.0));
    }

    @Test
    void jitterKeepsTheOrderAndStaysInItsBounds() {
        UnaryOperator<Impairment> jitter =
                impairment -> impairment.delayMillis(20).jitterMillis(10);
        Outcome dense = run(2_000, 100, jitter);
        Outcome outcome = run(500, 10_000, jitter);

        assertThat(dense.order).isSorted().hasSize(2_000);
        assertThat(dense.counters.reordered()).isZero();
        assertThat(dense.delayMicros).allMatch(micros -> micros >= 20_000 && micros <= 30_100);
        assertThat(outcome.delayMicros).anyMatch(micros -> micros < 24_000).anyMatch(micros -> micros > 28_000);
    }

    @Test
    void heldBackDatagramsAreOvertaken() {
        Outcome outcome = run(5_000, 100, impairment -> impairment.reorder(0.1, 1));

        assertThat(outcome.order).hasSize(5_000).doesNotHaveDuplicates();
        assertThat(outcome.counters.reordered() / 5_000.0).isCloseTo(0.1, within(0.02));
    }

    @Test
    void duplicatesTheGivenShare() {
        Outcome outcome = run(5_000, 100, impairment -> impairment.duplication(0.1));

        assertThat(outcome.counters.duplicated() / 5_000.0).isCloseTo(0.1, within(0.02));
        assertThat(outcome.order).hasSize(5_000 + (int) outcome.counters.duplicated());
        assertThat(outcome.counters.carried()).isEqualTo(outcome.order.size());
    }

    @Test
    void aSlowLineSpreadsWhatComesTooFastAndLosesWhatWaitsTooLong() {
        // 1,000 bytes every 100 us are 80 Mbit/s, ten times what the line takes.
        Outcome outcome = run(1_000, 100, impairment -> impairment.rate(8_000_000, 20));
        long[] spacingMicros = IntStream.range(1, outcome.arrivalMicros.size())
                .mapToLong(i -> outcome.arrivalMicros.get(i) - outcome.arrivalMicros.get(i - 1))
                .toArray();

        assertThat(LongStream.of(spacingMicros).min().orElseThrow()).isGreaterThanOrEqualTo(900);
        assertThat(outcome.delayMicros).allMatch(micros -> micros <= 20_100);
        assertThat(outcome.counters.carried()).isCloseTo(120, within(5L));
    }

    /** A link in virtual time: one numbered datagram every so often, looked at every 100 us. */
    private static Outcome run(int datagrams, long intervalMicros, UnaryOperator<Impairment> change) {
        ImpairedLink link = new ImpairedLink(change.apply(Impairment.NONE), new SplittableRandom(7));
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long[] nowMicros = {0};
        int sent = 0;
        long endMicros = datagrams * intervalMicros + 1_000_000;
        while (nowMicros[0] < endMicros) {
            while (sent < datagrams && sent * intervalMicros <= nowMicros[0]) {
                ByteBuffer datagram = ByteBuffer.wrap(DATAGRAM.clone()).putInt(0, sent++);
                long sentMicros = nowMicros[0];
                link.accept(1_000 * sentMicros, datagram, delivered -> {
                    outcome.order.add(delivered.getInt());
                    outcome.arrivalMicros.add(nowMicros[0]);
                    outcome.delayMicros.add(nowMicros[0] - sentMicros);
                });
            }
            link.deliverDue(1_000 * nowMicros[0]);
            nowMicros[0] += 100;
        }
        return new Outcome(outcome.order, outcome.arrivalMicros, outcome.delayMicros, link.counters());
    }

    private record Outcome(
            List<Integer> order, List<Long> arrivalMicros, List<Long> delayMicros, LinkCounters counters) {
        Outcome(List<Integer> order, List<Long> arrivalMicros, List<Long> delayMicros) {
            this(order, arrivalMicros, delayMicros, new LinkCounters(0, 0, 0, 0, 0));
        }
    }

    private static DatagramSocket openSocket() throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(DatagramSocket from, int port, int number) throws IOException {
        byte[] bytes = ByteBuffer.allocate(4).putInt(number).array();
        from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
        socket.receive(packet);
        return packet;
    }

    private static DatagramPacket receiveIfAny(DatagramSocket socket) throws IOException {
        try {
            return receive(socket);
        } catch (SocketTimeoutException e) {
            return null;
        }
    }

    private static int number(DatagramPacket packet) {
        return ByteBuffer.wrap(packet.getData()).getInt();
    }
}
