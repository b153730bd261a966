package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationChangesTest {
    @Test
    void sameConfigurationHasNoChanges() throws ConfigurationException {
        assertThat(load("").changesTo(load("srt: {latencyMillis: 120}"))).isEmpty();
    }

    @Test
    void changedKeysAreNamedWithWhatIsAboveThem() throws ConfigurationException {
        RelayConfig before = load("listeners: [{name: a, port: 1}, {name: b, port: 2}]");
        RelayConfig after = load("""
                listeners: [{name: a, port: 1, passphrase: "correct horse"}, {name: c, port: 2}]
                srt: {latencyMillis: 200}
                limits: {connections: 5}
                """);

        assertThat(before.changesTo(after))
                .containsExactlyInAnyOrder(
                        "listeners[0].passphrase", "listeners[1].name", "srt.latencyMillis", "limits.connections");
    }

    @Test
    void listThatGotLongerIsNamedAsAWhole() throws ConfigurationException {
        RelayConfig before = load("access: {rules: [{name: a, user: x}]}");
        RelayConfig after = load("access: {rules: [{name: a, user: y}, {name: b}]}");

        assertThat(before.changesTo(after)).containsExactly("access.rules");
    }

    @Test
    void secretThatIsWrittenOtherwiseHasChanged() throws ConfigurationException {
        RelayConfig before = load("listeners: [{passphrase: correct horse}]");

        assertThat(before.changesTo(load("listeners: [{passphrase: correct horse}]")))
                .isEmpty();
        assertThat(before.changesTo(load("listeners: [{passphrase: battery staple}]")))
                .containsExactly("listeners[0].passphrase");
    }

    private static RelayConfig load(String yaml) throws ConfigurationException {
        return new ConfigurationSources(null, List.of()).load("test", yaml);
    }
}
