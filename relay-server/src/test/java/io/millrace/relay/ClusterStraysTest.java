package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.ConnectionFact;
import io.millrace.relay.stats.StrayLookup;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.packet.BareControlPacket;
import io.millrace.srt.packet.ControlHeader;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.HandshakePacket;
import io.millrace.srt.packet.PacketDecoder;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes, and a load balancer that changes its mind. */
@Timeout(60)
@Tag("any-jdk")
class ClusterStraysTest {
    private static final String LISTENER = "main";

    private final TestCluster nodes = new TestCluster();
    private final TestRelay relayHere = start("here");
    private final TestRelay relayThere = start("there");
    private final Cluster here = nodes.seenBy("here");
    private final Cluster there = nodes.seenBy("there");
    private final SteeredPath path = new SteeredPath(relayThere.listener());
    private final TestCaller caller = relayThere.caller(path.front());
    private DatagramSocket peer;
    private int published;

    @BeforeEach
    void bind() throws IOException {
        peer = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        peer.setSoTimeout(10_000);
    }

    @AfterEach
    void stop() {
        nodes.close();
        path.close();
        peer.close();
    }

    @Test
    void subscriberWhoseDatagramsComeToAnotherNodeMissesNothing() {
        TestCall publisher = relayThere.publish("live").opened();
        TestCall subscriber = caller.call(path.front(), "#!::r=live").opened();
        publishUntilItArrives(publisher, subscriber);

        path.steerTo(relayHere.listener());
        publishUntilItArrives(publisher, subscriber);

        // The API tells of the sockets as they were up to a second ago.
        await().until(() -> total(relayHere, "straysForwarded") > 0 && total(relayHere, "straysReturned") >= 50);
        assertThat(lookups(relayHere, StrayLookup.FORWARDED)).isEqualTo(1);

        path.steerTo(relayThere.listener());
        publishUntilItArrives(publisher, subscriber);

        assertThat(subscriber.texts(published)).isEqualTo(texts(published));
        assertThat(relayThere.connections()).hasSize(2);
        assertThat(relayHere.connections()).isEmpty();
    }

    @Test
    void publisherWhoseDatagramsComeToAnotherNodeGoesOn() {
        TestCall publisher = caller.call(path.front(), "#!::r=live,m=publish").opened();
        TestCall subscriber = relayThere.request("live").opened();
        publishUntilItArrives(publisher, subscriber);

        path.steerTo(relayHere.listener());
        publishUntilItArrives(publisher, subscriber);

        assertThat(subscriber.texts(published)).isEqualTo(texts(published));
        publisher.hangUp();
        relayThere.awaitConnections(1);
    }

