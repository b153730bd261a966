package io.millrace.relay.interop;

import static io.millrace.relay.interop.RealClient.SRT_LIVE_TRANSMIT;
import static io.millrace.relay.interop.TransportStreamFile.PAYLOAD_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real programs with each other, without the relay: what a test through the relay may expect of them. */
@Timeout(60)
class DirectInteropIT {
    private static final int LATENCY_MILLIS = 250;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static TransportStreamFile clip;

    @BeforeAll
    static void makeClip() throws IOException {
        clip = TransportStreamFile.generate(directory.resolve("clip.ts"), 4_000_000, 3);
    }

    @ParameterizedTest
    @EnumSource
    void everyPublisherSendsTheClipByteByByte(RealClient publisher) throws Exception {
        int port = freeUdpPort();
        try (Subscriber sub = SRT_LIVE_TRANSMIT.subscribe(SrtAddress.listener(port, LATENCY_MILLIS));
                Publisher pub = publisher.publish(port, "cam", LATENCY_MILLIS, clip)) {
            pub.awaitEnd();

            StreamComparison.of(pub.sent(), sub.received()).assertIdentical();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySubscriberWritesTheClipByteByByte(RealClient subscriber) throws Exception {
        int port = freeUdpPort();
        try (Publisher pub = SRT_LIVE_TRANSMIT.publish(SrtAddress.listener(port, LATENCY_MILLIS), clip);
                Subscriber sub = subscriber.subscribe(port, "cam", LATENCY_MILLIS)) {
            pub.awaitEnd();

            StreamComparison.of(pub.sent(), sub.received()).assertIdentical();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyPublisherRepairsLossAndReorderingInItsLatency(RealClient publisher) throws Exception {
        int port = freeUdpPort();
        SrtAddress listener = SrtAddress.listener(port, LATENCY_MILLIS).encrypted("correct horse", 32);
        try (ImpairmentProxy proxy = ImpairmentProxy.to(port)
                        .loss(0.02)
                        .delayMillis(10)
                        .reorder(0.01, 3)
                        .duplication(0.01)
                        .seed(1)
                        .start();
                Subscriber sub = SRT_LIVE_TRANSMIT.subscribe(listener);
                Publisher pub = publisher.publish(
                        SrtAddress.caller(proxy.port(), "cam", LATENCY_MILLIS).encrypted("correct horse", 32), clip)) {
            pub.awaitEnd();

            StreamComparison.of(pub.sent(), sub.received()).assertIdentical();
            assertThat(proxy.toServer().lost()).isPositive();
        }
    }

    @Test
    void anOutageLongerThanTheSenderKeepsItsDataLeavesAGapThatIsSeen() throws Exception {
        int port = freeUdpPort();
        try (ImpairmentProxy proxy = ImpairmentProxy.to(port).start();
                Subscriber sub = SRT_LIVE_TRANSMIT.subscribe(SrtAddress.listener(port, LATENCY_MILLIS));
                Publisher pub = SRT_LIVE_TRANSMIT.publish(proxy.port(), "cam", LATENCY_MILLIS, clip)) {
            while (sub.receivedBytes() < 300_000) {
                Thread.onSpinWait();
            }
            proxy.outage(true);
            // libsrt's sender gives up what is older than a second, whatever the latency; what is younger it still
            // sends.
            Thread.sleep(1_500);
            proxy.outage(false);
            pub.awaitEnd();
            StreamComparison comparison = StreamComparison.of(pub.sent(), sub.received());

            assertThat(comparison.missingPackets()).as(comparison.toString()).isPositive();
            assertThat(comparison.foreignPackets()).as(comparison.toString()).isZero();
            assertThat(comparison.tailPackets()).as(comparison.toString()).isZero();
        }
    }

    @Test
    void whatFfmpegMultiplexesAnewArrivesAsItsOtherOutputHasIt() throws Exception {
        TransportStreamFile camera = TransportStreamFile.ffmpegClip(directory.resolve("camera.ts"), 3);
        int port = freeUdpPort();
        try (Subscriber sub = SRT_LIVE_TRANSMIT.subscribe(SrtAddress.listener(port, LATENCY_MILLIS));
                SelfPacedPublisher pub =
                        SelfPacedPublisher.ffmpegRemuxing(SrtAddress.caller(port, "cam", LATENCY_MILLIS), camera)) {
            pub.awaitEnd(TIMEOUT);

            StreamComparison.of(pub.sent(), sub.received()).assertIdentical();
        }
    }

    @Test
    void whatGStreamerPacesByPcrArrivesButForTheTail() throws Exception {
        TransportStreamFile camera = TransportStreamFile.ffmpegClip(directory.resolve("camera-by-pcr.ts"), 3);
        int port = freeUdpPort();
        try (Subscriber sub = SRT_LIVE_TRANSMIT.subscribe(SrtAddress.listener(port, LATENCY_MILLIS));
                SelfPacedPublisher pub =
                        SelfPacedPublisher.gstreamerByPcr(SrtAddress.caller(port, "cam", LATENCY_MILLIS), camera)) {
            pub.awaitEnd(TIMEOUT);
            long tailBytes = camera.bitsPerSecond() * 4 * LATENCY_MILLIS / 8_000;

            StreamComparison comparison = StreamComparison.of(pub.sent(), sub.received());
            comparison.assertContiguousUpTo(Files.size(camera.path()) - tailBytes);
            assertThat(comparison.joinedAtPacket()).isZero();
        }
    }

    @Test
    void aClipOfFfmpegIsPassedOnByteByByteToo() throws Exception {
        TransportStreamFile camera = TransportStreamFile.ffmpegClip(directory.resolve("camera-raw.ts"), 3);
        int port = freeUdpPort();
        try (Publisher pub = RealClient.FFMPEG.publish(SrtAddress.listener(port, LATENCY_MILLIS), camera);
                Subscriber sub = RealClient.GSTREAMER.subscribe(port, "cam", LATENCY_MILLIS)) {
            pub.awaitEnd();

            assertThat(Files.size(camera.path()) % PAYLOAD_BYTES).isZero();
            StreamComparison.of(pub.sent(), sub.received()).assertIdentical();
        }
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
