package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that variables of the environment set. */
class EnvironmentSettingsTest {
    private static final String ALLOWED =
            "; allowed: MILLRACE_ and a key in capitals, with two underscores between levels,"
                    + " such as MILLRACE_SRT__LATENCY_MILLIS or MILLRACE_LISTENERS__0__PORT";

    @TempDir
    Path directory;

    @Test
    void variableWinsOverTheFileAndAnOptionOverTheVariable() throws Exception {
        Path file = Files.writeString(
                directory.resolve("relay.yaml"), "srt: {latencyMillis: 200, mss: 1400, overheadPercent: 30}");
        Map<String, String> environment =
                Map.of("MILLRACE_SRT__MSS", "1300", "MILLRACE_SRT__OVERHEAD_PERCENT", "40", "PATH", "/bin");
        List<Option> options = List.of(new Option(OptionName.SET, "srt.overheadPercent=50"));

        SrtConfig srt =
                new ConfigurationSources(file, environment, options).load().srt();

        assertThat(srt.latencyMillis()).isEqualTo(200);
        assertThat(srt.mss()).isEqualTo(1300);
        assertThat(srt.overheadPercent()).isEqualTo(50);
    }

    @Test
    void numberNamesAnEntryOfAListAndEntriesAreAddedInTheirOrder() throws Exception {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            environment.put("MILLRACE_LISTENERS__" + i + "__NAME", "l" + i);
            environment.put("MILLRACE_LISTENERS__" + i + "__PORT", String.valueOf(9000 + i));
        }

