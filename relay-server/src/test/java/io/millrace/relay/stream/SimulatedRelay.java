package io.millrace.relay.stream;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.endpoint.EndpointEvent;
import io.millrace.srt.endpoint.EndpointSettings;
import io.millrace.srt.endpoint.PendingCaller;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.packet.Payload;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.millrace.srt.send.Backlog;
import io.millrace.srt.send.SendBuffer;
import io.millrace.srt.simulation.LinkProfile;
import io.millrace.srt.simulation.SimulatedHost;
import io.millrace.srt.simulation.Simulation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A publisher, a relay with one stream and subscribers, in virtual time. The relay is the real log, slot and endpoint;
 * only the event loops and sockets between them are simulated.
 */
final class SimulatedRelay {
    static final long MILLI = 1_000;
    static final long SECOND = 1_000_000;
    private static final int PAYLOAD_BYTES = 1316;
    private static final String PUBLISH = "publish";
    private static final String REQUEST = "request";
    private static final String JOIN = "join";

    final Simulation simulation;
    final SimulatedHost relay;
    final SimulatedHost publisher;
    final List<Viewer> viewers = new ArrayList<>();

    private final int latencyMillis;
    private final int marginMillis;
    private final StreamLog log = new StreamLog(256L << 20, 1_500_000);
    private final List<SrtConnection> subscribers = new ArrayList<>();
    private final SendBuffer source = new SendBuffer(32768);

    private @Nullable SrtConnection publishing;

    @Nullable
    SrtConnection ingest;

    private int joinPosition;
    private int published;
    private int firstCounted;

    SimulatedRelay(long seed, int latencyMillis, int marginMillis, LinkProfile ingestLink, double driftPpm) {
        this.latencyMillis = latencyMillis;
        this.marginMillis = marginMillis;
        simulation = new Simulation(seed);
        relay = simulation.host(EndpointSettings.LISTENER);
        publisher = simulation.host(EndpointSettings.CALLER, driftPpm);
        simulation.link(publisher, relay, ingestLink);
        relay.onEvent(event -> {
            if (event instanceof EndpointEvent.CallerArrived arrived) {
                accept(arrived.caller());
            }
        });
        relay.afterInput(() -> subscribers.forEach(relay.endpoint()::wake));
        publisher.onEvent(event -> {
            if (event instanceof EndpointEvent.Connected connected) {
                publishing = connected.connection();
                publishing.sendFrom(source, 0, 0);
            } else if (event instanceof EndpointEvent.ConnectFailed) {
                call(publisher, PUBLISH);
            }
        });
        call(publisher, PUBLISH);
    }

    /** Adds a subscriber behind this link, whose clock runs fast by so many parts per million. */
    Viewer viewer(LinkProfile link, double driftPpm) {
        return viewer(link, driftPpm, REQUEST);
    }

    /** Adds a subscriber that begins with this payload, which was published in the past. */
    Viewer joiner(LinkProfile link, int number) {
        joinPosition = number;
        return viewer(link, 0, JOIN);
    }

    private Viewer viewer(LinkProfile link, double driftPpm, String streamId) {
        Viewer viewer = new Viewer(simulation.host(EndpointSettings.CALLER, driftPpm), streamId);
        simulation.link(viewer.host, relay, link);
        viewers.add(viewer);
        call(viewer.host, streamId);
        return viewer;
    }

    /** Lets everybody connect; lossy links may take a few tries. */
    void awaitConnected() {
        for (int i = 0; i < 200 && !isConnected(); i++) {
            simulation.run(100 * MILLI);
        }
        if (!isConnected()) {
            throw new AssertionError("not connected");
        }
    }

    /** Publishes payloads at even intervals and lets the last one arrive. */
    void publish(int packets, long intervalMicros) {
        firstCounted = published;
        publishNext(packets, intervalMicros);
        simulation.run(packets * intervalMicros + (latencyMillis + marginMillis) * MILLI + 2 * SECOND);
    }

    /** Payloads published so far. */
    int published() {
        return published;
    }

    /** Statistics of the relay's connection to its first viewer. */
    ConnectionStatistics egress() {
        return subscribers.get(0).statistics(relay.nowMicros());
    }

