package io.millrace.relay;

import io.millrace.relay.config.ConfigurationSchema;
import io.millrace.relay.config.ConfigurationSources;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks a configuration, without running the relay. */
@Command(
        name = "check",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace check [OPTION]...",
        description = {
            "Checks the configuration and prints what would be in effect, as YAML with secrets hidden, beginning with"
                    + " where each key was set that was. Ports are not tried.",
            ""
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the configuration can be used", "2:it can't, or the command line is wrong"})
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // by picocli
    private MillraceCommand millrace;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin(name = ConfigurationOptions.MIXIN)
    @SuppressWarnings("NullAway.Init")
    private ConfigurationOptions configuration;

    @Option(names = "--json", description = "Print the outcome as a JSON object, errors and warnings too.")
    private boolean json;

    @Option(
            names = "--schema",
            description = "Print the JSON schema of the configuration file instead, for editors and other checks.")
    private boolean schema;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (schema) {
            out.print(ConfigurationSchema.text());
            out.flush();
            return ExitCode.OK;
        }
        ConfigurationCheck check =
                new ConfigurationCheck(out, spec.commandLine().getErr());
        ConfigurationSources sources = millrace.sources(configuration);
        return json ? check.asJson(sources) : check.asText(sources);
    }
}
