package io.millrace.relay;

import io.millrace.relay.bench.BenchCommand;
import io.millrace.relay.config.ConfigurationException;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.ConfigurationSources.Option;
import io.millrace.relay.config.ConfigurationSources.OptionName;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.tool.ProbeCommand;
import io.millrace.relay.tool.PublishCommand;
import io.millrace.relay.tool.PullCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: from arguments to a configuration that is known to be good, and from there to the launcher; or to
 * another command.
 */
@Command(
        name = "millrace",
        versionProvider = MillraceCommand.Version.class,
        sortOptions = false,
        subcommands = {PublishCommand.class, PullCommand.class, ProbeCommand.class, BenchCommand.class},
        customSynopsis = {"millrace [OPTION]...", "       millrace COMMAND [OPTION]..."},
        usageHelpWidth = 100,
        description = {
            "Relays SRT streams from publishers to subscribers.",
            "",
            "Without options callers reach it at UDP port 8890 of all addresses, and the API and the pages are at"
                    + " http://127.0.0.1:8080.",
            ""
        },
        optionListHeading = "Options:%n",
        commandListHeading = "%nOther commands, each with a --help of its own:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended as asked",
            "1:failed while running",
            "2:bad configuration or command line, or a port that is in use"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace",
            "  millrace --listen :9000 --http 0.0.0.0:8080",
            "  millrace --listen '[::1]:8890' --set srt.latencyMillis=200",
            "  millrace --config millrace.yaml --set 'listeners[0].stream=live' --check",
            "",
            "Every key with its default is printed by \"millrace --check\" and explained in conf/millrace.yaml.",
            "Later settings win: defaults, then the file, then --set, --listen and --http in the order given."
        })
final class MillraceCommand implements Callable<Integer> {
    private final ToIntFunction<LaunchOptions> launcher;
    private final List<Option> changes = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

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
                "srt.latencyMillis=200 or listeners[0].port=9000. May be repeated."
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

    @CommandLine.Option(
            names = "--check",
            description = "Check the configuration, print all of it as YAML with secrets hidden, and end.")
    private boolean check;

    @CommandLine.Option(names = "--demo", description = "Also publish a test stream, to see the relay work.")
    private boolean demo;

    @CommandLine.Option(
            names = "--version",
            versionHelp = true,
            description = "Print the versions of the program, of Java and of the system, and end.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text, and end.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    private MillraceCommand(ToIntFunction<LaunchOptions> launcher) {
        this.launcher = launcher;
    }

    /**
     * Runs the program to its end.
     *
     * @param launcher runs the relay and returns the exit code; not called when the command line asks for something else
     * @return the exit code
     */
    static int execute(String[] args, PrintWriter out, PrintWriter err, ToIntFunction<LaunchOptions> launcher) {
        return new CommandLine(new MillraceCommand(launcher))
                .setOut(out)
                .setErr(err)
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionStrategy(MillraceCommand::executeLast)
                .setParameterExceptionHandler(MillraceCommand::refuse)
                .execute(args);
    }

    @Override
    public Integer call() {
        RelayConfig effective;
        try {
            effective = new ConfigurationSources(config, changes).load();
        } catch (ConfigurationException e) {
            e.errors().forEach(spec.commandLine().getErr()::println);
            return ExitCode.BAD_CONFIGURATION;
        }
        if (check) {
            effective.warnings().forEach(line -> spec.commandLine().getErr().println("warning: " + line));
            spec.commandLine().getOut().print(effective.toYaml());
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
        LogLevel.apply(effective.log());
        return launcher.applyAsInt(new LaunchOptions(effective, config == null ? "defaults" : config.toString(), demo));
    }

    private static int executeLast(ParseResult parsed) {
        boolean help = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
        if (parsed.hasSubcommand() && !help) {
            String command = parsed.subcommand().commandSpec().name();
            String first = parsed.originalArgs().get(0);
            if (!first.equals(command)) {
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        first + " is an option of the relay and not of \"millrace " + command + "\"");
            }
        }
        return new RunLast().execute(parsed);
    }

    private static int refuse(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        String suggestion = e instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)"
                : "";
        err.println("millrace: " + e.getMessage() + suggestion);
        err.println("Try \"" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help\".");
        return ExitCode.BAD_CONFIGURATION;
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
            OptionName name = OptionName.of(option.longestName());
            ((MillraceCommand) command.userObject()).changes.add(new Option(name, args.pop()));
        }
    }

    /** Tells what to put into a bug report. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "millrace " + programVersion(),
                "Java ${java.version} (${java.vendor} ${java.vm.name} ${java.vm.version})",
                "${os.name} ${os.version} ${os.arch}"
            };
        }

        /** The version of the packaged program; classes that were not packaged have none. */
        private static String programVersion() {
            @Nullable String version = MillraceCommand.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
