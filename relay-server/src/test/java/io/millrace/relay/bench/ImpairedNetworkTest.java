package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ImpairedNetworkTest {
    /** Says that nothing more comes: long enough for datagrams that are there on loopback. */
    private static final int QUIET_MILLIS = 500;

    private DatagramSocket client;
    private DatagramSocket server;

    @BeforeEach
    void open() throws IOException {
        client = new DatagramSocket(0);
        server = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        client.setSoTimeout(QUIET_MILLIS);
        server.setSoTimeout(QUIET_MILLIS);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void carriesBothWaysAndKeepsTheOrder() throws Exception {
        try (ImpairedNetwork network = network(0, 0, 1)) {
            send(client, path(network), 100);
            DatagramPacket first = receive(server);
            List<Integer> numbers = new ArrayList<>(List.of(number(first)));
            numbers.addAll(receiveAll(server));
            send(server, (InetSocketAddress) first.getSocketAddress(), 50);

            assertThat(numbers).isEqualTo(range(100));
            assertThat(receiveAll(client)).isEqualTo(range(50));
            assertThat(network.toll()).isEqualTo(new ImpairedNetwork.Toll(150, 0));
        }
    }

    @Test
    void losesTheShareAskedForAndCountsIt() throws Exception {
        try (ImpairedNetwork network = network(20, 0, 1)) {
            InetSocketAddress path = path(network);
            long received = 0;
            // In portions that the smallest socket buffer holds.
            for (int sent = 50; sent <= 2_000; sent += 50) {
                long datagrams = sent;
                send(client, path, 50);
                await().until(() -> network.toll().datagrams() == datagrams);
                for (; received < sent - network.toll().lostDatagrams(); received++) {
                    receive(server);
                }
            }

            assertThat(receiveAll(server)).isEmpty();
            // 20 % of 2000 is 400; five standard deviations are 90.
            assertThat(network.toll().lostDatagrams()).isBetween(310L, 490L);
        }
    }

    @Test
    void theSameSeedLosesTheSameDatagramsAndAnotherSeedOthers() throws Exception {
        List<List<Integer>> arrived = new ArrayList<>();
        for (long seed : new long[] {7, 7, 8}) {
            try (ImpairedNetwork network = network(30, 0, seed)) {
                send(client, path(network), 200);
                arrived.add(receiveAll(server));
            }
        }

        assertThat(arrived.get(1)).isEqualTo(arrived.get(0));
        assertThat(arrived.get(2)).isNotEqualTo(arrived.get(0));
    }

    @Test
    void noDatagramIsEarlierThanItsDelay() throws Exception {
        try (ImpairedNetwork network = network(0, 150, 1)) {
            InetSocketAddress path = path(network);
            long sentNanos = System.nanoTime();
            send(client, path, 10);
            receive(server);

            assertThat(Duration.ofNanos(System.nanoTime() - sentNanos)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
            assertThat(receiveAll(server)).hasSize(9);
        }
    }

    @Test
    void whatWasSentBeforeTheEndStillArrives() throws Exception {
        try (ImpairedNetwork network = network(0, 200, 1)) {
            send(client, path(network), 10);
        }

        assertThat(receiveAll(server)).isEqualTo(range(10));
    }

    private static ImpairedNetwork network(double lossPercent, int delayMillis, long seed) throws IOException {
        return new ImpairedNetwork(new Impairment(lossPercent, delayMillis, Impairment.Legs.BOTH, seed));
    }

    private InetSocketAddress path(ImpairedNetwork network) throws IOException {
        InetSocketAddress path =
                network.path(client.getLocalPort(), (InetSocketAddress) server.getLocalSocketAddress());
        network.start();
        return path;
    }

    private static void send(DatagramSocket from, InetSocketAddress to, int count) throws IOException {
        for (int number = 0; number < count; number++) {
            byte[] bytes = ByteBuffer.allocate(4).putInt(number).array();
            from.send(new DatagramPacket(bytes, bytes.length, to));
        }
    }

    private static DatagramPacket receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[8], 8);
        socket.receive(packet);
        return packet;
    }

    private static List<Integer> receiveAll(DatagramSocket socket) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try {
            while (true) {
                numbers.add(number(receive(socket)));
            }
        } catch (SocketTimeoutException e) {
            return numbers;
        }
    }

    private static int number(DatagramPacket packet) {
        return ByteBuffer.wrap(packet.getData()).getInt();
    }

    private static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }
}
