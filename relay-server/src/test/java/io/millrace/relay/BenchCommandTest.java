package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The load generator as a command of the program, and against a relay in this process. */
@Timeout(60)
@Tag("any-jdk")
class BenchCommandTest {
    private static final String[] BRIEF = {
        "--subscribers", "4", "--megabits", "1", "--seconds", "1", "--warm-up", "0", "--drain", "1"
    };

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--streams 0                           | --streams and --subscribers must be at least 1",
                "--megabits 0                          | --megabits must be above 0",
                "--burst 1001                          | --burst must be 0 to 1000",
                "--latency -1                          | --latency must be 0 to 60000",
                "--sockets 0                           | --sockets and --loops must be at least 1",
                "--join-rate 0                         | --join-rate must be at least 1",
                "--seconds 0           | --seconds must be at least 1, --warm-up and --drain at least 0",
                "--loss 100                            | --loss must be at least 0 and below 100 percent",
                "--loss -1                             | --loss must be at least 0 and below 100 percent",
                "--delay 5001                          | --delay must be 0 to 5000 milliseconds",
                "--key-length 16                       | --key-length needs --passphrase",
                "--key-length 20 --passphrase 0123456789 | --key-length must be 16, 24 or 32",
                "--passphrase short    | --passphrase: a passphrase has 10 to 79 bytes, not 5",
                "--server-pid 0                        | --server-pid must be the id of a process",
                "--gc-log x                            | --gc-log needs --server-pid",
                "--gc-log nowhere --server-pid 1       | --gc-log: nowhere can't be read; start the server with"
                        + " -Xlog:gc:file=FILE:timemillis",
                "--streams 2 --publish-id a  | --publish-id needs %d for the number of the stream where there are"
                        + " several streams",
                "--impair nobody | Invalid value for option '--impair': expected one of [SUBSCRIBERS, PUBLISHERS, BOTH]"
                        + " (case-insensitive) but was 'nobody'",
                "--server srt://a:b | Invalid value for option '--server': 'srt://a:b' is not srt://HOST:PORT, such as"
                        + " srt://127.0.0.1:8890 or srt://[::1]:8890",
                "--subscriber 3 | Unknown options: '--subscriber', '3' (did you mean --subscribers?)"
            })
    void badOptionIsOneLineAndAHint(String options, String line) {
        assertThat(run(options.split(" "))).isEqualTo(2);

        assertThat(err.toString().lines()).containsExactly("millrace: " + line, "Try \"millrace bench --help\".");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--rounds 0       | --rounds must be 1 to 1000",
                "--megabits 0     | --megabits must be 0.1 to 100",
                "--cases flood    | Invalid value for option '--cases' (KIND): expected one of [KILL, STOP, SILENCE]"
                        + " (case-insensitive) but was 'flood'",
            })
    void badOptionOfTheTakeoverIsOneLineAndAHint(String options, String line) {
        assertThat(run(("takeover " + options).split(" "))).isEqualTo(2);

        assertThat(err.toString().lines())
                .containsExactly("millrace: " + line, "Try \"millrace bench takeover --help\".");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpOfTheTakeoverSaysWhatIsMeasured() {
        assertThat(run("takeover", "--help")).isZero();

        assertThat(out.toString())
                .startsWith("Usage: millrace bench takeover [OPTION]...")
                .contains("--rounds=COUNT", "--cases=KIND", "Exit codes:", "Examples:");
    }

    @Test
    void optionsOfTheRelayAreNotForTheGenerator() {
        assertThat(execute("--listen", ":9", "bench", "--server", "srt://127.0.0.1:9"))
                .isEqualTo(2);

        assertThat(err.toString().lines())
                .first()
                .isEqualTo("millrace: --listen is an option of the relay and not of \"millrace bench\"");
    }

    @Test
    void helpHasTheUnitsExamplesAndExitCodes() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString())
                .startsWith("Usage: millrace bench [OPTION]...")
                .contains("--server=SRT_URL", "--loss=PERCENT", "--delay=MILLIS", "--seed=NUMBER", "--json")
                .contains("Default: #!::", "Exit codes:", "Examples:");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void processThatDoesNotExistIsAFailureThatSaysSo() {
        assertThat(run("--server-pid", String.valueOf(Long.MAX_VALUE))).isEqualTo(1);

        assertThat(err.toString())
                .startsWith("millrace bench: there is no process " + Long.MAX_VALUE + ": give --server-pid");
    }

    @Test
    void tableIsAllOfStandardOutputAndProgressGoesToStandardError() {
        try (TestRelay relay = TestRelay.start()) {
            assertThat(bench(relay)).as(err.toString()).isZero();
        }

        assertThat(out.toString().lines().map(line -> line.split(" ")[0]))
                .containsExactly("load", "delivered", "missing", "subscribers", "latency", "generator", "this");
        assertThat(err.toString())
                .contains("joined, 4 of 4 subscribers", "measuring, 1 of 1 s: ", " payloads/s, latency p50 ");
    }

    @ParameterizedTest
    @CsvSource({"16", "24", "32"})
    void everyLegIsEncryptedWithThePassphrase(int keyLengthBytes) {
        String passphrase = "correct horse battery";
        try (TestRelay relay = TestRelay.start("listeners[0].passphrase=" + passphrase)) {
            int code = bench(relay, "--passphrase", passphrase, "--key-length", "" + keyLengthBytes, "--json");
            assertThat(code).as(err.toString()).isZero();
        }

        JsonObject report = new JsonObject(out.toString());
        assertThat(report.getJsonObject("load").getInteger("keyLengthBytes")).isEqualTo(keyLengthBytes);
        assertThat(report.getJsonObject("payloads").getLong("delivered")).isPositive();
    }

    @Test
    void passphraseOfSomebodyElseIsReported() {
        try (TestRelay relay = TestRelay.start("listeners[0].passphrase=correct horse battery")) {
            assertThat(bench(relay, "--passphrase", "wrong horse battery")).isEqualTo(1);
        }

        assertThat(err.toString())
                .contains("1 of 1 publishers could not connect to ", ": BAD_SECRET (1); check --pass");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void subscribersThatAreAllRefusedEndTheRun() {
        try (TestRelay relay = TestRelay.start()) {
            assertThat(bench(relay, "--request-id", "#!::r=elsewhere")).isEqualTo(1);
        }

        assertThat(err.toString().lines())
                .last()
                .asString()
                .startsWith("millrace bench: 4 of 4 subscribers could not connect to srt://127.0.0.1:")
                .endsWith(": NOT_FOUND (4); check that --publish-id and --request-id name the same stream");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void serverThatIsNotThereIsReported() {
        assertThat(run("--server", "srt://127.0.0.1:9")).isEqualTo(1);

        assertThat(err.toString().lines())
                .last()
                .isEqualTo("millrace bench: 1 of 1 publishers could not connect to srt://127.0.0.1:9: TIMEOUT (1);"
                        + " nothing answered: check that an SRT server listens there and that UDP gets through");
    }

    @Test
    void someSubscribersThatAreRefusedAreCountedAndTheOthersMeasured() {
        try (TestRelay relay = TestRelay.start("limits.subscribersPerStream=3")) {
            assertThat(bench(relay, "--json")).isEqualTo(1);
        }

        JsonObject report = new JsonObject(out.toString());
        assertThat(report.getJsonObject("connections"))
                .isEqualTo(new JsonObject("{\"closedPublishers\":0,\"joinedSubscribers\":3,\"closedSubscribers\":0,"
                        + "\"refusedSubscribers\":{\"OVERLOAD\":1}}"));
        assertThat(report.getJsonObject("payloads").getInteger("imperfectSubscribers"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("1 of 4 subscribers could not connect to ", "joined, 3 of 4 subscribers");
    }

    private int bench(TestRelay relay, String... options) {
        List<String> all = new ArrayList<>(
                List.of("--server", "srt://127.0.0.1:" + relay.listener().getPort()));
        all.addAll(Arrays.asList(BRIEF));
        all.addAll(Arrays.asList(options));
        return run(all.toArray(String[]::new));
    }

    private int run(String... options) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(Arrays.asList(options));
        return execute(all.toArray(String[]::new));
    }

    private int execute(String... args) {
        return MillraceCommand.execute(
                args, new PrintWriter(out, true), new PrintWriter(err, true), launched -> ExitCode.FAILURE);
    }
}
