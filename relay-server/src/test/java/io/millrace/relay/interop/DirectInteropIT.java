package io.millrace.relay.interop;

import static io.millrace.relay.interop.RealClient.SRT_LIVE_TRANSMIT;
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

    @Test
    void lossAndReorderingAreRepairedWithinTheLatency() throws Exception {
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
                Publisher pub = SRT_LIVE_TRANSMIT.publish(
                        SrtAddress.caller(proxy.port(), "cam", LATENCY_MILLIS).encrypted("correct horse", 32), clip)) {
            pub.awaitEnd();

            StreamComparison.of(pub.sent(), sub.received()).assertIdentical();
            assertThat(proxy.toServer().lost()).isPositive();
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

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