        assertThat(load(environment).listeners())
                .hasSize(12)
                .extracting(ListenerConfig::name)
                .startsWith("l0", "l1", "l2")
                .endsWith("l10", "l11");
    }

    @Test
    void variableReachesEveryDepth() throws Exception {
        RelayConfig config = load(Map.of(
                "MILLRACE_LISTENERS__0__WITHOUT_STREAM_ID__0__ADDRESS", "192.0.2.1",
                "MILLRACE_LISTENERS__0__WITHOUT_STREAM_ID__0__STREAM", "007",
                "MILLRACE_ACCESS__RULES__0__NAME", "crew",
                "MILLRACE_ACCESS__RULES__0__LIMITS__BIT_RATE", "5",
                "MILLRACE_ACCESS__JWT__JWKS_URL", "https://issuer.example/keys",
                "MILLRACE_TRANSPORT__NATIVE", "false"));

        assertThat(config.listeners().get(0).withoutStreamId().get(0).stream()).isEqualTo("007");
        assertThat(config.access().rules().get(0).limits().bitRate()).isEqualTo(5);
        assertThat(config.access().jwt().jwksUrl()).hasToString("https://issuer.example/keys");
        assertThat(config.transport().nativeTransport()).isFalse();
    }

    @Test
    void listOfValuesIsWrittenAsInTheFile() throws Exception {
        RelayConfig config = load(Map.of(
                "MILLRACE_ACCESS__ORDER", "[jwt, rules]",
                "MILLRACE_LISTENERS__0__DENY__0", "192.0.2.0/24",
                "MILLRACE_LISTENERS__0__ALLOW", "[]"));

        assertThat(config.access().order()).containsExactly(AccessConfig.Source.JWT, AccessConfig.Source.RULES);
        assertThat(config.listeners().get(0).deny()).hasToString("[192.0.2.0/24]");
        assertThat(config.listeners().get(0).allow()).isEmpty();
    }

    @Test
    void bracketsAreOnlyTextWhereThereIsNoList() throws Exception {
        assertThat(load(Map.of("MILLRACE_LISTENERS__0__STREAM", "[a, b]")).listeners().get(0).stream())
                .isEqualTo("[a, b]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MILLRACE_SRT__MSS                 | 9000    | srt.mss: found 9000; allowed: a whole number from 116 to 1500",
                "MILLRACE_LOG__LEVEL               | loud    | log.level: found loud; allowed: error, warn, info, debug",
                "MILLRACE_LISTENERS__2__PORT       | 1       | listeners[2]: found index 2; allowed: an index from 0 to 1",
                "MILLRACE_ACCESS__ORDER            | [no]    | access.order: found no; allowed: one of rules, webhook, jwt",
                "MILLRACE_ACCESS__ORDER            | [[no]]  | access.order: found [[no]]; allowed: a list, each entry one of"
                        + " rules, webhook, jwt",
                "MILLRACE_LISTENERS__0__PASSPHRASE | hidden  | listeners[0].passphrase: found ***, a text of 6 bytes;"
                        + " allowed: 10 to 79 bytes of UTF-8, as it is or as env:NAME or file:/path",
            })
    void wrongValueIsAnErrorOfTheVariable(String name, String value, String error) {
        assertThat(errors(Map.of(name, value))).containsExactly(name + ": " + error);
    }

    @ParameterizedTest
    @CsvSource({
        "MILLRACE_SRT__LATENCY_MILIS, MILLRACE_SRT__LATENCY_MILLIS",
        "MILLRACE_SRT__LATENCYMILLIS, MILLRACE_SRT__LATENCY_MILLIS",
        "MILLRACE_SRT_LATENCY_MILLIS, MILLRACE_SRT__LATENCY_MILLIS",
        "MILLRACE_SRT__latencyMillis, MILLRACE_SRT__LATENCY_MILLIS",
        "MILLRACE_LISTENERS_3_PORT, MILLRACE_LISTENERS__3__PORT",
        "MILLRACE_LISTENERS__12__PROT, MILLRACE_LISTENERS__12__PORT",
        "MILLRACE_LISTENERS__0__WITHOUTSTREAMID__7__MODE, MILLRACE_LISTENERS__0__WITHOUT_STREAM_ID__7__MODE"
    })
    void nameThatIsAlmostAKeyIsAnErrorThatNamesTheKey(String name, String meant) {
        assertThat(errors(Map.of(name, "1")))
                .containsExactly(name + ": sets no key (did you mean " + meant + "?)" + ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({"MILLRACE_ENTIRELY__DIFFERENT", "MILLRACE__", "MILLRACE_LISTENERS__0", "MILLRACE_LISTENERS__x__PORT"})
    void nameThatLooksLikeAKeyAndIsNoneIsAnError(String name) {
        assertThat(errors(Map.of(name, "1"))).singleElement().asString().startsWith(name + ": sets no key");
    }

    @Test
    void variablesOfTheStartScriptAndOfKubernetesAreLeftAlone() throws Exception {
        // As Kubernetes has it for services that are called millrace, millrace-http and millrace-srt.
        assertThat(load(Map.of(
                        "MILLRACE_JAR", "/opt/millrace.jar",
                        "MILLRACE_SERVICE_HOST", "10.0.0.7",
                        "MILLRACE_SERVICE_PORT_HTTP", "8080",
                        "MILLRACE_PORT", "tcp://10.0.0.7:8080",
                        "MILLRACE_PORT_8080_TCP_ADDR", "10.0.0.7",
                        "MILLRACE_HTTP_PORT", "tcp://10.0.0.8:8080",
                        "MILLRACE_HTTP_SERVICE_HOST", "10.0.0.8",
                        "MILLRACE_SRT_PORT_8890_UDP_PROTO", "udp")))
                .isEqualTo(RelayConfig.defaults());
    }

    @Test
    void variableThatASecretRefersToMayHaveAnyName() {
        String variable = "MILLRACE_MY__SECRET";

        // The secret itself is looked for in the environment of the process, where there is none.
        assertThat(errorsOfOption("listeners[0].passphrase=env:" + variable, variable))
                .singleElement()
                .asString()
                .contains("the environment has no " + variable);
        assertThat(errorsOfOption("srt.mss=1400", variable))
                .singleElement()
                .asString()
                .startsWith(variable + ": sets no key");
    }

    @Test
    void everyKeyHasAVariableOfItsOwn() {
        List<String> names = EnvironmentSettings.names();

        assertThat(names)
                .hasSizeGreaterThan(70)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("MILLRACE_[A-Z]+(__([A-Z]+(_[A-Z]+)*|0))+"))
                .contains(
                        "MILLRACE_SRT__LATENCY_MILLIS",
                        "MILLRACE_LISTENERS__0__ALLOW",
                        "MILLRACE_ACCESS__RULES__0__LIMITS__SUBSCRIBERS");
        // Underscores that are too many or too few are told from every other key.
        assertThat(names.stream().map(name -> name.replace("_", ""))).doesNotHaveDuplicates();
    }

    private static RelayConfig load(Map<String, String> environment) throws ConfigurationException {
        return new ConfigurationSources(null, environment, List.of()).load();
    }

    private static List<String> errors(Map<String, String> environment) {
        return errors(new ConfigurationSources(null, environment, List.of()));
    }

    private static List<String> errorsOfOption(String setting, String variable) {
        Option option = new Option(OptionName.SET, setting);
        return errors(new ConfigurationSources(null, Map.of(variable, "correct horse"), List.of(option)));
    }

    private static List<String> errors(ConfigurationSources sources) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, sources::load);
        assertThat(e).isNotNull();
        return e.errors().stream().map(ConfigurationError::toString).toList();
    }
}