    private void publishNext(int remaining, long intervalMicros) {
        if (remaining == 0) {
            return;
        }
        byte[] payload = payload(published++, simulation.nowMicros());
        publisher.input(() -> {
            source.append(publisher.nowMicros(), payload);
            publisher.endpoint().wake(publishing);
        });
        simulation.after(intervalMicros, () -> publishNext(remaining - 1, intervalMicros));
    }

    private boolean isConnected() {
        return publishing != null && viewers.stream().allMatch(viewer -> viewer.connection != null);
    }

    private void call(SimulatedHost host, String streamId) {
        host.input(() -> host.endpoint()
                .connect(
                        host.nowMicros(),
                        relay.address(),
                        ConnectionSettings.DEFAULT.withLatency(latencyMillis, 0),
                        streamId));
    }

    private void accept(PendingCaller caller) {
        boolean publishes = caller.streamId().equals(PUBLISH);
        ConnectionSettings settings =
                ConnectionSettings.DEFAULT.withLatency(latencyMillis, publishes ? 0 : latencyMillis + marginMillis);
        SrtConnection connection =
                relay.endpoint().accept(relay.nowMicros(), caller, KeyAgreement.Clear.CLEAR, settings);
        if (publishes) {
            ingest = connection;
            connection.receiveInto(new PublisherSlot(log, relay::nowMicros), Delivery.ON_ARRIVAL);
        } else {
            log.keepFor((latencyMillis + marginMillis) * MILLI + 1_500_000);
            if (caller.streamId().equals(JOIN)) {
                Payload first = log.payloadAt(joinPosition);
                long arrival = log.arrivalFrom(joinPosition, 0);
                connection.sendFrom(new Backlog(log, List.of(first), arrival, 4), relay.nowMicros());
            } else {
                long firstArrival = log.arrivalEnd();
                connection.sendFrom(log, log.end(), firstArrival);
            }
            subscribers.add(connection);
        }
    }

    private static byte[] payload(int number, long nowMicros) {
        ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES).putInt(number).putLong(nowMicros);
        while (payload.remaining() >= 4) {
            payload.putInt(number * 31 + payload.position());
        }
        return payload.array();
    }

    /** A subscriber as an ordinary player is one: it delivers by timestamp. */
    final class Viewer implements PayloadReceiver {
        final SimulatedHost host;

        @Nullable
        SrtConnection connection;

        final List<Integer> numbers = new ArrayList<>();
        /** When each of them came. */
        final List<Long> receivedMicros = new ArrayList<>();

        long minDelayMicros = Long.MAX_VALUE;
        long maxDelayMicros;
        int damaged;

        Viewer(SimulatedHost host, String streamId) {
            this.host = host;
            host.onEvent(event -> {
                if (event instanceof EndpointEvent.Connected connected) {
                    connection = connected.connection();
                    connection.receiveInto(this, Delivery.BY_TIMESTAMP);
                } else if (event instanceof EndpointEvent.ConnectFailed) {
                    call(host, streamId);
                }
            });
        }

        @Override
        public void received(long offset, long originMicros, byte[] bytes) {
            ByteBuffer payload = ByteBuffer.wrap(bytes);
            int number = payload.getInt();
            long sent = payload.getLong();
            if (!java.util.Arrays.equals(bytes, payload(number, sent))) {
                damaged++;
            }
            numbers.add(number);
            receivedMicros.add(simulation.nowMicros());
            long delay = simulation.nowMicros() - sent;
            minDelayMicros = Math.min(minDelayMicros, delay);
            // Nothing follows the last one: if it was lost, that shows late, and late is better than never.
            if (number < published - 100) {
                maxDelayMicros = Math.max(maxDelayMicros, delay);
            }
        }

        @Override
        public void settled(long offset) {}

        /** Payloads of the last {@link #publish} that never came. */
        int missing() {
            return published
                    - firstCounted
                    - (int) numbers.stream().filter(n -> n >= firstCounted).count();
        }

        /** Of all payloads before this one, those that never came. */
        int missingBefore(int number) {
            return number - (int) numbers.stream().filter(n -> n < number).count();
        }

        boolean isInOrder() {
            for (int i = 1; i < numbers.size(); i++) {
                if (numbers.get(i) <= numbers.get(i - 1)) {
                    return false;
                }
            }
            return true;
        }
    }
}
