package io.millrace.relay;

import io.millrace.relay.config.ConfigurationException;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import io.millrace.relay.config.RelayConfig;
import java.util.stream.Stream;

/** Configurations for tests: the defaults, on ports that are free, with some keys set. */
public final class TestConfig {
    private TestConfig() {}

    /** @param settings {@code KEY=VALUE} as on the command line */
    public static RelayConfig of(String... settings) {
        Stream<String> all = Stream.concat(Stream.of("listeners[0].port=0", "http.port=0"), Stream.of(settings));
        try {
            return new ConfigurationSources(
                            null,
                            all.map(setting -> new Option(OptionName.SET, setting))
                                    .toList())
                    .load();
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.errors().toString(), e);
        }
    }
}
