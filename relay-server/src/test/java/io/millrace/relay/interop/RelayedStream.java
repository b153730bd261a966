package io.millrace.relay.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One stream through the relay: a publisher, which begins when all subscribers are there, and its subscribers. */
final class RelayedStream implements AutoCloseable {
    /** What a program must have sent in order to connect at all precedes its subscribers. */
    private static final int TS_PACKETS_BEFORE_SUBSCRIBERS = 7;

    private static final long STATISTICS_PERIOD_MILLIS = 1_000;

    private final RelayProcess relay;
    private final String name;
    private final int latencyMillis;
    private final Publisher publisher;
    private final List<Subscriber> subscribers = new ArrayList<>();

    /** @param port of the relay or of a proxy before it */
    RelayedStream(
            RelayProcess relay,
            String name,
            int latencyMillis,
            RealClient publisher,
            int port,
            TransportStreamFile clip) {
        this(relay, name, publisher, RelayProcess.publishing(port, name, latencyMillis), clip);
    }

    /** @param to an address that means the stream of this name to the relay */
    RelayedStream(RelayProcess relay, String name, RealClient publisher, SrtAddress to, TransportStreamFile clip) {
        this.relay = relay;
        this.name = name;
        latencyMillis = to.latencyMillis();
        this.publisher = publisher.connectPublisher(to, clip);
    }

    /** @param port of the relay or of a proxy before it */
    void subscribe(RealClient subscriber, int port) throws IOException {
        subscribe(subscriber, RelayProcess.requesting(port, name, latencyMillis));
    }

    /** @param from an address that means this stream to the relay */
    void subscribe(RealClient subscriber, SrtAddress from) throws IOException {
        subscribers.add(subscriber.subscribe(from));
    }

    /** Waits for the subscribers and begins. */
    void play() {
        relay.awaitSubscribers(name, subscribers.size());
        publisher.play();
    }

    /** Waits until every subscriber has this much. */
    void awaitReceived(long bytes) throws IOException, InterruptedException {
        for (Subscriber subscriber : subscribers) {
            subscriber.awaitReceived(bytes);
        }
    }

    List<Subscriber> subscribers() {
        return subscribers;
    }

    /** Waits until everything has arrived that will. */
    void awaitEnd() throws IOException, InterruptedException {
        awaitEnds(List.of(this));
    }

    /** Waits until everything has arrived of all these streams. */
    static void awaitEnds(List<RelayedStream> streams) throws IOException, InterruptedException {
        for (RelayedStream stream : streams) {
            stream.publisher.awaitEnd();
        }
        for (RelayedStream stream : streams) {
            for (Subscriber subscriber : stream.subscribers) {
                subscriber.awaitQuiet();
            }
        }
        // The API's figures are as old as this at most.
        Thread.sleep(STATISTICS_PERIOD_MILLIS);
    }

    /** Waits until all programs have ended by themselves. */
    void awaitExits(Duration timeout) {
        for (Subscriber subscriber : subscribers) {
            subscriber.awaitExit(timeout);
        }
        publisher.awaitExit(timeout);
    }

    /** After the end: what the relay counted, a line for each connection. */
    String figures() {
        StringBuilder text = new StringBuilder(name);
        append(
                text,
                relay.publisher(name),
                "encryption",
                "pktRcvLossTotal",
                "pktRcvDropTotal",
                "pktRcvRetransTotal",
                "pktRcvUndecryptTotal",
                "msRTT");
        for (JsonObject subscriber : relay.subscribers(name)) {
            append(
                    text,
                    subscriber,
                    "encryption",
                    "pktSndLossTotal",
                    "pktRetransTotal",
                    "pktSndDropTotal",
                    "pktLappedTotal",
                    "msRTT");
        }
        return text.toString();
    }

    /** After the end: asserts that every subscriber has every byte of the clip in order. */
    void assertEverythingArrived() throws IOException, InterruptedException {
        String figures = figures();
        for (Subscriber subscriber : subscribers) {
            StreamComparison comparison = StreamComparison.of(publisher.sent(), subscriber.received());
            String context = figures
                    + System.lineSeparator()
                    + comparison
                    + System.lineSeparator()
                    + subscriber.lastMessages()
                    + System.lineSeparator()
                    + relay.lastMessages();
            assertThat(comparison.joinedAtPacket()).as(context).isBetween(0, TS_PACKETS_BEFORE_SUBSCRIBERS);
            assertThat(comparison.missingPackets() + comparison.tailPackets())
                    .as(context)
                    .isZero();
            comparison.assertNothingMissing();
        }
    }

    @Override
    public void close() throws IOException {
        publisher.close();
        for (Subscriber subscriber : subscribers) {
            subscriber.close();
        }
    }

    private static void append(StringBuilder text, JsonObject connection, String... statistics) {
        text.append(System.lineSeparator()).append("  ").append(connection.getString("role"));
        for (String statistic : statistics) {
            text.append(' ').append(statistic).append('=').append(connection.getValue(statistic));
        }
    }
}
