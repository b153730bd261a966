package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import java.util.List;
import java.util.Map;

/** No text makes loading fail with anything but errors for people. */
class ConfigurationFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void anyFileLoadsOrIsRefusedWithErrors(FuzzedDataProvider data) {
        String yaml = data.consumeRemainingAsString();
        checked(new ConfigurationSources(null, List.of()), yaml);
    }

    @FuzzTest(maxDuration = "5s")
    void anyOptionIsTakenOrRefusedWithErrors(FuzzedDataProvider data) {
        OptionName name = data.pickValue(OptionName.values());
        String value = data.consumeRemainingAsString();
        checked(new ConfigurationSources(null, List.of(new Option(name, value))), "");
    }

    @FuzzTest(maxDuration = "5s")
    void anyVariableIsTakenOrRefusedWithErrors(FuzzedDataProvider data) {
        String name = data.consumeBoolean()
                ? data.pickValue(EnvironmentSettings.names())
                : "MILLRACE_" + data.consumeString(80);
        String value = data.consumeRemainingAsString();
        checked(new ConfigurationSources(null, Map.of(name, value), List.of()), "");
    }

    private static void checked(ConfigurationSources sources, String yaml) {
        RelayConfig config;
        try {
            config = sources.load("f.yaml", yaml);
        } catch (ConfigurationException e) {
            assertThat(e.errors())
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error.toString()).doesNotContain("\n", "\r"));
            return;
        }
        assertThat(SchemaCheck.complaints(yaml)).isEmpty();
        if (!config.toYaml().contains("***")) {
            assertThat(reloaded(config)).isEqualTo(config);
        }
    }

    private static RelayConfig reloaded(RelayConfig config) {
        try {
            return YamlText.load(config.toYaml());
        } catch (ConfigurationException e) {
            throw new AssertionError(config.toYaml(), e);
        }
    }
}
