package io.millrace.relay;

import io.millrace.relay.config.ConfigurationException;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import io.millrace.relay.config.RelayConfig;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Configurations for tests: the defaults, on ports that are free, with some keys set. */
public final class TestConfig {
    private TestConfig() {}

    /** @param settings {@code KEY=VALUE} as on the command line */
    public static RelayConfig of(String... settings) {
        return launch(false, settings).config();
    }

    static LaunchOptions launch(boolean demo, String... settings) {
        return launch(null, demo, Stream.concat(Stream.of("listeners[0].port=0", "http.port=0"), Stream.of(settings)));
    }

    /** @param file which says by itself where the listeners are */
    static LaunchOptions launch(Path file) {
        return launch(file, false, Stream.of("http.port=0"));
    }

    private static LaunchOptions launch(@Nullable Path file, boolean demo, Stream<String> all) {
        ConfigurationSources sources = new ConfigurationSources(
                file, all.map(setting -> new Option(OptionName.SET, setting)).toList());
        try {
            return new LaunchOptions(sources.load(), sources, demo);
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.errors().toString(), e);
        }
    }
}
