package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.listener.SocketSurgery;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sockets of a port come and go, and the kernel spreads its callers anew: by a hash of their ports it gives each socket an
 * equal share, in the order in which they were opened. Between two loops that have opened one each, a third socket may
 * move no more than a sixth of the callers; a fourth, of the other loop, makes it a half, and with twenty callers never
 * nobody.
 */
@Timeout(60)
@Tag("any-jdk")
class RelayStraysTest {
    private static final int CALLERS = 20;

    // What is in a socket's buffer when it is closed is lost and has to be asked for: late must not be too late.
    private final TestRelay relay =
            TestRelay.start("listeners[0].host=0.0.0.0", "srt.latencyMillis=8000", "transport.eventLoops=2");
    private final InetSocketAddress listener =
            new InetSocketAddress("127.0.0.1", relay.listener().getPort());
    private final List<SocketSurgery> loops = relay.loops(listener);

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void connectionsMissNothingWhileOtherSocketsOfTheirPortAreClosedAndOpened() {
        TestCall publisher = publish("live").opened();
        int home = await().until(() -> loopsWithConnections(relay.sockets()), busy -> busy.size() == 1)
                .get(0);
        List<TestCall> subscribers =
                IntStream.range(0, CALLERS).mapToObj(i -> request("live")).toList();
        subscribers.forEach(TestCall::opened);
        await().until(() -> total("connections") == 1 + CALLERS);
        assertThat(loopsWithConnections(relay.sockets())).hasSize(2);

        publisher.publish("payload", 0, 49);
        openOneMoreEach();
        publisher.publish("payload", 50, 99);
        for (TestCall subscriber : subscribers) {
            assertThat(subscriber.texts(100)).isEqualTo(texts(100));
        }
        await().until(() -> total("straysHandedOver") > 0);
        await().until(() -> total("connections") == 1 + CALLERS);

        SocketSurgery other = loops.get(1 - home);
        long orphans = connections(other.loop());
        publisher.publish("payload", 100, 149);
        other.close();
        publisher.publish("payload", 150, 199);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> subscribers.stream().filter(one -> !one.isOpen()).count() == orphans);
        long handedOver = total("straysHandedOver");
        other.open();
        publisher.publish("payload", 200, 249);

        for (TestCall subscriber : subscribers) {
            if (subscriber.isOpen()) {
                assertThat(subscriber.texts(250)).isEqualTo(texts(250));
            } else {
                assertThat(subscriber.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
            }
        }
        await().until(() -> total("straysHandedOver") > handedOver);
        assertThat(total("straysDropped")).isZero();
        assertThat(discarded(Discarded.FOREIGN_ADDRESS)).isZero();
        assertThat(publisher.isOpen()).isTrue();
    }

    @Test
    void connectionsAtTheWildcardMissNothingWhenTheirAddressGetsSocketsOfItsOwn() {
        loops.forEach(SocketSurgery::close);
        TestCall publisher = publish("live").opened();
        List<TestCall> subscribers =
                IntStream.range(0, CALLERS).mapToObj(i -> request("live")).toList();
        subscribers.forEach(TestCall::opened);
        await().until(() -> total("connections") == 1 + CALLERS);
        assertThat(loopsWithConnections(relay.sockets())).hasSize(2);

        // One loop after the other, as they find new addresses.
        for (int i = 0; i < 2; i++) {
            publisher.publish("payload", 100 * i, 100 * i + 49);
            loops.get(i).open();
            publisher.publish("payload", 100 * i + 50, 100 * i + 99);
        }

        for (TestCall subscriber : subscribers) {
            assertThat(subscriber.texts(200)).isEqualTo(texts(200));
        }
        await().until(() -> loopsThat(relay.sockets(), "straysTakenOver").size() == 2);
        assertThat(subscribers).allMatch(TestCall::isOpen);
    }

