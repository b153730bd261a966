package io.millrace.relay;

import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that say what the configuration of the relay is, for every command that needs it. */
final class ConfigurationOptions {
    /** What every command calls its mixin. */
    static final String MIXIN = "configuration";

    private final List<Option> changes = new ArrayList<>();

    @CommandLine.Option(
            names = "--config",
            paramLabel = "FILE",
            description = {"Read this YAML file.", "Default: none, nothing is read from disk."})
    private @Nullable Path config;

    @CommandLine.Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            parameterConsumer = InOrder.class,
            description = {
                "Set one key of the configuration to a YAML scalar, such as",
                "srt.latencyMillis=200 or listeners[0].port=9000, or a list of values to",
                "[a, b]. May be repeated."
            })
    @SuppressWarnings("UnusedVariable") // InOrder keeps the values, this one only carries the option
    private @Nullable List<String> set;

    @CommandLine.Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            parameterConsumer = InOrder.class,
            description = {
                "Address of the first listener, such as 192.0.2.7:8890, [::1]:8890,",
                "or :8890 for all addresses.",
                "Default: [::]:8890, IPv4 included."
            })
    @SuppressWarnings("UnusedVariable")
    private @Nullable List<String> listen;

    @CommandLine.Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            parameterConsumer = InOrder.class,
            description = {"Address of the API and the pages, written as for --listen.", "Default: 127.0.0.1:8080."})
    @SuppressWarnings("UnusedVariable")
    private @Nullable List<String> http;

    ConfigurationSources sources(Map<String, String> environment) {
        return new ConfigurationSources(config, environment, changes);
    }

    /** What errors call it that show only at the start: the file, or a word for having none. */
    String name() {
        return config == null ? "defaults" : config.toString();
    }

    /** Keeps the order that options of different names were given in, which picocli's own lists do not. */
    static final class InOrder implements IParameterConsumer {
        @Override
        @SuppressWarnings("JdkObsolete") // picocli's signature
        public void consumeParameters(Stack<String> args, ArgSpec argument, CommandSpec command) {
            OptionSpec option = (OptionSpec) argument;
            if (args.isEmpty()) {
                String message = "Missing " + option.paramLabel() + " after " + option.longestName();
                throw new MissingParameterException(command.commandLine(), option, message);
            }
            CommandSpec options = Objects.requireNonNull(command.mixins().get(MIXIN));
            OptionName name = OptionName.of(option.longestName());
            ((ConfigurationOptions) options.userObject()).changes.add(new Option(name, args.pop()));
        }
    }
}
