package io.millrace.relay.jmh;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks by JMH's own options, always with the bytes that an operation allocates, and prints after JMH's table,
 * which has five lines for each of them, one with a single line.
 */
final class JmhCommand {
    private static final String BYTES_PER_OPERATION = "gc.alloc.rate.norm";

    private JmhCommand() {}

    public static void main(String[] args) throws Exception {
        CommandLineOptions options = new CommandLineOptions(args);
        if (options.shouldHelp()
                || options.shouldList()
                || options.shouldListWithParams()
                || options.shouldListProfilers()
                || options.shouldListResultFormats()) {
            org.openjdk.jmh.Main.main(args);
            return;
        }
        OptionsBuilder withBytes = new OptionsBuilder();
        withBytes.parent(options).addProfiler(GCProfiler.class).shouldFailOnError(true);
        print(new Runner(withBytes.build()).run());
    }

    private static void print(Collection<RunResult> results) {
        System.out.printf("%n%-56s %10s %9s %-6s %8s%n", "Benchmark", "Score", "± 99.9 %", "", "B/op");
        for (RunResult result : results) {
            Result<?> score = result.getPrimaryResult();
            Result<?> bytes = result.getSecondaryResults().get(BYTES_PER_OPERATION);
            System.out.printf(
                    Locale.ROOT,
                    "%-56s %10.1f %9.1f %-6s %8s%n",
                    name(result.getParams()),
                    score.getScore(),
                    score.getScoreError(),
                    score.getScoreUnit(),
                    bytes == null ? "-" : String.format(Locale.ROOT, "%.1f", bytes.getScore()));
        }
    }

    /** Class, method and parameters' values, without packages. */
    private static String name(BenchmarkParams params) {
        String name = params.getBenchmark();
        String method = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
        String values = params.getParamsKeys().stream().map(params::getParam).collect(Collectors.joining(", "));
        return values.isEmpty() ? method : method + " (" + values + ")";
    }
}
