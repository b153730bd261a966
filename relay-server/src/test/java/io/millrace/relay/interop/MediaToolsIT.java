package io.millrace.relay.interop;

import static io.millrace.relay.interop.RealClient.SRT_LIVE_TRANSMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged media tools with libsrt's, and through the packaged relay. */
@Tag("untimed")
@Timeout(120)
class MediaToolsIT {
    /** Nothing is too late for a machine that is busy with starting programs. */
    private static final int LATENCY_MILLIS = 2_500;

    private static final String PASSPHRASE = "correct horse";
    private static final String CONNECTED = "connected to srt://";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static TransportStreamFile clip;

    @BeforeAll
    static void makeClip() throws IOException {
        clip = TransportStreamFile.generate(directory.resolve("clip.ts"), 4_000_000, 3);
    }

    @Test
    void aPublishedFileArrivesAtAnotherListenerByteForByte() throws Exception {
        int port = freeUdpPort();
        try (Subscriber listener = SRT_LIVE_TRANSMIT.subscribe(
                        SrtAddress.listener(port, LATENCY_MILLIS).encrypted(PASSPHRASE, 32));
                ProgramProcess publish = tool(
                        "publish",
                        "--reconnect",
                        clip.path().toString(),
                        url(port, "&pbkeylen=32&passphrase=" + PASSPHRASE))) {
            long startNanos = System.nanoTime();
            publish.awaitConnected(TIMEOUT);
            publish.awaitSuccess(TIMEOUT);

            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isGreaterThan(Duration.ofMillis(2_900));
            StreamComparison.of(clip.path(), listener.received()).assertIdentical();
        }
    }

    @Test
    void aPullFromAnotherListenerIsByteForByteAndWholeWhenItIsStopped() throws Exception {
        int port = freeUdpPort();
        Path pulled = directory.resolve("pulled.ts");
        try (Publisher listener = SRT_LIVE_TRANSMIT.publish(SrtAddress.listener(port, LATENCY_MILLIS), clip);
                ProgramProcess pull = tool("pull", "--reconnect", url(port, ""), pulled.toString())) {
            listener.awaitEnd();
            await().atMost(TIMEOUT).until(() -> Files.size(pulled) == Files.size(clip.path()));
            pull.terminate();

            assertThat(pull.awaitExit(TIMEOUT)).as(pull.lastMessages()).isZero();
            StreamComparison.of(clip.path(), pulled).assertIdentical();
        }
    }

    @Test
    void standardInputComesOutOfStandardOutputBehindTheRelay() throws Exception {
        Path pulled = directory.resolve("piped.ts");
        try (RelayProcess relay = RelayProcess.start("streams.onMissing=wait", "streams.waitMillis=30000");
                ProgramProcess pull = ProgramProcess.start(
                        command("pull", "--quiet", url(relay.port(), "&conntimeo=30000&streamid=#!::r=cam"), "-"),
                        "none, it is ours",
                        Redirect.to(pulled.toFile()),
                        CONNECTED);
                ProgramProcess publish = ProgramProcess.start(
                        List.of(
                                "sh",
                                "-c",
                                "cat '" + clip.path() + "' | "
                                        + quoted(command(
                                                "publish",
                                                "-",
                                                url(relay.port(), "&conntimeo=30000&streamid=#!::r=cam,m=publish")))),
                        "none, it is ours",
                        Redirect.PIPE,
                        CONNECTED)) {
            publish.awaitSuccess(TIMEOUT);
            await().atMost(TIMEOUT).until(() -> endsLikeTheClip(pulled));
            pull.terminate();

            assertThat(pull.awaitExit(TIMEOUT)).as(pull.lastMessages()).isZero();
            StreamComparison.of(clip.path(), pulled).assertNothingMissing();
        }
    }

    @Test
    void libsrtsRefusalOfAWrongPassphraseIsTold() throws Exception {
        int port = freeUdpPort();
        try (Subscriber listener = SRT_LIVE_TRANSMIT.subscribe(
                        SrtAddress.listener(port, LATENCY_MILLIS).encrypted(PASSPHRASE, 16));
                ProgramProcess probe =
                        tool("probe", "--publish", url(port, "&conntimeo=20000&passphrase=another horse"))) {
            assertThat(probe.awaitExit(TIMEOUT)).as(listener.lastMessages()).isEqualTo(1);
            assertThat(probe.lastMessages())
                    .contains("an SRT listener, but no connection", "refused with 10 BAD_SECRET: the passphrase")
                    .doesNotContain("another horse");
        }
    }

    private static boolean endsLikeTheClip(Path file) throws IOException {
        byte[] sent = Files.readAllBytes(clip.path());
        byte[] received = Files.readAllBytes(file);
        int last = TransportStreamFile.PACKET_BYTES;
        return received.length >= last
                && Arrays.equals(
                        sent, sent.length - last, sent.length, received, received.length - last, received.length);
    }

    private static ProgramProcess tool(String... arguments) {
        return ProgramProcess.start(command(arguments), "none, it is ours", Redirect.PIPE, CONNECTED);
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-jar", System.getProperty("millrace.jar")));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String quoted(List<String> command) {
        return "'" + String.join("' '", command) + "'";
    }

    private static String url(int port, String more) {
        return "srt://127.0.0.1:" + port + "?latency=" + LATENCY_MILLIS + more;
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
