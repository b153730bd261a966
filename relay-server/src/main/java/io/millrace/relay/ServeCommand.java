package io.millrace.relay;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Runs the relay, as {@code millrace} without a command does. */
@Command(
        name = "serve",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace serve [OPTION]...",
        description = {"Runs the relay. It is what \"millrace\" does without a command.", ""},
        optionListHeading = "Options:%n")
final class ServeCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // by picocli
    private MillraceCommand millrace;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin(name = ConfigurationOptions.MIXIN)
    @SuppressWarnings("NullAway.Init")
    private ConfigurationOptions configuration;

    @Option(names = "--demo", description = "Also publish a test stream, to see the relay work.")
    private boolean demo;

    @Override
    public Integer call() {
        return millrace.serve(configuration, demo, spec.commandLine().getErr());
    }
}
