package io.millrace.relay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the load generator. */
@Command(
        name = "millrace-bench",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace-bench [OPTION]...",
        description = {
            "Publishes streams to an SRT relay, subscribes to them, and checks that every payload that was sent within"
                    + " a measured window arrives at every subscriber exactly once. Needs Linux.",
            ""
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every payload arrived at every subscriber exactly once",
            "1:something was missing, duplicated or broken, or the run failed",
            "2:bad command line"
        })
final class BenchCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int IMPERFECT = 1;

    @Spec
    private CommandSpec spec;

    @Option(names = "--host", paramLabel = "HOST", description = "The relay. Default: ${DEFAULT-VALUE}.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "Its UDP port. Default: ${DEFAULT-VALUE}.")
    private int port = 8890;

    @Option(
            names = "--publish-id",
            paramLabel = "ID",
            description = "Stream id of publishers, %%d is the stream's number. Default: ${DEFAULT-VALUE}.")
    private String publishId = "#!::r=bench/%d,m=publish";

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "Stream id of subscribers. Default: ${DEFAULT-VALUE}.")
    private String requestId = "#!::r=bench/%d";

    @Option(names = "--streams", paramLabel = "COUNT", description = "Publishers. Default: ${DEFAULT-VALUE}.")
    private int streams = 1;

    @Option(
            names = "--subscribers",
            paramLabel = "COUNT",
            description = "Subscribers of each stream. Default: ${DEFAULT-VALUE}.")
    private int subscribers = 200;

    @Option(
            names = "--megabits",
            paramLabel = "RATE",
            description = "Payload of each stream, Mbit/s. Default: ${DEFAULT-VALUE}.")
    private double megabitsPerSecond = 8;

    @Option(
            names = "--burst",
            paramLabel = "MILLIS",
            description =
                    "Send what belongs to this time at once, as encoders do with a frame: 40 for 25 frames a second."
                            + " Default: ${DEFAULT-VALUE}, evenly paced.")
    private int burstMillis = 0;

    @Option(
            names = "--latency",
            paramLabel = "MILLIS",
            description = "SRT latency that both sides ask for. Default: ${DEFAULT-VALUE}.")
    private int latencyMillis = 120;

    @Option(
            names = "--sockets",
            paramLabel = "COUNT",
            description = "UDP sockets that the subscribers share in turn. Default: ${DEFAULT-VALUE}.")
    private int sockets = 40;

    @Option(
            names = "--loops",
            paramLabel = "COUNT",
            description = "Event loops for the subscribers. Default: one less than there are processors, at least one.")
    private int loops = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);

    @Option(
            names = "--join-rate",
            paramLabel = "COUNT",
            description = "Subscribers that join in a second. Default: ${DEFAULT-VALUE}.")
    private int joinsPerSecond = 40;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            description = "The measured window. Default: ${DEFAULT-VALUE}.")
    private int seconds = 60;

    @Option(names = "--warm-up", paramLabel = "SECONDS", description = "Before it. Default: ${DEFAULT-VALUE}.")
    private int warmUpSeconds = 15;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            description = "After it, for what is on its way. Default: ${DEFAULT-VALUE}.")
    private int drainSeconds = 2;

    @Option(
            names = "--relay-pid",
            paramLabel = "PID",
            description = "Process whose CPU time and memory are reported. Default: none.")
    private long relayPid = 0;

    @Option(
            names = "--gc-log",
            paramLabel = "FILE",
            description = "What that process writes with -Xlog:gc:file=FILE:timemillis. Default: none.")
    private @Nullable Path gcLog;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this text, and end.")
    private boolean help;

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        System.exit(new CommandLine(new BenchCommand()).setOut(out).setErr(err).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        BenchOptions options = options();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Benchmark benchmark = new Benchmark(options, loops, err)) {
            BenchReport report = benchmark.run();
            out.print(report.toTable());
            out.println(report.toJson());
            return report.isPerfect() ? OK : IMPERFECT;
        } catch (Benchmark.BenchException e) {
            err.println("millrace-bench: " + e.getMessage());
            return IMPERFECT;
        }
    }

    private BenchOptions options() {
        require(streams > 0 && subscribers > 0, "--streams and --subscribers must be at least 1");
        require(megabitsPerSecond > 0, "--megabits must be above 0");
        require(burstMillis >= 0 && burstMillis <= 1000, "--burst must be 0 to 1000");
        require(latencyMillis >= 0 && latencyMillis <= 60_000, "--latency must be 0 to 60000");
        require(sockets > 0 && loops > 0, "--sockets and --loops must be at least 1");
        require(joinsPerSecond > 0, "--join-rate must be at least 1");
        require(seconds > 0 && warmUpSeconds >= 0 && drainSeconds >= 0, "a time is out of range");
        require(gcLog == null || relayPid > 0, "--gc-log needs --relay-pid");
        InetSocketAddress relay = new InetSocketAddress(host, port);
        require(!relay.isUnresolved(), "--host " + host + " is unknown");
        return new BenchOptions(
                relay,
                publishId,
                requestId,
                new BenchOptions.Load(
                        streams,
                        subscribers,
                        Math.round(megabitsPerSecond * 1e6),
                        burstMillis,
                        latencyMillis,
                        Math.min(sockets, streams * subscribers)),
                new BenchOptions.Schedule(joinsPerSecond, warmUpSeconds, seconds, drainSeconds),
                relayPid,
                gcLog);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