    @Test
    void peerOfADeadNodeIsToldByTheNodeThatHearsIt() {
        TestCall publisher = caller.call(path.front(), "#!::r=live,m=publish").opened();
        crash(there);

        path.steerTo(relayHere.listener());
        publisher.publish("payload", 0, 0);

        assertThat(publisher.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        await().until(() -> lookups(relayHere, StrayLookup.ENDED) == 1);
    }

    @Test
    void peerThatIsForwardedIsToldWhenItsNodeDies() {
        TestCall publisher = caller.call(path.front(), "#!::r=live,m=publish").opened();
        path.steerTo(relayHere.listener());
        publisher.publish("payload", 0, 9);
        await().until(() -> total(relayHere, "straysReturned") > 0);

        crash(there);

        assertThat(publisher.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    @Test
    void peerThatGoesOnAfterItWasToldIsToldAgain() throws IOException {
        ConnectionFact fact = orphan(4711, relayThere.listener());
        here.connections().opened(fact);

        sendKeepAlive(4711);
        assertIsShutdown(receive(), fact);
        await().until(() -> {
            sendKeepAlive(4711);
            return hasMore();
        });

        assertThat(here.connections().find(4711)).isCompletedWithValueMatching(found -> found.isEmpty());
        await().until(() -> lookups(relayHere, StrayLookup.ENDED) == 1);
    }

    @Test
    void factsOfAnotherPeerOrAnotherListenerLeadToNothing() throws IOException {
        ConnectionFact fact = orphan(4711, relayHere.listener());
        here.connections()
                .opened(new ConnectionFact(
                        "gone",
                        LISTENER,
                        1,
                        4711,
                        new InetSocketAddress("192.0.2.1", peer.getLocalPort()),
                        99,
                        fact.called(),
                        "live"));
        here.connections().opened(new ConnectionFact("gone", "other", 1, 4712, fact.peer(), 99, fact.called(), "live"));

        sendKeepAlive(4711);
        sendKeepAlive(4712);

        await().until(() -> lookups(relayHere, StrayLookup.UNKNOWN) == 2);
        assertThat(lookups(relayHere, StrayLookup.ENDED)).isZero();
    }

    @Test
    void peerWhoseNodeLivesButDoesNotAnswerIsToldToCallAnew() throws IOException {
        InetSocketAddress unheard;
        try (DatagramSocket gone = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            unheard = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        ConnectionFact fact = new ConnectionFact(
                there.self().incarnation(),
                LISTENER,
                0,
                4711,
                (InetSocketAddress) peer.getLocalSocketAddress(),
                99,
                unheard,
                "live");
        here.connections().opened(fact);
        peer.setSoTimeout(100);

        await().atMost(Duration.ofSeconds(10)).until(() -> {
            sendKeepAlive(4711);
            return hasMore();
        });

        assertThat(lookups(relayHere, StrayLookup.FORWARDED)).isEqualTo(1);
        await().until(() -> lookups(relayHere, StrayLookup.UNREACHABLE) == 1);
    }

    @Test
    void callerMayAskOneNodeForItsCookieAndAnotherForItsConnection() {
        caller.rewrite(
                packet -> {
                    if (isConclusion(packet)) {
                        path.steerTo(relayHere.listener());
                    }
                    return packet;
                },
                UnaryOperator.identity());

        caller.call(path.front(), "#!::r=live,m=publish").opened();

        assertThat(relayHere.connections()).hasSize(1);
        assertThat(relayThere.connections()).isEmpty();
    }

    @Test
    void newOwnerOfARoleTellsThePeersThatItsPredecessorLeftBehind() throws Exception {
        ConnectionFact told = orphan(1, relayHere.listener());
        ConnectionFact elsewhere = orphan(2, new InetSocketAddress("192.0.2.1", 8890));
        here.connections().opened(told);
        here.connections().opened(elsewhere);

        int count = relayHere
                .listeners()
                .tellOrphans(LISTENER)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        assertThat(count).isEqualTo(1);
        assertIsShutdown(receive(), told);
        assertIsShutdown(receive(), told);
        assertThat(here.connections().find(2)).isCompletedWithValueMatching(found -> found.isPresent());
    }

    @Test
    void madeUpSocketIdsAreLookedUpSoOftenAndNoMore() throws IOException {
        Random random = new Random(1);
        long begin = System.nanoTime();
        for (int i = 0; i < 5_000; i++) {
            sendKeepAlive(random.nextInt(1, 0x4000_0000));
        }
        await().until(() -> discarded(relayHere, Discarded.UNKNOWN_SOCKET_ID)
                                + total(relayHere, "straysDropped")
                                + total(relayHere, "receiveDrops")
                        >= 4_000
                && lookups(relayHere, StrayLookup.UNASKED) > 0);
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();

        assertThat(lookups(relayHere, StrayLookup.UNKNOWN)).isBetween(1L, 200 * (seconds + 2));
    }

    @Test
    void sameStrangerIsLookedUpOnceASecond() throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            sendKeepAlive(4711);
        }
        await().until(() -> discarded(relayHere, Discarded.UNKNOWN_SOCKET_ID) >= 400);
        long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();

        assertThat(lookups(relayHere, StrayLookup.UNKNOWN)).isBetween(1L, seconds + 2);
    }

    /** As an encoder does it: what is lost at the end is only missed when something follows. */
    private void publishUntilItArrives(TestCall publisher, TestCall subscriber) {
        int enough = published + 50;
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    publisher.publish("payload", published, published);
                    published++;
                    return subscriber.received(0).size() >= enough;
                });
    }

    private TestRelay start(String nodeId) {
        return nodes.start(nodeId, "listeners[0].name=" + LISTENER, "srt.latencyMillis=8000", "transport.eventLoops=2");
    }

    /** For the others: its relay goes on, but nobody hears it any more. */
    private static void crash(Cluster node) {
        node.leave().toCompletableFuture().join();
    }

    private ConnectionFact orphan(int socketId, InetSocketAddress called) {
        return new ConnectionFact(
                "gone", LISTENER, 1, socketId, (InetSocketAddress) peer.getLocalSocketAddress(), 99, called, "live");
    }

    private void sendKeepAlive(int socketId) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(BareControlPacket.LENGTH);
        BareControlPacket.write(packet, ControlType.KEEP_ALIVE, 0, 0, socketId);
        peer.send(new DatagramPacket(packet.array(), packet.position(), relayHere.listener()));
    }

    private DatagramPacket receive() throws IOException {
        DatagramPacket received = new DatagramPacket(new byte[2048], 2048);
        peer.receive(received);
        return received;
    }

    private boolean hasMore() throws IOException {
        peer.setSoTimeout(20);
        try {
            receive();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private void assertIsShutdown(DatagramPacket received, ConnectionFact fact) {
        ByteBuffer packet = ByteBuffer.wrap(received.getData(), 0, received.getLength());
        assertThat(received.getSocketAddress()).isEqualTo(relayHere.listener());
        assertThat(ControlHeader.type(packet)).isEqualTo(ControlType.SHUTDOWN);
        assertThat(PacketDecoder.destinationSocketId(packet)).isEqualTo(fact.peerSocketId());
    }

    private static boolean isConclusion(byte[] packet) {
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        return PacketDecoder.isControl(buffer)
                && ControlHeader.type(buffer) == ControlType.HANDSHAKE
                && HandshakePacket.read(buffer).type() == HandshakePacket.CONCLUSION;
    }

    private static long lookups(TestRelay relay, StrayLookup outcome) {
        return relay.sockets().stream()
                .mapToLong(socket -> socket.getJsonObject("strayLookups").getLong(outcome.name()))
                .sum();
    }

    private static long discarded(TestRelay relay, Discarded reason) {
        return relay.sockets().stream()
                .mapToLong(socket -> socket.getJsonObject("discarded").getLong(reason.name()))
                .sum();
    }

    private static long total(TestRelay relay, String counter) {
        return relay.sockets().stream()
                .mapToLong(socket -> Objects.requireNonNullElse(socket.getLong(counter), 0L))
                .sum();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "payload" + i).toList();
    }
}
