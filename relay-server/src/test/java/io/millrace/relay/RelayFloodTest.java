package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.handshake.CallerHandshake;
import io.millrace.srt.handshake.HandshakeExtensions;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.Offer;
import io.millrace.srt.packet.BareControlPacket;
import io.millrace.srt.packet.ControlType;
import io.millrace.srt.packet.DataHeader;
import io.millrace.srt.packet.HandshakePacket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad datagrams of all kinds at a relay with a stream in it, over real sockets. */
@Timeout(60)
class RelayFloodTest {
    private static final int ATTACKERS = 4;
    private static final int ROUNDS = 125;
    /** By each attacker in each round: 50,000 altogether. */
    private static final int DATAGRAMS = 100;

    /** Twice what two event loops say of refusals in ten seconds, and some of what else there is to say. */
    private static final int MOST_LINES = 2 * 2 * (64 + 9) + 50;

    @Test
    void badDatagramsCostNobodyAPayloadAndKeepNobodyOut() throws Exception {
        // On a machine that is busy with the flood, too late must not be what loses a payload.
        try (LoggedLines log = new LoggedLines("io.millrace.relay");
                TestRelay relay = TestRelay.start("srt.latencyMillis=8000", "transport.eventLoops=2")) {
            TestCall publisher = relay.publish("live").opened();
            TestCall subscriber = relay.request("live").opened();
            List<Integer> socketIds = List.of(
                    publisher.connection().peerSocketId(),
                    subscriber.connection().peerSocketId());
            List<Attacker> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                attackers.add(new Attacker(relay.listener(), socketIds, i));
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (Attacker attacker : attackers) {
                    attacker.attack(DATAGRAMS);
                }
                publisher.publish("payload", round, round);
                // Not in step: a lost packet is missed only when the next one comes.
                subscriber.arrived(Math.max(0, round - 20));
            }

            assertThat(subscriber.texts(ROUNDS)).isEqualTo(texts(ROUNDS));
            for (Discarded reason : List.of(
                    Discarded.BAD_COOKIE,
                    Discarded.FOREIGN_ADDRESS,
                    Discarded.NOT_A_HANDSHAKE,
                    Discarded.OVER_BUDGET_CONCLUSION,
                    Discarded.UNKNOWN_SOCKET_ID)) {
                await(reason.name()).atMost(Duration.ofSeconds(10)).until(() -> discarded(relay, reason) > 0);
            }
            assertThat(log.lines()).hasSizeLessThan(MOST_LINES);
            assertThat(relay.connections()).hasSize(2);
            TestCall newcomer = relay.request("live").opened();
            publisher.publish("payload", ROUNDS, ROUNDS);
            assertThat(newcomer.texts(1)).containsExactly("payload" + ROUNDS);
            attackers.forEach(Attacker::close);
        }
    }

    @Test
    void callersAreAnsweredWhereTheyAreAllowedAndNotDenied() {
        try (TestRelay relay = TestRelay.start(
                "listeners[0].deny[0]=127.0.0.1",
                "listeners[1].name=other",
                "listeners[1].host=127.0.0.1",
                "listeners[1].port=0",
                "listeners[1].allow[0]=127.0.0.0/8")) {
            TestCall denied = relay.publish("live");

            relay.caller().call(relay.listener(1), "#!::r=live,m=publish").opened();

            // No answer at all.
            assertThat(denied.refusal()).isZero();
            await().atMost(Duration.ofSeconds(10)).until(() -> discarded(relay, Discarded.DENIED_ADDRESS) > 0);
        }
    }

    private static long discarded(TestRelay relay, Discarded reason) {
        return new JsonArray(relay.get("/api/v1/listeners").body())
                .stream()
                        .mapToLong(socket ->
                                ((JsonObject) socket).getJsonObject("discarded").getLong(reason.name()))
                        .sum();
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "payload" + i).toList();
    }

    /** One UDP socket that sends what it should not. */
    private static final class Attacker implements Closeable {
        /** Bytes from the start of a handshake. */
        private static final int COOKIE = 44;

        private final DatagramSocket socket = new DatagramSocket();
        private final InetSocketAddress listener;
        private final List<Integer> socketIds;
        private final Random random;
        private final ByteBuffer packet = ByteBuffer.allocate(1_500);
        private final ByteBuffer cookieAnswer;

        /** @param socketIds of connections that are none of its own */
        Attacker(InetSocketAddress listener, List<Integer> socketIds, long seed) throws IOException {
            this.listener = listener;
            this.socketIds = socketIds;
            random = new Random(seed);
            socket.connect(listener);
            socket.setSoTimeout(10_000);
            packet.clear();
            write(handshake(""));
            send();
            DatagramPacket answer = new DatagramPacket(new byte[1_500], 1_500);
            socket.receive(answer);
            cookieAnswer = ByteBuffer.wrap(answer.getData(), 0, answer.getLength());
        }

        void attack(int datagrams) throws IOException {
            for (int i = 0; i < datagrams; i++) {
                int socketId = random.nextInt(4) == 0 ? random.nextInt() : socketIds.get(random.nextInt(2));
                packet.clear();
                switch (random.nextInt(8)) {
                    case 0 -> {
                        byte[] noise = new byte[random.nextInt(1_400)];
                        random.nextBytes(noise);
                        packet.put(noise);
                    }
                    case 1 -> {
                        DataHeader.write(packet, random.nextInt() & 0x7FFF_FFFF, 1, 0, false, 0, socketId);
                        packet.put(new byte[1_316]);
                    }
                    case 2 -> BareControlPacket.write(packet, ControlType.SHUTDOWN, 0, 0, socketId);
                    case 3 -> BareControlPacket.write(packet, ControlType.KEEP_ALIVE, 0, 0, 0);
                    case 4 -> write(handshake(""));
                    case 5 -> write(withCookie(handshake("missing" + random.nextInt(1_000))));
                    case 6 -> {
                        write(withCookie(handshake("live")));
                        packet.putInt(COOKIE, random.nextInt());
                    }
                    default -> {
                        // Without the extensions that it must have.
                        write(withCookie(handshake("live")));
                        packet.position(HandshakePacket.FIXED_LENGTH);
                    }
                }
                send();
            }
        }

        private CallerHandshake handshake(String streamId) {
            return new CallerHandshake(
                    listener,
                    Offer.DEFAULT,
                    KeyAgreement.Clear.CLEAR,
                    true,
                    streamId,
                    1 + random.nextInt(1 << 30),
                    1_000);
        }

        private CallerHandshake withCookie(CallerHandshake handshake) {
            handshake.onResponse(HandshakePacket.read(cookieAnswer), HandshakeExtensions.read(cookieAnswer));
            return handshake;
        }

        private void write(CallerHandshake handshake) {
            handshake.message().write(packet, 0, 0);
            handshake.extensions().write(packet);
        }

        private void send() throws IOException {
            socket.send(new DatagramPacket(packet.array(), packet.position()));
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
