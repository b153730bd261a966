package io.millrace.relay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.TestRelay;
import io.millrace.relay.demo.DemoClip;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines for a shell that contributor cards show do what they promise, with names and secrets that need quoting. */
@Timeout(60)
@ExtendWith(ChromiumExtension.class)
class CardCommandIT {
    private static final String PASSPHRASE = "it's a \"secret\" of $HOME";
    private static final String STREAM = "Tom's $1 \"show\"/b c";
    private static final int CLIP_PAYLOADS = 1_000;

    private static TestRelay relay;
    private static PageSession visitor;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start(Chromium chromium) {
        relay = TestRelay.startWithDemo("listeners[0].passphrase=" + PASSPHRASE, "srt.latencyMillis=200");
        visitor = chromium.visit(relay);
    }

    @AfterAll
    static void stop() {
        try {
            visitor.close();
        } finally {
            relay.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffmpeg", "srt-live-transmit", "gstreamer"})
    void recordingHasTheStream(String program) throws IOException {
        String command = commandOn("direction=watch&program=" + program + "&stream=demo", "Record");
        Path recording = directory.resolve("recording.ts");

        Process process = run(command);
        try {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(process.isAlive()).as(output()).isTrue();
                assertThat(recording).exists();
                assertThat(Files.size(recording)).isGreaterThan(50_000);
            });
        } finally {
            process.destroy();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffmpeg", "gstreamer"})
    void fileIsPublishedUnderItsName(String program) throws IOException {
        String name = STREAM + ' ' + program;
        String command = commandOn(
                "program=" + program + "&stream=" + URLEncoder.encode(name, StandardCharsets.UTF_8), "Publish");
        writeClip(directory.resolve("FILE"));

        Process process = run(command);
        try {
            relay.awaitStream(name, stream -> stream.getValue("publisher") != null);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(command + ": " + output(), e);
        } finally {
            process.destroy();
        }
    }

    /** What the card has, once somebody has typed the passphrase. */
    private static String commandOn(String query, String field) {
        visitor.open("/#/connect?" + query);
        visitor.page().getByLabel("Passphrase").fill(PASSPHRASE);
        return Objects.requireNonNull(
                visitor.page().locator("[data-field='" + field + "'] code").textContent());
    }

    private Process run(String command) throws IOException {
        return new ProcessBuilder("timeout", "30", "sh", "-c", command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("messages").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("messages"));
    }

    private static void writeClip(Path file) throws IOException {
        DemoClip clip = DemoClip.load();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < CLIP_PAYLOADS; i++) {
                out.write(clip.next());
            }
        }
    }
}
