package io.millrace.relay.config;

import io.millrace.relay.config.Node.Kind;
import io.millrace.relay.config.Node.Mapping;
import io.millrace.relay.config.Node.Scalar;
import io.millrace.relay.config.Node.Sequence;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration comes from: the defaults, over them the file, over it the environment, over that the options in
 * the order in which they were given. Can be loaded again when the file has changed.
 *
 * @param file YAML file; null for none
 * @param environment variables, of which those count whose names {@link EnvironmentSettings} knows
 * @param options options of the command line that change the configuration
 */
public record ConfigurationSources(@Nullable Path file, Map<String, String> environment, List<Option> options) {
    private static final String DEFAULTS = "defaults";
    private static final String LISTENER = "listeners[0]";
    private static final String HTTP = "http";

    /**
     * One option of the command line.
     *
     * @param name which one
     * @param value its value as it was typed
     */
    public record Option(OptionName name, String value) {}

    /** The options that change the configuration. */
    public enum OptionName {
        /** {@code KEY=VALUE}, any key of the file. */
        SET("--set"),
        /** {@code HOST:PORT} of the first listener. */
        LISTEN("--listen"),
        /** {@code HOST:PORT} of the API and the pages. */
        HTTP("--http");

        private final String text;

        OptionName(String text) {
            this.text = text;
        }

        /** The constant that is typed like this. */
        public static OptionName of(String text) {
            return Stream.of(values())
                    .filter(name -> name.text.equals(text))
                    .findFirst()
                    .orElseThrow();
        }

        /** As it is typed. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A configuration, and what it owes to others than the defaults.
     *
     * @param settings every key that was set, also to its default; the last to set it counts
     */
    public record Effective(RelayConfig config, List<Setting> settings) {
        public Effective {
            settings = List.copyOf(settings);
        }
    }

    /** For errors that are no single option's: the file, or a word for having none. */
    public String name() {
        return file == null ? "defaults" : file.toString();
    }

    /**
     * That a key was set.
     *
     * @param key with all that is above it, such as {@code listeners[0].port}
     * @param source the file, the variable of the environment, or the option
     * @param line line in the file, from 1; 0 for a variable or an option
     */
    public record Setting(String key, String source, int line) {
        /** As one line for people: {@code KEY.PATH: FILE:LINE}. */
        @Override
        public String toString() {
            return OneLine.of(key + ": " + source + (line > 0 ? ":" + line : ""));
        }
    }

    public ConfigurationSources {
        environment = Map.copyOf(environment);
        options = List.copyOf(options);
    }

    /** Of a file and options alone, whatever the environment says. */
    public ConfigurationSources(@Nullable Path file, List<Option> options) {
        this(file, Map.of(), options);
    }

    /**
     * Reads the file and lays the environment and the options over it.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public RelayConfig load() throws ConfigurationException {
        return check().config();
    }

    /**
     * The same, for somebody who wants to know where the values are from.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public Effective check() throws ConfigurationException {
        Problems problems = new Problems();
        Mapping tree = file == null ? Mapping.empty(Origin.option("")) : read(file, problems);
        return bind(tree, problems);
    }

    /** Loads from a text in place of the file. */
    RelayConfig load(String source, String yaml) throws ConfigurationException {
        Problems problems = new Problems();
        return bind(new YamlReader(source, problems).mapping(yaml), problems).config();
    }

    private Effective bind(Mapping fromFile, Problems problems) throws ConfigurationException {
        // The defaults are there as a tree, so that an option can change one key of the listener that nobody wrote
        // down.
        Mapping tree = new YamlReader(DEFAULTS, problems)
                .mapping(RelayConfig.defaults().toYaml());
        tree.overlay(fromFile);
        EnvironmentSettings settings = new EnvironmentSettings(environment);
        settings.putInto(tree, problems);
        options.forEach(option -> apply(option, tree, problems));
        settings.refuseUnknown(tree, problems);
        RelayConfig config = Section.bind(tree, problems, RelayConfig::bind);
        problems.throwIfAny();
        List<Setting> set = new ArrayList<>();
        collect("", tree, set);
        return new Effective(config, set);
    }

    private static void collect(String path, Node node, List<Setting> set) {
        if (node instanceof Mapping section) {
            section.values().forEach((key, value) -> collect(Section.child(path, key), value, set));
        } else if (node instanceof Sequence list && !list.items().isEmpty()) {
            for (int i = 0; i < list.items().size(); i++) {
                collect(path + "[" + i + "]", list.items().get(i), set);
            }
        } else if (!node.origin().source().equals(DEFAULTS)) {
            set.add(new Setting(path, node.origin().source(), node.origin().line()));
        }
    }

    private static Mapping read(Path file, Problems problems) throws ConfigurationException {
        String source = file.toString();
        String problem;
        try {
            return new YamlReader(source, problems).mapping(Files.readString(file));
        } catch (NoSuchFileException e) {
            problem = "no such file";
        } catch (CharacterCodingException e) {
            problem = "found bytes that are not UTF-8";
        } catch (IOException e) {
            problem = "can't be read (" + e.getMessage() + ")";
        }
        problems.add(Origin.option(source), "", problem, "a YAML file in UTF-8");
        return Mapping.empty(Origin.option(source));
    }

    private static void apply(Option option, Mapping tree, Problems problems) {
        switch (option.name) {
            case SET -> set(option, tree, problems);
            case LISTEN -> setAddress(option, LISTENER, tree, problems);
            case HTTP -> setAddress(option, HTTP, tree, problems);
        }
    }

    private static void set(Option option, Mapping tree, Problems problems) {
        Origin origin = Origin.option(option.name.toString());
        int equals = option.value.indexOf('=');
        Optional<KeyPath> path = KeyPath.parse(option.value.substring(0, Math.max(0, equals)));
        if (path.isEmpty()) {
            // What was meant as the value may be a secret.
            String found = "found "
                    + (equals < 0
                            ? OneLine.cut(option.value)
                            : OneLine.cut(option.value.substring(0, equals)) + "=***");
            problems.add(origin, "", found, "KEY=VALUE, such as srt.latencyMillis=200 or listeners[0].port=9000");
            return;
        }
        path.get().put(tree, path.get().value(option.value.substring(equals + 1), origin), problems);
    }

    private static void setAddress(Option option, String section, Mapping tree, Problems problems) {
        Origin origin = Origin.option(option.name.toString());
        Optional<HostAndPort> address = HostAndPort.parse(option.value);
        if (address.isEmpty()) {
            problems.add(origin, section, "found " + OneLine.cut(option.value), HostAndPort.ALLOWED);
            return;
        }
        Scalar host = new Scalar(origin, Kind.TEXT, address.get().host());
        KeyPath.parse(section + ".host").orElseThrow().put(tree, host, problems);
        Scalar port = YamlReader.scalar(address.get().port(), origin);
        KeyPath.parse(section + ".port").orElseThrow().put(tree, port, problems);
    }
}
