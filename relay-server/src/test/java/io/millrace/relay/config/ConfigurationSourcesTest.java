package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationSourcesTest {
    private static final OptionName SET = OptionName.SET;
    private static final OptionName LISTEN = OptionName.LISTEN;
    private static final OptionName HTTP = OptionName.HTTP;

    @TempDir
    Path directory;

    @Test
    void withoutFileAndOptionsEverythingHasItsDefault() throws Exception {
        assertThat(load()).isEqualTo(RelayConfig.defaults());
    }

    @Test
    void fileWinsOverDefaultsAndOptionsOverTheFile() throws Exception {
        RelayConfig config = loadFile(
                "srt: {latencyMillis: 200, mss: 1400}\nhttp: {port: 1}",
                new Option(SET, "srt.mss=1300"),
                new Option(HTTP, "127.0.0.1:2"));

        assertThat(config.srt().latencyMillis()).isEqualTo(200);
        assertThat(config.srt().mss()).isEqualTo(1300);
        assertThat(config.srt().overheadPercent()).isEqualTo(25);
        assertThat(config.http().port()).isEqualTo(2);
    }

    @Test
    void laterOptionWinsOverAnEarlierOneOfAnyName() throws Exception {
        assertThat(load(new Option(SET, "http.port=1"), new Option(HTTP, ":2"))
                        .http()
                        .port())
                .isEqualTo(2);
        assertThat(load(new Option(HTTP, ":2"), new Option(SET, "http.port=1"))
                        .http()
                        .port())
                .isEqualTo(1);
        assertThat(load(new Option(LISTEN, ":2"), new Option(LISTEN, ":3"))
                        .listeners()
                        .get(0)
                        .port())
                .isEqualTo(3);
    }

    @Test
    void listOfTheFileReplacesTheDefaultOne() throws Exception {
        assertThat(loadFile("listeners:\n  - {name: a, port: 1}\n  - {name: b, port: 2}")
                        .listeners())
                .extracting(ListenerConfig::name)
                .containsExactly("a", "b");
    }

    @Test
    void settingMayBeAListWhereThereIsAListOfValues() throws Exception {
        RelayConfig config = load(
                new Option(SET, "access.order=[jwt, rules]"),
                new Option(SET, "listeners[0].deny=[192.0.2.0/24, \"::1\"]"),
                new Option(SET, "access.notifications.events=[]"));

        assertThat(config.access().order()).containsExactly(AccessConfig.Source.JWT, AccessConfig.Source.RULES);
        assertThat(config.listeners().get(0).deny()).hasToString("[192.0.2.0/24, ::1]");
        assertThat(config.access().notifications().events()).isEmpty();
    }

    @Test
    void settingChangesOneKeyOfTheListenerThatIsThereByDefault() throws Exception {
        assertThat(load(new Option(SET, "listeners[0].port=9000")).listeners())
                .singleElement()
                .usingRecursiveComparison()
                .ignoringFields("port")
                .isEqualTo(RelayConfig.defaults().listeners().get(0));
        assertThat(load(new Option(SET, "listeners[0].port=9000")).listeners())
                .extracting(ListenerConfig::port)
                .containsExactly(9000);
    }

    @Test
    void settingBehindTheLastListenerAddsOne() throws Exception {
        assertThat(load(new Option(SET, "listeners[1].name=b"), new Option(SET, "listeners[1].port=9001"))
                        .listeners())
                .extracting(ListenerConfig::port)
                .containsExactly(8890, 9001);
    }

    @Test
    void shortFormsChangeTheFirstListenerOfTheFile() throws Exception {
        List<ListenerConfig> listeners = loadFile(
                        "listeners:\n  - {name: a, stream: s}\n  - {name: b, port: 2}", new Option(LISTEN, "[::1]:5"))
                .listeners();

        assertThat(listeners.get(0).name()).isEqualTo("a");
        assertThat(listeners.get(0).address()).isEqualTo(new InetSocketAddress("::1", 5));
        assertThat(listeners.get(0).stream()).isEqualTo("s");
        assertThat(listeners.get(1).port()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7:5, 192.0.2.7, 5",
        "[::1]:8890, ::1, 8890",
        "[::]:0, ::, 0",
        ":9000, ::, 9000",
    })
    void shortFormsTakeIpv4AndIpv6AndAllAddresses(String typed, String host, int port) throws Exception {
        RelayConfig config = load(new Option(LISTEN, typed), new Option(HTTP, typed));

        assertThat(config.listeners().get(0).host()).isEqualTo(host);
        assertThat(config.listeners().get(0).port()).isEqualTo(port);
        assertThat(config.http()).isEqualTo(new HttpConfig(host, port, List.of(), List.of(), 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "live                  | live",
                "a=b                   | a=b",
                "\"quoted\"            | quoted",
                "'single'              | single",
                "#!::r=live,m=request  | #!::r=live,m=request",
                "live #1               | live #1",
                "a: b                  | a: b",
                "[x]                   | [x]",
                "{x: y}                | {x: y}",
                "*star                 | *star",
                "&anchor x             | &anchor x",
                "\"open                | \"open",
                "007                   | 007",
                "true                  | true",
                "\"null\"              | null",
            })
    void textOfASettingStaysAsItWasTypedButForQuotes(String typed, String stream) throws Exception {
        assertThat(stream(typed)).isEqualTo(stream);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"null", "~", "``"})
    void settingMayTakeAValueAway(String typed) throws Exception {
        assertThat(loadFile("listeners: [{stream: s}]", new Option(SET, "listeners[0].stream=" + typed))
                        .listeners()
                        .get(0)
                        .stream())
                .isNull();
    }

    @Test
    void settingsHaveTheTypesOfYaml() throws Exception {
        RelayConfig config = load(new Option(SET, "transport.native=false"), new Option(SET, "listeners[0].host=::"));

        assertThat(config.transport().nativeTransport()).isFalse();
        assertThat(config.listeners().get(0).host()).isEqualTo("::");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "srt.mss=9000          | srt.mss: found 9000; allowed: a whole number from 116 to 1500",
                "srt.mss=              | srt.mss: found nothing; allowed: a whole number from 116 to 1500",
                "srt.mss=\"1400\"      | srt.mss: found \"1400\"; allowed: a whole number from 116 to 1500",
                "srt.mss.x=1           | srt.mss: found a section; allowed: a whole number from 116 to 1500",
                "srt=5                 | srt: found 5; allowed: keys with values",
                "srt[0]=5              | srt: found a list; allowed: keys with values",
                "http.prt=1            | http.prt: unknown key (did you mean port?); allowed: host, port, tokens,"
                        + " compatibility, maximumLiveViewers",
                "listeners=[]          | listeners: found []; allowed: a list with at least one entry",
                "listeners.port=1      | listeners: found a section; allowed: a list with at least one entry",
                "listeners[2].port=1   | listeners[2]: found index 2; allowed: an index from 0 to 1",
                "srt.mss               | found srt.mss; allowed: KEY=VALUE, such as srt.latencyMillis=200 or"
                        + " listeners[0].port=9000",
                "=1                    | found =***; allowed: KEY=VALUE, such as srt.latencyMillis=200 or"
                        + " listeners[0].port=9000",
                "srt..mss=1            | found srt..mss=***; allowed: KEY=VALUE, such as srt.latencyMillis=200 or"
                        + " listeners[0].port=9000",
            })
    void wrongSettingIsAnErrorOfTheOption(String typed, String error) {
        assertThat(errors(new ConfigurationSources(null, List.of(new Option(SET, typed)))))
                .containsExactly("--set: " + error);
    }

    @Test
    void wrongAddressIsAnErrorOfItsOption() {
        String ip = "an IP address such as 0.0.0.0, \"::\" or 192.0.2.7";
        assertThat(errors(sources(new Option(LISTEN, "8890"))))
                .containsExactly("--listen: listeners[0]: found 8890; allowed: HOST:PORT, [IPV6]:PORT or :PORT for all"
                        + " addresses");
        assertThat(errors(sources(new Option(HTTP, "::1:80"))))
                .containsExactly(
                        "--http: http: found ::1:80; allowed: HOST:PORT, [IPV6]:PORT or :PORT for all" + " addresses");
        assertThat(errors(sources(new Option(LISTEN, "localhost:99999"))))
                .containsExactly(
                        "--listen: listeners[0].host: found localhost; allowed: " + ip,
                        "--listen: listeners[0].port: found 99999; allowed: a whole number from 0 to 65535");
        assertThat(errors(sources(new Option(HTTP, "127.0.0.1:"))))
                .containsExactly("--http: http.port: found nothing; allowed: a whole number from 0 to 65535");
    }

    @Test
    void addedListenerMustHaveAnAddressOfItsOwn() {
        assertThat(errors(sources(new Option(SET, "listeners[1].name=b"))))
                .containsExactly("--set: listeners[1].port: found [::]:8890; allowed: an address and port that no other"
                        + " listener has");
    }

    @Test
    void errorsOfTheFileComeBeforeThoseOfTheOptions() throws Exception {
        Path file = Files.writeString(directory.resolve("relay.yaml"), "log: {level: loud}\n");

        assertThat(errors(new ConfigurationSources(file, List.of(new Option(SET, "http.port=x")))))
                .containsExactly(
                        file + ":1: log.level: found loud; allowed: error, warn, info, debug",
                        "--set: http.port: found x; allowed: a whole number from 0 to 65535");
    }

    @Test
    void fileThatCannotBeReadIsAnError() throws Exception {
        Path missing = directory.resolve("missing.yaml");
        Path latin1 = Files.write(directory.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xE9, '\n'});

        assertThat(errors(new ConfigurationSources(missing, List.of())))
                .containsExactly(missing + ": no such file; allowed: a YAML file in UTF-8");
        assertThat(errors(new ConfigurationSources(latin1, List.of())))
                .containsExactly(latin1 + ": found bytes that are not UTF-8; allowed: a YAML file in UTF-8");
        assertThat(errors(new ConfigurationSources(directory, List.of())))
                .containsExactly(directory + ": can't be read (Is a directory); allowed: a YAML file in UTF-8");
    }

    @Test
    void loadingAgainSeesTheChangedFile() throws Exception {
        Path file = Files.writeString(directory.resolve("relay.yaml"), "http: {port: 1}");
        ConfigurationSources sources = new ConfigurationSources(file, List.of(new Option(SET, "srt.mss=1400")));
        sources.load();
        Files.writeString(file, "http: {port: 2}");

        RelayConfig again = sources.load();

        assertThat(again.http().port()).isEqualTo(2);
        assertThat(again.srt().mss()).isEqualTo(1400);
    }

    private static String stream(String typed) throws ConfigurationException {
        return load(new Option(SET, "listeners[0].stream=" + typed)).listeners().get(0).stream();
    }

    private static ConfigurationSources sources(Option... options) {
        return new ConfigurationSources(null, List.of(options));
    }

    private static RelayConfig load(Option... options) throws ConfigurationException {
        return sources(options).load();
    }

    private RelayConfig loadFile(String yaml, Option... options) throws Exception {
        Path file = Files.writeString(directory.resolve("relay.yaml"), yaml);
        return new ConfigurationSources(file, List.of(options)).load();
    }

    private static List<String> errors(ConfigurationSources sources) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, sources::load);
        assertThat(e).isNotNull();
        return Stream.of(e.getMessage().split("\n")).toList();
    }
}
