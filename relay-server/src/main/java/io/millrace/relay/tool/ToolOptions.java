package io.millrace.relay.tool;

import picocli.CommandLine.Option;

/** What all tools have. */
final class ToolOptions {
    @Option(names = "--quiet", description = "Print no progress.")
    boolean quiet;

    @Option(
            names = "--json",
            description = "Print the summary at the end as one JSON object. Progress stays on standard error.")
    boolean json;
}
