package io.millrace.srt.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KeyMaterial;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.endpoint.DrivenEndpoint.Sent;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.PacketDecoder;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.send.SendBuffer;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A listener that has a {@link Bystander} and is attacked. Each datagram is checked for what it may cause at most. Unless
 * told otherwise it accepts everybody.
 */
final class AttackedListener {
    /** More than this at one time is no answer: a burst of retransmissions is paced, drop requests are few. */
    private static final int MAX_SENT = 400;

    private static final int MAX_EVENTS = 2;
    private static final HandshakeLimits NO_LIMITS = new HandshakeLimits(1_000_000, 1_000_000, 1_000_000);
    private static final long STEP_MICROS = 100_000;
    /** Enough for the slowest recovery in a capture. */
    private static final int LATENCY_MILLIS = 1_000;
    /** That of the captures. */
    static final Passphrase PASSPHRASE = Passphrase.of("correcthorsebattery");

    final DrivenEndpoint listener;
    final Bystander bystander;
    private final Delivery delivery;
    private final Consumer<PendingCaller> decision;
    private final SendBuffer log = new SendBuffer(1024);
    private final Map<Integer, SrtConnection> open = new LinkedHashMap<>();
    private final Map<Integer, StrictReceiver> receivers = new HashMap<>();
    /** Encrypted connections of attackers that nothing was sent on. */
    private final Set<SrtConnection> silent = new HashSet<>();

    private @Nullable KeyEncryptionKey lastKek;
    private int events;

    /**
     * Without limits, so that everything reaches what is behind them.
     *
     * @param delivery of what attackers send
     */
    AttackedListener(Delivery delivery) {
        this(EndpointSettings.LISTENER.withHandshakeLimits(NO_LIMITS), delivery, null);
    }

    /** @param decision on callers but the bystander */
    AttackedListener(EndpointSettings settings, Consumer<PendingCaller> decision) {
        this(settings, Delivery.ON_ARRIVAL, decision);
    }

    private AttackedListener(EndpointSettings settings, Delivery delivery, Consumer<PendingCaller> decision) {
        this.delivery = delivery;
        this.decision = decision == null ? this::accept : decision;
        listener = new DrivenEndpoint(settings, 1, 1_000_000_000);
        bystander = new Bystander(listener);
        listener.onEvent(this::onEvent);
        bystander.connect();
    }

    /** Connections of attackers. */
    List<SrtConnection> open() {
        return List.copyOf(open.values());
    }

    /** What came in on the connection with this ID of ours, open or not. */
    StrictReceiver receiver(int localSocketId) {
        return receivers.get(localSocketId);
    }

    /** Lets time pass with streams in it. */
    void advance(long micros) {
        for (long left = micros; left > 0; left -= STEP_MICROS) {
            listener.input(() -> {
                log.append(listener.nowMicros(), new byte[188]);
                silent.forEach(this::send);
                silent.clear();
                open.values().forEach(listener.endpoint::wake);
            });
            bystander.advance(Math.min(left, STEP_MICROS));
        }
    }

    /** Hands over a hostile datagram, and returns what the endpoint sends because of it. */
    List<Sent> receive(InetSocketAddress from, ByteBuffer datagram) {
        boolean forged = from.equals(Bystander.ADDRESS)
                && datagram.remaining() >= 16
                && PacketDecoder.destinationSocketId(datagram) == bystander.socketIdAtListener();
        if (forged) {
            // Nothing in SRT tells it from the truth.
            return List.of();
        }
        boolean known =
                open.values().stream().anyMatch(each -> each.peerAddress().equals(from));
        events = 0;

        List<Sent> sent = listener.receive(from, datagram);

        if (events > MAX_EVENTS || sent.size() > MAX_SENT) {
            assertThat(events).isLessThanOrEqualTo(MAX_EVENTS);
            assertThat(sent).hasSizeLessThanOrEqualTo(MAX_SENT);
        }
        int length = datagram.remaining();
        if (!known && sent.stream().mapToInt(each -> each.bytes().length).sum() > length) {
            assertThat(sent).as("answers to %d bytes of a stranger", length).isEmpty();
        }
        bystander.exchange(List.of(), sent);
        return sent;
    }

    /** What must be true in the end. */
    void assertNoHarm() {
        advance(1_100_000);
        bystander.assertUnharmed();
        assertThat(listener.endpoint.connectionCount()).isEqualTo(open.size() + 1);
    }

    private KeyAgreement agreement(@Nullable KeyMaterial material) {
        KeyAgreement.Secured unwrapped = material == null ? null : KeyAgreement.Secured.answer(material, kek(material));
        return KeyAgreement.respond(material != null, material != null, unwrapped);
    }

    /** Derives a key for the attackers' usual salt once only. */
    private KeyEncryptionKey kek(KeyMaterial material) {
        if (lastKek == null || !lastKek.fits(material)) {
            lastKek = KeyEncryptionKey.derive(PASSPHRASE, material);
        }
        return lastKek.copy();
    }

    private void onEvent(EndpointEvent event) {
        events++;
        if (event instanceof EndpointEvent.CallerArrived arrived) {
            if (arrived.caller().streamId().equals(Bystander.STREAM_ID)) {
                bystander.accepted(accepted(arrived.caller()));
            } else {
                decision.accept(arrived.caller());
            }
        } else if (event instanceof EndpointEvent.KeyMaterialArrived arrived) {
            listener.endpoint.rekey(arrived.connection(), kek(arrived.material()));
        } else if (event instanceof EndpointEvent.Closed closed) {
            silent.remove(closed.connection());
            open.remove(closed.connection().localSocketId());
        }
    }

    private SrtConnection accepted(PendingCaller caller) {
        return listener.endpoint.accept(
                listener.nowMicros(),
                caller,
                agreement(caller.keyMaterial()),
                ConnectionSettings.DEFAULT.withLatency(LATENCY_MILLIS, 0));
    }

    private void accept(PendingCaller caller) {
        SrtConnection connection = accepted(caller);
        open.put(connection.localSocketId(), connection);
        StrictReceiver receiver = new StrictReceiver(delivery);
        receivers.put(connection.localSocketId(), receiver);
        connection.receiveInto(receiver, delivery);
        if (caller.keyMaterial() == null) {
            send(connection);
        } else {
            // Who sends on an encrypted connection says first by which key, and that would count as an answer here.
            silent.add(connection);
        }
    }

    private void send(SrtConnection connection) {
        connection.sendFrom(log, log.arrivalEnd(), log.arrivalEnd());
    }
}
