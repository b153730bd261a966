package io.millrace.relay.config;

import java.util.List;

/** Configuration from a text, as tests need it. */
final class YamlText {
    private YamlText() {}

    static RelayConfig load(String yaml) throws ConfigurationException {
        return new ConfigurationSources(null, List.of()).load("f.yaml", yaml);
    }
}
