package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** streams, connections and watch as commands of the program, against a relay in this process. */
@Timeout(60)
@Tag("any-jdk")
class ConsoleCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TOKEN = "correct-horse-battery-staple-0123456789";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void streamsAndConnectionsAreListed() {
        try (TestRelay relay = TestRelay.start("streams.onMissing=wait")) {
            TestCaller publisher = relay.caller();
            publisher.call(relay.listener(), "#!::r=live/a,m=publish").opened();
            relay.request("live/a").opened();
            relay.awaitConnections(2);
            relay.awaitStream("live/a", stream -> stream.getInteger("subscribers") == 1);

            assertThat(run(relay, "streams")).as(err.toString()).isZero();
            assertThat(out.toString().lines()).hasSize(3);
            assertThat(out.toString().lines().toList().get(2))
                    .matches("live/a +silent +127\\.0\\.0\\.1:"
                            + publisher.address().getPort() + " +0:\\d\\d +\\S+ +1 +\\S+ +120 +\\S+ +0");

            assertThat(runAnew(relay, "connections", "--stream", "live/a", "--role", "subscriber", "--advice"))
                    .isZero();
            List<String> lines = out.toString().lines().toList();
            assertThat(lines.get(0)).startsWith("ID  ROLE  STREAM");
            assertThat(lines.get(2)).startsWith(" 2  sub   live/a");
            assertThat(lines).contains("  No advice yet: it takes ten seconds of media.");

            assertThat(runAnew(relay, "connections", "--stream", "other")).isZero();
            assertThat(out.toString().lines()).hasSize(2);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void programsGetWhatTheApiAnswers() {
        try (TestRelay relay = TestRelay.start()) {
            relay.publish("a").opened();
            relay.awaitConnections(1);

            assertThat(run(relay, "streams", "--json")).isZero();
            assertThat(new JsonArray(out.toString()).getJsonObject(0).getString("name"))
                    .isEqualTo("a");

            assertThat(runAnew(relay, "connections", "--json", "--role", "publisher"))
                    .isZero();
            assertThat(new JsonArray(out.toString()).getJsonObject(0).getMap())
                    .containsEntry("stream", "a")
                    .containsKey("pktRecvTotal");
        }
    }

    @Test
    void watchShowsEachSecondHowTheStreamIs() {
        try (TestRelay relay = TestRelay.start()) {
            TestCall publisher = relay.publish("live/a").opened();
            publisher.publish("payload", 0, 9);
            relay.call("#!::r=live/a,m=publish").refusal();
            relay.awaitConnections(1);

            assertThat(run(relay, "watch", "--json", "--seconds", "1.5", "live/a"))
                    .as(err.toString())
                    .isZero();

            JsonObject first = new JsonObject(out.toString().lines().findFirst().orElseThrow());
            assertThat(first.getString("state")).isIn("live", "silent");
            assertThat(first.getJsonObject("stream").getString("name")).isEqualTo("live/a");
            assertThat(first.getJsonArray("connections")).hasSize(1);
            assertThat(first.getJsonArray("refusals").getJsonObject(0).getString("reason"))
                    .isEqualTo("CONFLICT");
            assertThat(first.getValue("outage")).isNull();
            assertThat(first.getString("time")).isNotNull();
        }
    }

    @Test
    void watchWaitsForTheStreamAndForARelayThatIsRestarted() throws Exception {
        Thread watch;
        int port;
        try (TestRelay relay = TestRelay.start()) {
            port = relay.httpPort();
            watch = new Thread(() -> run(relay, "watch", "live/a"), "watch");
            watch.start();
            awaitOutput(" absent: waiting for it");
            relay.publish("live/a").opened();
            relay.request("live/a").opened();
            awaitOutput(", 1 subscriber");
        }
        awaitOutput(": nobody listens there");
        try (TestRelay again = TestRelay.start("http.port=" + port)) {
            awaitOutput(" absent: waiting for it, the relay answers again");
            again.publish("live/a").opened();
            awaitOutput(", 0 subscribers, the relay answers again");
        }
        watch.interrupt();
        watch.join(PATIENCE.toMillis());
        assertThat(watch.isAlive()).isFalse();
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "connections", "watch a"})
    void tokenIsAskedForTakenAndNeverShown(String command) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        String[] arguments = command.split(" ");
        try (TestRelay relay = TestRelay.start(
                "http.tokens[0].name=anna", "http.tokens[0].token=" + TOKEN, "http.tokens[0].scope=read")) {
            assertThat(run(relay, arguments)).isEqualTo(1);
            assertThat(err.toString()).contains("401 Unauthorized: ", "; --token gives one");

            err.getBuffer().setLength(0);
            assertThat(run(relay, with(arguments, "--token", "wrong-horse-battery-staple")))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .contains("401 Unauthorized: no entry of http.tokens has this token")
                    .doesNotContain("wrong-horse");

            err.getBuffer().setLength(0);
            String[] right = with(arguments, "--token", "file:" + file, "--json");
            if (command.startsWith("watch")) {
                right = with(right, "--seconds", "0.1");
            }
            assertThat(run(relay, right)).as(err.toString()).isZero();
        }
        assertThat(out.toString() + err).doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "connections", "watch a"})
    void nobodyListeningIsToldWithARemedy(String command) {
        assertThat(execute(with(command.split(" "), "--api", "http://127.0.0.1:1")))
                .isEqualTo(1);

        assertThat(err.toString())
                .isEqualTo("millrace " + command.split(" ")[0] + ": http://127.0.0.1:1: nobody listens there; is the"
                        + " relay running, and is http.port the port of --api?" + System.lineSeparator());
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>\u001b[2J</html>", "not JSON", ""})
    void somethingElseThatAnswersIsToldApart(String body) throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", body.startsWith("<") ? "text/html" : "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(body.getBytes(UTF_8));
            exchange.close();
        });
        other.start();
        try {
            String api = "http://127.0.0.1:" + other.getAddress().getPort();
            assertThat(execute("streams", "--api", api)).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("millrace streams: what answers at " + api + " is not the API of a relay: ")
                    .doesNotContain("\u001b");
        } finally {
            other.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "streams --api 127.0.0.1:8080 | streams | Invalid value for option '--api': '127.0.0.1:8080' is not"
                        + " http://HOST:PORT, such as http://127.0.0.1:8080 or https://[2001:db8::1]:8443",
                "streams --token env:MILLRACE_NO_SUCH_TOKEN | streams | --token: the environment has no"
                        + " MILLRACE_NO_SUCH_TOKEN",
                "streams --token töken | streams | --token: it is empty, or has a character that no token has",
                "connections --json --sort rtt | connections | --json is what the API answers, oldest first and with"
                        + " advice: leave out --sort and --advice",
                "watch --seconds 0 a | watch | --seconds must be above 0",
                "watch | watch | Missing required parameter: 'STREAM'"
            })
    void badUsageIsOneLineAndAHint(String arguments, String command, String line) {
        assertThat(execute(arguments.split(" "))).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly("millrace: " + line, "Try \"millrace " + command + " --help\".");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "connections", "watch"})
    void helpHasExamplesAndExitCodes(String command) {
        assertThat(execute(command, "--help")).isZero();

        assertThat(out.toString())
                .startsWith("Usage: millrace " + command + " [OPTION]...")
                .contains("--api=URL", "--token=TOKEN", "--json", "MILLRACE_API", "Exit codes:", "Examples:");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    private void awaitOutput(String text) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(out.toString() + err).contains(text));
    }

    private int runAnew(TestRelay relay, String... arguments) {
        out.getBuffer().setLength(0);
        return run(relay, arguments);
    }

    private int run(TestRelay relay, String... arguments) {
        return execute(with(arguments, "--api", relay.url("/")));
    }

    private static String[] with(String[] arguments, String... more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    private int execute(String... arguments) {
        return MillraceCommand.execute(
                arguments, new PrintWriter(out, true), new PrintWriter(err, true), launched -> ExitCode.FAILURE);
    }
}
