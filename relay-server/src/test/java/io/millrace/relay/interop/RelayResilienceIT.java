package io.millrace.relay.interop;

import static io.millrace.relay.interop.RealClient.FFMPEG;
import static io.millrace.relay.interop.RealClient.SRT_LIVE_TRANSMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the real programs see when a peer of the relay, a line or the relay itself fails. */
@Timeout(60)
class RelayResilienceIT {
    private static final int LATENCY_MILLIS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static TransportStreamFile clip;
    private static RelayProcess relay;

    @BeforeAll
    static void start() throws IOException {
        clip = TransportStreamFile.generate(directory.resolve("clip.ts"), 3_000_000, 6);
        relay = RelayProcess.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void aSubscriberStaysWhenItsPublisherCrashesAndReturns() throws Exception {
        try (Publisher first = SRT_LIVE_TRANSMIT.connectPublisher(publishing("crash"), clip);
                Subscriber subscriber = SRT_LIVE_TRANSMIT.subscribe(requesting("crash"))) {
            relay.awaitSubscribers("crash", 1);
            first.play();
            subscriber.awaitReceived(500_000);
            first.kill();
            subscriber.awaitQuiet();
            int bytesBefore = (int) subscriber.receivedBytes();

            try (Publisher second = SRT_LIVE_TRANSMIT.connectPublisher(publishing("crash"), clip)) {
                second.play();
                second.awaitEnd();

                byte[] sent = Files.readAllBytes(clip.path());
                byte[] received = Files.readAllBytes(subscriber.received());
                StreamComparison.of(sent, Arrays.copyOf(received, bytesBefore)).assertContiguousUpTo(500_000);
                StreamComparison.of(sent, Arrays.copyOfRange(received, bytesBefore, received.length))
                        .assertIdentical();
            }
        }
    }

    @Test
    void anOutageOfThePublishersLineCostsNoMoreThanWhatWasSentInIt() throws Exception {
        try (ImpairmentProxy shortCut = ImpairmentProxy.to(relay.port()).start();
                ImpairmentProxy longCut = ImpairmentProxy.to(relay.port()).start();
                Publisher shortlyCut = connectPublisher("cut-1-s", shortCut);
                Publisher longCutPublisher = connectPublisher("cut-3-s", longCut);
                Subscriber first = SRT_LIVE_TRANSMIT.subscribe(requesting("cut-1-s"));
                Subscriber second = SRT_LIVE_TRANSMIT.subscribe(requesting("cut-3-s"))) {
            relay.awaitSubscribers("cut-1-s", 1);
            relay.awaitSubscribers("cut-3-s", 1);
            shortlyCut.play();
            longCutPublisher.play();
            first.awaitReceived(300_000);
            second.awaitReceived(300_000);
            shortCut.outage(true);
            longCut.outage(true);
            Thread.sleep(1_000);
            shortCut.outage(false);
            Thread.sleep(2_000);
            longCut.outage(false);
            shortlyCut.awaitEnd();
            longCutPublisher.awaitEnd();

            assertThat(longCut.toServer().lost())
                    .isGreaterThan(shortCut.toServer().lost());
            assertGap(shortlyCut, first, 1_000);
            assertGap(longCutPublisher, second, 3_000);
        }
    }

    @Test
    void whoIsRefusedEndsAndTheLogSaysWhy() throws Exception {
        try (Publisher publisher = SRT_LIVE_TRANSMIT.connectPublisher(publishing("taken"), clip)) {
            publisher.play();
            try (Publisher second = FFMPEG.publish(publishing("taken"), clip);
                    Subscriber stranger = FFMPEG.subscribe(requesting("nobody"))) {
                assertThat(second.awaitExit(TIMEOUT)).isPositive();
                assertThat(stranger.awaitExit(TIMEOUT)).isPositive();

                assertThat(relay.lastMessages())
                        .contains("CONFLICT: \"taken\" is being published by")
                        .contains("NOT_FOUND: nobody publishes \"nobody\"");
                assertThat(second.lastMessages()).contains("Application-defined rejection reason");
                assertThat(stranger.lastMessages()).contains("Application-defined rejection reason");
            }
        }
    }

    @Test
    void whenTheRelayIsStoppedItsClientsEndAtOnce() throws Exception {
        try (RelayProcess stopped = RelayProcess.start();
                RelayedStream stream =
                        new RelayedStream(stopped, "stop", LATENCY_MILLIS, FFMPEG, stopped.port(), clip)) {
            for (RealClient client : RealClient.values()) {
                stream.subscribe(client, stopped.port());
            }
            stream.play();
            for (Subscriber subscriber : stream.subscribers()) {
                subscriber.awaitReceived(100_000);
            }

            long startNanos = System.nanoTime();
            assertThat(stopped.terminate(TIMEOUT)).isZero();
            stream.awaitExits(TIMEOUT);
            // A peer that was not told would wait five seconds for the relay's silence to last.
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(4));
        }
    }

    private static void assertGap(Publisher publisher, Subscriber subscriber, long outageMillis) throws Exception {
        assertThat(subscriber.isAlive()).as(subscriber.lastMessages()).isTrue();
        StreamComparison comparison = StreamComparison.of(publisher.sent(), subscriber.received());
        // A sender keeps the last second, so mostly less is lost than was sent while the line was cut.
        long lostMillis = outageMillis + 500;
        long packets = clip.bitsPerSecond() * lostMillis / 8_000 / TransportStreamFile.PACKET_BYTES;
        System.out.println("outage of " + outageMillis + " ms: missing " + comparison.missingPackets() + " TS packets");
        assertThat((long) comparison.missingPackets()).as(comparison.toString()).isLessThanOrEqualTo(packets);
        assertThat(comparison.duplicatePackets() + comparison.foreignPackets() + comparison.tailPackets())
                .as(comparison.toString())
                .isZero();
    }

    private static Publisher connectPublisher(String stream, ImpairmentProxy line) {
        return SRT_LIVE_TRANSMIT.connectPublisher(RelayProcess.publishing(line.port(), stream, LATENCY_MILLIS), clip);
    }

    private static SrtAddress publishing(String stream) {
        return RelayProcess.publishing(relay.port(), stream, LATENCY_MILLIS);
    }

    private static SrtAddress requesting(String stream) {
        return RelayProcess.requesting(relay.port(), stream, LATENCY_MILLIS);
    }
}