    @Test
    void newCallersSpreadOverALoopWhoseSocketIsOpenedAgain() {
        loops.get(0).close();
        publish("live").opened();
        await().until(() -> loopsWithConnections(relay.sockets()), List.of(1)::equals);

        loops.get(0).open();
        IntStream.range(0, CALLERS).mapToObj(i -> request("live")).toList().forEach(TestCall::opened);

        await().until(() -> total("connections") == 1 + CALLERS);
        assertThat(loopsWithConnections(relay.sockets())).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void callersWhoseConclusionGoesToAnotherSocketThanTheirInductionAreLetIn() {
        AtomicBoolean holding = new AtomicBoolean(true);
        List<AtomicInteger> held = new ArrayList<>();
        List<TestCall> calls = callEach((caller, conclusions) -> {
            held.add(conclusions);
            caller.rewrite(
                    packet -> isConclusion(packet) && conclusions.incrementAndGet() > 0 && holding.get()
                            ? new byte[0]
                            : packet,
                    UnaryOperator.identity());
        });
        await().until(() -> held.stream().allMatch(count -> count.get() > 0));

        openOneMoreEach();
        holding.set(false);

        assertThat(calls).extracting(TestCall::refusedOrOpen).containsOnly(0);
        assertThat(calls).allMatch(TestCall::isOpen);
        relay.awaitConnections(CALLERS);
        await().until(() -> total("straysHandedOver") > 0);
        assertThat(discarded(Discarded.BAD_COOKIE)).isZero();
    }

    @Test
    void conclusionsThatAreRepeatedToAnotherSocketOpenNoSecondConnection() {
        AtomicBoolean holding = new AtomicBoolean(true);
        List<AtomicInteger> repeated = new ArrayList<>();
        List<TestCall> calls = callEach((caller, conclusions) -> {
            repeated.add(conclusions);
            caller.rewrite(
                    packet -> {
                        conclusions.addAndGet(isConclusion(packet) ? 1 : 0);
                        return packet;
                    },
                    packet -> isConclusion(packet) && holding.get() ? new byte[0] : packet);
        });
        relay.awaitConnections(CALLERS);

        openOneMoreEach();
        List<Integer> before = repeated.stream().map(AtomicInteger::get).toList();
        await().until(() ->
                IntStream.range(0, CALLERS).allMatch(i -> repeated.get(i).get() > before.get(i)));
        holding.set(false);

        assertThat(calls).extracting(TestCall::refusedOrOpen).containsOnly(0);
        assertThat(calls).allMatch(TestCall::isOpen);
        await().until(() -> total("straysHandedOver") > 0);
        assertThat(relay.connections()).hasSize(CALLERS);
        // Another decision would find the stream taken, and refuse.
        assertThat(relay.attempts("")).hasSize(CALLERS);
    }

    @Test
    void madeUpSocketIdsOfAnotherLoopAreCountedAndCostNobodyAPayload() throws IOException {
        TestCall publisher = publish("live").opened();
        TestCall subscriber = request("live").opened();
        Random random = new Random(1);
        List<DatagramSocket> attackers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            attackers.add(new DatagramSocket());
        }
        ByteBuffer packet = ByteBuffer.allocate(DataHeader.LENGTH + 188);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 200; i++) {
                int socketId = loops.get(i & 1).socketId(random);
                DataHeader.write(packet.clear(), random.nextInt() & 0x7FFF_FFFF, 1, 0, false, 0, socketId);
                attackers.get(random.nextInt(8)).send(new DatagramPacket(packet.array(), 204, listener));
            }
            publisher.publish("payload", round, round);
            subscriber.arrived(Math.max(0, round - 20));
        }

        assertThat(subscriber.texts(100)).isEqualTo(texts(100));
        await().until(() -> total("straysHandedOver") > 1_000 && total("straysTakenOver") == total("straysHandedOver"));
        await().until(() -> discarded(Discarded.UNKNOWN_SOCKET_ID) + total("straysDropped") > 10_000);
        assertThat(discarded(Discarded.UNKNOWN_SOCKET_ID) + total("straysDropped"))
                .isLessThanOrEqualTo(20_000);
        attackers.forEach(DatagramSocket::close);
    }

    private void openOneMoreEach() {
        loops.forEach(SocketSurgery::open);
    }

    private TestCall publish(String stream) {
        return relay.caller(listener).call(listener, "#!::r=" + stream + ",m=publish");
    }

    private TestCall request(String stream) {
        return relay.caller(listener).call(listener, "#!::r=" + stream);
    }

    private interface Preparation {
        void prepare(TestCaller caller, AtomicInteger conclusions);
    }

    /** Calls from so many sockets, each to publish a stream of its own. */
    private List<TestCall> callEach(Preparation preparation) {
        List<TestCall> calls = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            TestCaller caller = relay.caller(listener);
            preparation.prepare(caller, new AtomicInteger());
            calls.add(caller.call(listener, "#!::r=live" + i + ",m=publish"));
        }
        return calls;
    }

    private static boolean isConclusion(byte[] packet) {
        ByteBuffer buffer = ByteBuffer.wrap(packet);
        return packet.length >= HandshakePacket.FIXED_LENGTH
                && buffer.getInt(0) == 0x8000_0000
                && HandshakePacket.read(buffer).type() == HandshakePacket.CONCLUSION;
    }

    private long total(String counter) {
        return relay.sockets().stream()
                .mapToLong(socket -> socket.getLong(counter))
                .sum();
    }

    private long discarded(Discarded reason) {
        return relay.sockets().stream()
                .mapToLong(socket -> socket.getJsonObject("discarded").getLong(reason.name()))
                .sum();
    }

    private long connections(int loop) {
        return relay.sockets().stream()
                .filter(socket -> socket.getInteger("loop") == loop)
                .mapToLong(socket -> socket.getLong("connections"))
                .sum();
    }

    private static List<Integer> loopsWithConnections(List<JsonObject> sockets) {
        return loopsThat(sockets, "connections");
    }

    private static List<Integer> loopsThat(List<JsonObject> sockets, String have) {
        return sockets.stream()
                .filter(socket -> socket.getLong(have) > 0)
                .map(socket -> socket.getInteger("loop"))
                .toList();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "payload" + i).toList();
    }
}
