package io.millrace.relay;

import io.millrace.relay.bench.BenchCommand;
import io.millrace.relay.config.ConfigurationException;
import io.millrace.relay.config.ConfigurationSources;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.console.ConnectionsCommand;
import io.millrace.relay.console.StreamsCommand;
import io.millrace.relay.console.WatchCommand;
import io.millrace.relay.log.LogFormat;
import io.millrace.relay.log.LogLevels;
import io.millrace.relay.tool.ProbeCommand;
import io.millrace.relay.tool.PublishCommand;
import io.millrace.relay.tool.PullCommand;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
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
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            PublishCommand.class,
            PullCommand.class,
            ProbeCommand.class,
            StreamsCommand.class,
            ConnectionsCommand.class,
            WatchCommand.class,
            BenchCommand.class
        },
        customSynopsis = {"millrace [serve] [OPTION]...", "       millrace COMMAND [OPTION]..."},
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
            "  millrace check --config millrace.yaml --set 'listeners[0].stream=live'",
            "  MILLRACE_SRT__LATENCY_MILLIS=200 millrace",
            "",
            "Every key with its default is printed by \"millrace check\" and explained in conf/millrace.yaml.",
            "Variables of the environment set keys too: MILLRACE_LISTENERS__0__PORT is listeners[0].port.",
            "Later settings win: defaults, file, environment, then --set, --listen and --http in the order given."
        })
final class MillraceCommand implements Callable<Integer> {
    /** Of an option or a command; what isn't like one, such as a file, was not mistyped for one. */
    private static final Pattern LIKE_A_NAME = Pattern.compile("[-a-zA-Z]+");

    private final ToIntFunction<LaunchOptions> launcher;
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Mixin(name = ConfigurationOptions.MIXIN)
    @SuppressWarnings("NullAway.Init") // by picocli
    private ConfigurationOptions configuration;

    @CommandLine.Option(names = "--check", description = "The same as \"millrace check\" with these options.")
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
            scope = ScopeType.INHERIT,
            description = "Print this text, and end.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    private MillraceCommand(ToIntFunction<LaunchOptions> launcher, Map<String, String> environment) {
        this.launcher = launcher;
        this.environment = environment;
    }

    /**
     * Runs the program to its end.
     *
     * @param launcher runs the relay and returns the exit code; not called when the command line asks for something else
     * @return the exit code
     */
    static int execute(String[] args, PrintWriter out, PrintWriter err, ToIntFunction<LaunchOptions> launcher) {
        return execute(args, System.getenv(), out, err, launcher);
    }

    static int execute(
            String[] args,
            Map<String, String> environment,
            PrintWriter out,
            PrintWriter err,
            ToIntFunction<LaunchOptions> launcher) {
        return new CommandLine(new MillraceCommand(launcher, environment))
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
        CommandLine command = spec.commandLine();
        return check
                ? new ConfigurationCheck(command.getOut(), command.getErr()).asText(sources(configuration))
                : serve(configuration, demo, command.getErr());
    }

    /** With what the environment adds. */
    ConfigurationSources sources(ConfigurationOptions options) {
        return options.sources(environment);
    }

    /** Runs the relay, unless its configuration is wrong. */
    int serve(ConfigurationOptions options, boolean withDemo, PrintWriter err) {
        ConfigurationSources sources = sources(options);
        RelayConfig effective;
        try {
            effective = sources.load();
        } catch (ConfigurationException e) {
            e.errors().forEach(err::println);
            return ExitCode.BAD_CONFIGURATION;
        }
        LogFormat.apply(effective.log());
        LogLevels.apply(effective.log());
        return launcher.applyAsInt(new LaunchOptions(effective, sources, withDemo));
    }

    private static int executeLast(ParseResult parsed) {
        boolean help = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
        if (parsed.hasSubcommand() && !help) {
            String command = parsed.subcommand().commandSpec().name();
            String first = parsed.originalArgs().get(0);
            if (!first.equals(command)) {
                boolean both = parsed.subcommand().commandSpec().findOption(first.split("=", 2)[0]) != null;
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        both
                                ? first + " belongs behind \"" + command + "\""
                                : first + " is an option of the relay and not of \"millrace " + command + "\"");
            }
        }
        return new RunLast().execute(parsed);
    }

    private static int refuse(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        String suggestion = e instanceof UnmatchedArgumentException unmatched
                        && LIKE_A_NAME.matcher(unmatched.getUnmatched().get(0)).matches()
                        && !unmatched.getSuggestions().isEmpty()
                ? " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)"
                : "";
        err.println("millrace: " + e.getMessage() + suggestion);
        err.println("Try \"" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help\".");
        return ExitCode.BAD_CONFIGURATION;
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
        static String programVersion() {
            @Nullable String version = MillraceCommand.class.getPackage().getImplementationVersion();
            return version == null ? "development" : version;
        }
    }
}
