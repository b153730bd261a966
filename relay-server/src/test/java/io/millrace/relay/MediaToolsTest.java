package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.demo.DemoClip;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** publish, pull and probe as commands of the program, against a relay in this process. */
@Timeout(60)
@Tag("any-jdk")
class MediaToolsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "publish nowhere.ts srt://h:1 | publish | nowhere.ts does not exist",
                "publish . srt://h:1 | publish | . is a directory",
                "publish --count 0 - srt://h:1 | publish | --count must be at least 1",
                "publish --loop --count 2 - srt://h:1 | publish | --loop is for ever: leave it out with --count",
                "publish --loop - srt://h:1 | publish | standard input can't be read again: leave out --loop and --count",
                "publish --bitrate fast - srt://h:1 | publish | Invalid value for option '--bitrate': 'fast' is not a bit"
                        + " rate, such as 5000000, 800k or 2.5M",
                "pull --duration 0 srt://h:1 x.ts | pull | --duration must be above 0",
                "pull srt://h:1 . | pull | . is a directory",
                "pull srt://h:1 nowhere/x.ts | pull | the directory of nowhere/x.ts does not exist",
                "pull srt://h:1?mode=listener x.ts | pull | Invalid value for positional parameter at index 0 (SRT_URL):"
                        + " mode=listener: only calls are made, with mode=caller",
                "probe --duration 0 srt://h:1 | probe | --duration must be above 0",
                "probe srt://h | probe | Invalid value for positional parameter at index 0 (SRT_URL): 'srt://h' is not"
                        + " srt://HOST:PORT, such as srt://127.0.0.1:8890 or srt://[::1]:8890"
            })
    void badUsageIsOneLineAndAHint(String arguments, String command, String line) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly("millrace: " + line, "Try \"millrace " + command + " --help\".");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "pull", "probe"})
    void helpHasExamplesAndExitCodes(String command) {
        assertThat(run(command, "--help")).isZero();

        assertThat(out.toString())
                .startsWith("Usage: millrace " + command + " [OPTION]...")
                .contains("SRT_URL", "streamid", "--json", "Exit codes:", "Examples:", "#!::r=cam1");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatIsPublishedIsPulledByteForByteToItsEnd() throws Exception {
        Path clip = clip(200);
        Path pulled = directory.resolve("pulled.ts");
        StringWriter pullOut = new StringWriter();
        StringWriter pullErr = new StringWriter();
        try (TestRelay relay = TestRelay.start(
                "streams.onMissing=wait", "streams.waitMillis=20000", "streams.publisherGraceMillis=300")) {
            String request = url(relay, "streamid=#!::r=a&latency=500&conntimeo=20000");
            CompletableFuture<Integer> pull = CompletableFuture.supplyAsync(
                    () -> execute(pullOut, pullErr, "pull", "--json", request, pulled.toString()));
            await().atMost(Duration.ofSeconds(20)).until(() -> isCalled(relay));
            int code = run("publish", "--json", clip.toString(), url(relay, "streamid=#!::r=a,m=publish&latency=500"));
            assertThat(code).as(err.toString()).isZero();
            assertThat(pull.orTimeout(30, TimeUnit.SECONDS).join())
                    .as(pullErr.toString())
                    .isZero();
        }

        JsonObject published = new JsonObject(out.toString());
        assertThat(published.getString("result")).isEqualTo("DONE");
        assertThat(published.getLong("bytes")).isEqualTo(Files.size(clip));
        assertThat(published.getDouble("mediaSeconds")).isBetween(3.0, 3.5);
        assertThat(published.getDouble("seconds")).isGreaterThan(3.0);
        byte[] sent = Files.readAllBytes(clip);
        byte[] received = Files.readAllBytes(pulled);
        assertThat(new JsonObject(pullOut.toString()).getLong("bytes")).isEqualTo(received.length);
        // It may have missed the beginning.
        assertThat(received.length).isGreaterThan(sent.length / 3);
        assertThat(received).isEqualTo(Arrays.copyOfRange(sent, sent.length - received.length, sent.length));
    }

    @Test
    void aFileWithoutAClockNeedsABitRate() throws Exception {
        Path file = Files.write(directory.resolve("noise.bin"), new byte[100_001]);
        try (TestRelay relay = TestRelay.start()) {
            String url = url(relay, "streamid=publish:a");
            assertThat(run("publish", file.toString(), url)).isEqualTo(2);
            assertThat(err.toString())
                    .contains("there is no clock (PCR) in it to send it by, so say how fast: --bitrate 5M");

            assertThat(run("publish", "--bitrate", "4M", "--count", "2", file.toString(), url))
                    .as(err.toString())
                    .isZero();
        }
        assertThat(out.toString()).contains("done: ", "0.2 MB", "200,002 bytes of it are no whole TS packets");
    }

    @Test
    void theServersCodeIsToldInWords() throws Exception {
        Path file = directory.resolve("x.ts");
        try (TestRelay relay = TestRelay.start()) {
            assertThat(run("pull", url(relay, "streamid=nobody"), file.toString()))
                    .isEqualTo(1);
        }

        assertThat(err.toString())
                .startsWith("millrace pull: srt://127.0.0.1:")
                .contains(": refused with 1404 NOT_FOUND: nobody publishes the stream; ");
        assertThat(file).doesNotExist();
    }

    @Test
    void aWrongPassphraseIsNotTriedAgain() throws Exception {
        try (TestRelay relay = TestRelay.start("listeners[0].passphrase=correct horse")) {
            String url = url(relay, "streamid=#!::r=a,m=publish&passphrase=wrong horse battery");
            assertThat(run("publish", "--reconnect", "--bitrate", "1M", clip(10).toString(), url))
                    .isEqualTo(1);
        }

        assertThat(err.toString()).contains("refused with 10 BAD_SECRET").doesNotContain("battery");
    }

    @Test
    void aFileThatIsThereStays() throws Exception {
        Path file = Files.writeString(directory.resolve("kept.ts"), "kept");

        assertThat(run("pull", "srt://127.0.0.1:9", file.toString())).isEqualTo(2);

        assertThat(err.toString()).contains(file + " exists; choose another name, or --force");
        assertThat(run("pull", "--force", "srt://127.0.0.1:9?conntimeo=100", file.toString()))
                .isEqualTo(1);
        assertThat(file).hasContent("kept");
    }

    @Test
    void aFullDiskIsOneLine() {
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        try (TestRelay relay = TestRelay.startWithDemo()) {
            assertThat(run("pull", "--quiet", url(relay, "streamid=demo"), full.toString()))
                    .isEqualTo(1);
        }

        assertThat(err.toString().lines())
                .containsExactly(
                        "millrace pull: /dev/full can't be written: No space left on device; 0.0 MB were" + " written");
    }

    @Test
    void aProbeOfTheDemoTellsWhatItIsMadeOf() {
        try (TestRelay relay = TestRelay.startWithDemo()) {
            run("probe", "--duration", "2", "--json", url(relay, "streamid=#!::r=demo&latency=400"));
        }

        JsonObject report = new JsonObject(out.toString());
        assertThat(report.getString("reached")).as(out.toString()).isEqualTo("MEDIA");
        assertThat(report.getJsonObject("handshake").getInteger("receiveLatencyMillis"))
                .isEqualTo(400);
        assertThat(report.getJsonObject("handshake").getJsonArray("peerFlags").getList())
                .asList()
                .contains("TSBPDSND", "NAKREPORT");
        assertThat(report.getJsonObject("roundTripMillis").getDouble("mean")).isPositive();
        assertThat(report.getJsonObject("ts").getJsonArray("pids").stream()
                        .map(pid -> ((JsonObject) pid).getString("what")))
                .contains("PAT", "PMT", "H.264 video", "AAC audio");
    }

    @Test
    void aProbeSaysAtWhichStepItFailed() throws Exception {
        try (TestRelay relay = TestRelay.start()) {
            assertThat(run("probe", "--json", url(relay, "streamid=nobody"))).isEqualTo(1);
        }
        JsonObject refused = new JsonObject(out.toString());
        assertThat(refused.getString("reached")).isEqualTo("LISTENER");
        assertThat(refused.getInteger("code")).isEqualTo(1404);

        out.getBuffer().setLength(0);
        try (DatagramSocket silent = new DatagramSocket()) {
            assertThat(run("probe", "srt://127.0.0.1:" + silent.getLocalPort() + "?conntimeo=300"))
                    .isEqualTo(1);
        }
        assertThat(out.toString()).contains("reached     nothing", "no answer: a firewall drops UDP on the way");
    }

    @Test
    void aProbeAsPublisherShakesHandsAndSendsNothing() {
        try (TestRelay relay = TestRelay.start("listeners[0].passphrase=correct horse")) {
            String url = url(relay, "streamid=#!::r=a,m=publish,s=hidden&passphrase=correct horse&pbkeylen=32");
            assertThat(run("probe", "--publish", url)).as(out.toString()).isZero();
            relay.awaitConnections(0);
        }

        assertThat(out.toString())
                .contains("reached     connected", "encryption  AES-256 CTR", "verdict     nothing is wrong")
                .doesNotContain("hidden", "received");
    }

    /** Whether somebody is in the middle of a handshake: has sent both of its messages. */
    private static boolean isCalled(TestRelay relay) {
        return relay.sockets().stream()
                        .mapToLong(socket -> socket.getLong("datagramsIn"))
                        .sum()
                >= 2;
    }

    private static String url(TestRelay relay, String query) {
        return "srt://127.0.0.1:" + relay.listener().getPort() + "?" + query;
    }

    /** Some payloads of the demo clip, 60 of which take a second. */
    private Path clip(int payloads) throws IOException {
        Path file = directory.resolve("clip.ts");
        DemoClip clip = DemoClip.load();
        try (OutputStream to = Files.newOutputStream(file)) {
            for (int i = 0; i < payloads; i++) {
                to.write(clip.next());
            }
        }
        return file;
    }

    private int run(String... arguments) {
        return execute(out, err, arguments);
    }

    private static int execute(StringWriter out, StringWriter err, String... arguments) {
        return MillraceCommand.execute(
                arguments, new PrintWriter(out, true), new PrintWriter(err, true), launched -> ExitCode.FAILURE);
    }
}
