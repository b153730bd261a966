package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.relay.config.ConfigurationSchema;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.ListenerConfig;
import io.millrace.relay.config.RelayConfig;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillraceCommandTest {
    private static final ConfigurationSources NO_SOURCES = new ConfigurationSources(null, List.of());

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private final List<LaunchOptions> launched = new ArrayList<>();

    @TempDir
    Path directory;

    @Test
    void withoutArgumentsTheDefaultsAreLaunched() {
        assertThat(run()).isZero();
        assertThat(launched).containsExactly(new LaunchOptions(RelayConfig.defaults(), NO_SOURCES, false));
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void exitCodeIsThatOfTheLauncher() {
        assertThat(run(options -> ExitCode.FAILURE)).isEqualTo(1);
        assertThat(run(options -> ExitCode.BAD_CONFIGURATION)).isEqualTo(2);
    }

    @Test
    void launcherThatThrowsIsAFailureWhileRunning() {
        assertThat(run(options -> {
                    throw new IllegalStateException("broken");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).contains("java.lang.IllegalStateException: broken");
    }

    @Test
    void everyOptionThatChangesTheConfigurationDoesSo() throws Exception {
        Path file = file("srt: {latencyMillis: 300}\nlog: {level: warn}\n");

        run("--config", file.toString(), "--listen", "127.0.0.1:7", "--http=:8", "--set", "log.level=info");

        RelayConfig config = launched.get(0).config();
        assertThat(config.srt().latencyMillis()).isEqualTo(300);
        assertThat(config.listeners().get(0).address()).hasToString("/127.0.0.1:7");
        assertThat(config.http().port()).isEqualTo(8);
        assertThat(config.log().level()).hasToString("INFO");
    }

    @Test
    void settingsMayBeRepeatedAndKeepTheirOrderWithTheShortForms() {
        run("--set", "http.port=1", "--http", ":2", "--set=srt.mss=1400", "--set", "http.host=127.0.0.1");
        run("--http", ":2", "--set", "http.port=1");

        assertThat(launched.get(0).config().http().port()).isEqualTo(2);
        assertThat(launched.get(0).config().http().host()).isEqualTo("127.0.0.1");
        assertThat(launched.get(0).config().srt().mss()).isEqualTo(1400);
        assertThat(launched.get(1).config().http().port()).isEqualTo(1);
    }

    @Test
    void demoIsPassedOn() {
        run("--demo");

        assertThat(launched).containsExactly(new LaunchOptions(RelayConfig.defaults(), NO_SOURCES, true));
    }

    @Test
    void checkPrintsAConfigurationThatLoadsToTheSameAndLaunchesNothing() throws Exception {
        Path file = file("listeners: [{name: a, stream: '#x'}]\nstreams: {latency: max+20}\n");

        assertThat(run("--config", file.toString(), "--set", "listeners[0].port=5", "--check"))
                .isZero();
        assertThat(launched).isEmpty();
        Path printed = file(out.toString());
        run("--config", printed.toString());

        RelayConfig config = launched.get(0).config();
        assertThat(config.listeners())
                .extracting(ListenerConfig::name, ListenerConfig::port, ListenerConfig::stream)
                .containsExactly(tuple("a", 5, "#x"));
        assertThat(config.streams().latency()).hasToString("max+20");
    }

    @Test
    void checkWarnsOfAPassphraseWithOuterBlanksWithoutShowingIt() throws Exception {
        Path file = file("listeners: [{passphrase: 'correct horse '}]\n");

        assertThat(run("--config", file.toString(), "--check")).isZero();

        assertThat(err.toString().lines())
                .containsExactly("warning: listeners[0].passphrase begins or ends with a blank; remove it if it was not"
                        + " meant");
        assertThat(out.toString()).contains("passphrase: '***'").doesNotContain("correct");
    }

    @Test
    void checkOfABadConfigurationPrintsItsErrors() throws Exception {
        Path file = file("srt:\n  mss: 1\nx: 1\n");

        assertThat(run("--config", file.toString(), "--set", "http.port=x", "--check"))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":2: srt.mss: found 1; allowed: a whole number from 116 to 1500",
                        file
                                + ":3: x: unknown key; allowed: listeners, http, srt, streams, access, limits, cluster, transport,"
                                + " metrics, log",
                        "--set: http.port: found x; allowed: a whole number from 0 to 65535");
    }

    @Test
    void serveIsWhatIsDoneWithoutACommand() throws Exception {
        Path file = file("http: {port: 5}");

        assertThat(run("serve", "--config", file.toString(), "--set", "srt.mss=1400", "--demo"))
                .isZero();
        assertThat(run("--config", file.toString(), "--set", "srt.mss=1400", "--demo"))
                .isZero();

        assertThat(launched).hasSize(2);
        assertThat(launched.get(0)).isEqualTo(launched.get(1));
        assertThat(launched.get(0).config().http().port()).isEqualTo(5);
        assertThat(launched.get(0).demo()).isTrue();
    }

    @Test
    void environmentSetsKeysForEveryCommand() {
        environment.put("MILLRACE_SRT__MSS", "1400");

        run();
        run("serve", "--set", "http.port=1");
        run("check");

        assertThat(launched).extracting(options -> options.config().srt().mss()).containsExactly(1400, 1400);
        assertThat(out.toString()).startsWith("# srt.mss: MILLRACE_SRT__MSS\n").contains("mss: 1400");
    }

    @Test
    void checkSaysWhereEachKeyWasSetThatWas() throws Exception {
        Path file = file("srt:\n  mss: 1300\n  latencyMillis: 200\nhttp: {port: 5}\nlisteners:\n- name: a\n");
        environment.put("MILLRACE_SRT__MSS", "1400");

        assertThat(run("check", "--config", file.toString(), "--http", ":6")).isZero();

        assertThat(out.toString().lines().takeWhile(line -> line.startsWith("# ")))
                .containsExactly(
                        "# listeners[0].name: " + file + ":6",
                        "# http.port: --http",
                        "# http.host: --http",
                        "# srt.mss: MILLRACE_SRT__MSS",
                        "# srt.latencyMillis: " + file + ":3");
        assertThat(launched).isEmpty();
    }

    @Test
    void checkIsTheSameAsAnOption() throws Exception {
        Path file = file("srt: {mss: 1400}");

        run("check", "--config", file.toString());
        String printed = out.toString();
        out.getBuffer().setLength(0);
        run("--config", file.toString(), "--check");

        assertThat(out.toString()).isEqualTo(printed);
    }

    @Test
    void checkForProgramsIsOneObject() throws Exception {
        Path file = file("srt: {mss: 1400}\nlisteners: [{passphrase: 'correct horse '}]");

        assertThat(run("check", "--config", file.toString(), "--json")).isZero();

        JsonObject outcome = new JsonObject(out.toString());
        assertThat(outcome.fieldNames()).containsExactly("valid", "warnings", "settings", "configuration");
        assertThat(outcome.getBoolean("valid")).isTrue();
        assertThat(outcome.getJsonArray("warnings")).hasSize(1);
        assertThat(outcome.getJsonArray("settings"))
                .contains(new JsonObject()
                        .put("key", "srt.mss")
                        .put("source", file.toString())
                        .put("line", 1));
        assertThat(outcome.getJsonObject("configuration").getJsonObject("srt").getInteger("mss"))
                .isEqualTo(1400);
        assertThat(out.toString()).doesNotContain("correct");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void checkForProgramsHasEveryError() throws Exception {
        Path file = file("srt:\n  mss: 1");

        assertThat(run("check", "--config", file.toString(), "--set", "http.port=x", "--json"))
                .isEqualTo(2);

        JsonObject outcome = new JsonObject(out.toString());
        assertThat(outcome.getBoolean("valid")).isFalse();
        assertThat(outcome.getJsonArray("errors"))
                .hasSize(2)
                .first()
                .isEqualTo(new JsonObject()
                        .put("source", file.toString())
                        .put("line", 2)
                        .put("key", "srt.mss")
                        .put("problem", "found 1")
                        .put("allowed", "a whole number from 116 to 1500"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void checkPrintsTheSchema() {
        assertThat(run("check", "--schema")).isZero();
        assertThat(out.toString()).isEqualTo(ConfigurationSchema.text());
    }

    @Test
    void optionInFrontOfACommandIsRefused() {
        assertThat(errorOf("--config", "f", "check")).isEqualTo("millrace: --config belongs behind \"check\"");
        assertThat(errorOf("--demo", "check"))
                .isEqualTo("millrace: --demo is an option of the relay and not of \"millrace check\"");
    }

    @Test
    void badConfigurationIsNotLaunched() {
        assertThat(run("--set", "srt.mss=1")).isEqualTo(2);
        assertThat(launched).isEmpty();
    }

    @Test
    void versionNamesTheProgramJavaAndTheSystem() {
        assertThat(run("--version")).isZero();
        assertThat(launched).isEmpty();
        assertThat(out.toString().lines().toList()).hasSize(3).first().isEqualTo("millrace development");
        assertThat(out.toString())
                .contains("Java " + System.getProperty("java.version"))
                .contains(System.getProperty("os.name"), System.getProperty("os.arch"))
                .doesNotContain("${");
    }

    @Test
    void helpHasEveryOptionDefaultsExamplesAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(launched).isEmpty();
        assertThat(out.toString())
                .contains(
                        "Usage: millrace [serve] [OPTION]...",
                        "--config=FILE",
                        "--set=KEY=VALUE",
                        "--listen=HOST:PORT",
                        "--http=HOST:PORT",
                        "--check",
                        "--demo",
                        "--version",
                        "--help")
                .contains("Default: [::]:8890", "Default: 127.0.0.1:8080", "Default: none")
                .contains("Examples:", "Exit codes:", "  0   ", "  1   ", "  2   ");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void unknownOptionIsOneLineAndAHint() {
        assertThat(run("--chek")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "millrace: Unknown option: '--chek' (did you mean --check?)", "Try \"millrace --help\".");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void otherMistakesOnTheCommandLineAreOneLineAndAHintToo() {
        assertThat(errorOf("--set")).isEqualTo("millrace: Missing KEY=VALUE after --set");
        assertThat(errorOf("--config")).isEqualTo("millrace: Missing required parameter for option '--config' (FILE)");
        assertThat(errorOf("--config", "a", "--config", "b"))
                .isEqualTo("millrace: option '--config' (FILE) should be specified only once");
        assertThat(errorOf("relay.yaml")).isEqualTo("millrace: Unmatched argument at index 0: 'relay.yaml'");
        assertThat(errorOf("--check=perhaps"))
                .isEqualTo("millrace: Invalid value for option '--check': 'perhaps' is not a boolean");
    }

    @Test
    void argumentWithAnAtSignIsNoFileOfArguments() throws Exception {
        Path file = file("--check");

        assertThat(errorOf("@" + file)).isEqualTo("millrace: Unmatched argument at index 0: '@" + file + "'");
    }

    private String errorOf(String... args) {
        err.getBuffer().setLength(0);
        assertThat(run(args)).isEqualTo(2);
        List<String> lines = err.toString().lines().toList();
        assertThat(lines).hasSize(2).last().isEqualTo("Try \"millrace --help\".");
        return lines.get(0);
    }

    private int run(String... args) {
        return run(
                options -> {
                    launched.add(options);
                    return ExitCode.OK;
                },
                args);
    }

    private int run(ToIntFunction<LaunchOptions> launcher, String... args) {
        return MillraceCommand.execute(
                args, environment, new PrintWriter(out, true), new PrintWriter(err, true), launcher);
    }

    private Path file(String yaml) throws Exception {
        return Files.writeString(Files.createTempFile(directory, "relay", ".yaml"), yaml);
    }
}
