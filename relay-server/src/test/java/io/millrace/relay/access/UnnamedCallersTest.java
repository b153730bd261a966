package io.millrace.relay.access;

import static io.millrace.relay.access.StreamRequest.Mode.PUBLISH;
import static io.millrace.relay.access.StreamRequest.Mode.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.TestConfig;
import io.millrace.relay.access.UnnamedCallers.Candidate;
import io.millrace.srt.crypto.Passphrase;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnnamedCallersTest {
    private static final Candidate VAN =
            new Candidate(Passphrase.of("correct horse"), new DefaultStream("van", PUBLISH));

    @TempDir
    Path directory;

    @Test
    void firstEntryWithTheAddressNamesTheStream() throws Exception {
        UnnamedCallers callers = callers(
                "withoutStreamId[0].address=192.0.2.17",
                "withoutStreamId[0].stream=studio",
                "withoutStreamId[1].address=192.0.2.0/24",
                "withoutStreamId[1].stream=/wall/",
                "withoutStreamId[1].mode=request",
                "stream=rest",
                "mode=publish");

        assertThat(callers.byAddressOrPort(address("192.0.2.17"))).isEqualTo(new DefaultStream("studio", PUBLISH));
        assertThat(callers.byAddressOrPort(address("192.0.2.18"))).isEqualTo(new DefaultStream("wall", REQUEST));
        assertThat(callers.byAddressOrPort(address("198.51.100.1"))).isEqualTo(new DefaultStream("rest", PUBLISH));
        assertThat(callers.byPassphrase(address("192.0.2.17"))).isEmpty();
    }

    @Test
    void callerThatNothingFitsMeansNoStream() throws Exception {
        assertThat(callers().byAddressOrPort(address("192.0.2.17"))).isNull();
        assertThat(callers("withoutStreamId[0].passphrase=correct horse", "withoutStreamId[0].stream=van")
                        .byAddressOrPort(address("192.0.2.17")))
                .isNull();
    }

    @Test
    void passphrasesAreTriedInTheirOrderUpToTheEntryWithTheAddress() throws Exception {
        UnnamedCallers callers = callers(
                "withoutStreamId[0].passphrase=correct horse",
                "withoutStreamId[0].stream=van",
                "withoutStreamId[1].address=192.0.2.17",
                "withoutStreamId[1].stream=studio",
                "withoutStreamId[2].passphrase=battery staple",
                "withoutStreamId[2].stream=wall",
                "withoutStreamId[2].mode=request");

        assertThat(callers.byPassphrase(address("192.0.2.17"))).containsExactly(VAN);
        assertThat(callers.byPassphrase(address("192.0.2.18")))
                .containsExactly(
                        VAN, new Candidate(Passphrase.of("battery staple"), new DefaultStream("wall", REQUEST)));
    }

    @Test
    void passphraseThatCannotBeUsedIsLeftOutAndLogged() throws Exception {
        Path file = Files.writeString(directory.resolve("passphrase"), "battery staple");
        UnnamedCallers callers = callers(
                "withoutStreamId[0].passphrase=file:" + file,
                "withoutStreamId[0].stream=wall",
                "withoutStreamId[1].passphrase=correct horse",
                "withoutStreamId[1].stream=van");
        Files.writeString(file, "staple");

        try (LoggedLines logged = new LoggedLines(SecretFaults.class.getName())) {
            assertThat(callers.byPassphrase(address("192.0.2.17"))).containsExactly(VAN);
            assertThat(logged.lines())
                    .singleElement()
                    .asString()
                    .startsWith("listeners[0].withoutStreamId[0].passphrase can't be used: file:" + file);
        }
    }

    @Test
    void candidateDoesNotShowItsPassphrase() {
        assertThat(VAN.toString()).doesNotContain("horse");
    }

    @Test
    void everyStreamThatTheConfigurationTakesIsAStream() throws Exception {
        int[] alphabet = "/ .a\n\u2028\ufffd\u00e9\ud83d\ude00".codePoints().toArray();
        Random random = new Random(7);
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder(i % 7 == 0 ? "x".repeat(252) : "");
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
            }
            try {
                // Quoted, since a text of blanks alone is none to YAML otherwise.
                callers("stream='" + text + "'").byAddressOrPort(address("192.0.2.17"));
            } catch (IllegalArgumentException e) {
                assertThat(e).as("%s", text).hasMessageContaining("listeners[0].stream: ");
                continue;
            }
            taken++;
        }
        assertThat(taken).isBetween(10, 190);
    }

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    /** @param settings keys of the first listener */
    private static UnnamedCallers callers(String... settings) {
        String[] keys =
                Stream.of(settings).map(setting -> "listeners[0]." + setting).toArray(String[]::new);
        return new UnnamedCallers(TestConfig.of(keys).listeners().get(0), 0);
    }
}
