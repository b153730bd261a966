package io.millrace.relay.bench;

import io.millrace.relay.call.Encryption;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.Passphrase;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the load generator. */
@Command(
        name = "bench",
        subcommands = TakeoverCommand.class,
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = {"millrace bench [OPTION]...", "       millrace bench takeover [OPTION]..."},
        description = {
            "Measures an SRT server: publishes streams to it, subscribes to them, and checks that every payload that was"
                    + " sent within a measured window arrives at every subscriber exactly once and as it was sent.",
            ""
        },
        optionListHeading = "Options:%n",
        commandListHeading = "%nAnother measurement, with a --help of its own:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every payload arrived at every subscriber exactly once",
            "1:something was missing, duplicated or broken, or the run failed",
            "2:bad command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace bench --subscribers 50",
            "  millrace bench --subscribers 100 --loss 2 --delay 50 --latency 400",
            "  millrace bench --server srt://192.0.2.7:8890 --passphrase 'correct horse' --json",
            "",
            "Of a server on the same machine, --server-pid reports the cost. Latency is from just before a payload is sent"
                    + " to just after it has arrived: subscribers don't hold it for the SRT latency."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int IMPERFECT = 1;

    private static final Set<Integer> KEY_LENGTHS = Set.of(16, 24, 32);
    private static final int MAX_DELAY_MILLIS = 5_000;
    private static final int MAX_STREAM_ID_BYTES = 512;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "SRT_URL",
            defaultValue = "srt://127.0.0.1:8890",
            converter = ServerAddress.Converter.class,
            description = "The server, as srt://HOST:PORT. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private ServerAddress server;

    @Option(
            names = "--publish-server",
            paramLabel = "SRT_URL",
            converter = ServerAddress.Converter.class,
            description = "Where publishers go, if that is another port. Default: as --server.")
    private @Nullable ServerAddress publishServer;

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

    @Option(
            names = "--streams",
            paramLabel = "COUNT",
            description = "Streams, each with a publisher. Default: ${DEFAULT-VALUE}.")
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
            names = "--passphrase",
            paramLabel = "TEXT",
            description = "Encrypt all connections with it: 10 to 79 bytes. Default: none, in clear.")
    private @Nullable String passphrase;

    @Option(
            names = "--key-length",
            paramLabel = "BYTES",
            description = "16, 24 or 32 for AES-128, 192 or 256. Default: 16.")
    private @Nullable Integer keyLengthBytes;

    @Option(
            names = "--loss",
            paramLabel = "PERCENT",
            description = "Lose so much of the datagrams, each way. Default: ${DEFAULT-VALUE}.")
    private double lossPercent = 0;

    @Option(
            names = "--delay",
            paramLabel = "MILLIS",
            description = "Delay datagrams, each way: a round trip takes twice as long. Default: ${DEFAULT-VALUE}.")
    private int delayMillis = 0;

    @Option(
            names = "--impair",
            paramLabel = "LEGS",
            description =
                    "Whose datagrams are lost and delayed: subscribers, publishers or both. Default: subscribers.")
    private Impairment.Legs legs = Impairment.Legs.SUBSCRIBERS;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "What decides which datagrams are lost. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

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
            description = "Publishers or subscribers that connect in a second. Default: ${DEFAULT-VALUE}.")
    private int callsPerSecond = 40;

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
            names = "--server-pid",
            paramLabel = "PID",
            description = {
                "The server's process, if it is on this machine and that is Linux: reports its CPU time and memory.",
                "Default: none."
            })
    private @Nullable Long serverPid;

    @Option(
            names = "--gc-log",
            paramLabel = "FILE",
            description = {
                "What that process writes, if it is Java with -Xlog:gc:file=FILE:timemillis: reports its heap, and has it"
                        + " collect its garbage before and after the window.",
                "Default: none."
            })
    private @Nullable Path gcLog;

    @Option(names = "--json", description = "Print the result as one line of JSON and nothing else. Default: a table.")
    private boolean json;

    @Override
    @SuppressWarnings("try") // closing may be interrupted, and so may everything else here
    public Integer call() throws InterruptedException {
        // For logback.xml, read with the first logger, which is made below: standard output has the result and no more.
        System.setProperty("millrace.log.target", "System.err");
        BenchOptions options = options();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Benchmark benchmark = new Benchmark(options, loops, new Progress(err))) {
            BenchReport report = benchmark.run();
            out.print(json ? report.toJson() + System.lineSeparator() : ReportTable.of(report));
            out.flush();
            return report.isPerfect() ? OK : IMPERFECT;
        } catch (BenchException e) {
            err.println("millrace bench: " + e.getMessage());
        } catch (IOException e) {
            err.println("millrace bench: " + e);
        }
        return IMPERFECT;
    }

    private BenchOptions options() {
        require(streams > 0 && subscribers > 0, "--streams and --subscribers must be at least 1");
        require(megabitsPerSecond > 0, "--megabits must be above 0");
        require(burstMillis >= 0 && burstMillis <= 1000, "--burst must be 0 to 1000");
        require(latencyMillis >= 0 && latencyMillis <= 60_000, "--latency must be 0 to 60000");
        require(sockets > 0 && loops > 0, "--sockets and --loops must be at least 1");
        require(callsPerSecond > 0, "--join-rate must be at least 1");
        require(
                seconds > 0 && warmUpSeconds >= 0 && drainSeconds >= 0,
                "--seconds must be at least 1, --warm-up and --drain at least 0");
        require(serverPid == null || serverPid > 0, "--server-pid must be the id of a process");
        require(gcLog == null || serverPid != null, "--gc-log needs --server-pid");
        require(
                gcLog == null || Files.isReadable(gcLog),
                "--gc-log: " + gcLog + " can't be read; start the server with -Xlog:gc:file=FILE:timemillis");
        requireStreamId("--publish-id", publishId);
        requireStreamId("--request-id", requestId);
        Encryption encryption = encryption();
        return new BenchOptions(
                server,
                publishServer == null ? server : publishServer,
                publishId,
                requestId,
                new BenchOptions.Load(
                        streams,
                        subscribers,
                        Math.round(megabitsPerSecond * 1e6),
                        burstMillis,
                        latencyMillis,
                        encryption == null ? 0 : encryption.keyLengthBytes(),
                        Math.min(sockets, streams * subscribers)),
                new BenchOptions.Schedule(callsPerSecond, warmUpSeconds, seconds, drainSeconds),
                impairment(),
                encryption,
                serverPid == null ? 0 : serverPid,
                gcLog);
    }

    private @Nullable Impairment impairment() {
        require(lossPercent >= 0 && lossPercent < 100, "--loss must be at least 0 and below 100 percent");
        require(
                delayMillis >= 0 && delayMillis <= MAX_DELAY_MILLIS,
                "--delay must be 0 to " + MAX_DELAY_MILLIS + " milliseconds");
        return lossPercent == 0 && delayMillis == 0 ? null : new Impairment(lossPercent, delayMillis, legs, seed);
    }

    private @Nullable Encryption encryption() {
        if (passphrase == null) {
            require(keyLengthBytes == null, "--key-length needs --passphrase");
            return null;
        }
        int length = keyLengthBytes == null ? 16 : keyLengthBytes;
        require(KEY_LENGTHS.contains(length), "--key-length must be 16, 24 or 32");
        try {
            return new Encryption(Passphrase.of(passphrase), length, CipherMode.CTR);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--passphrase: " + e.getMessage());
        }
    }

    private void requireStreamId(String option, String id) {
        boolean tellsStreamsApart = streams == 1 || id.contains("%d") || !option.equals("--publish-id");
        require(tellsStreamsApart, option + " needs %d for the number of the stream where there are several streams");
        require(
                id.getBytes(StandardCharsets.UTF_8).length <= MAX_STREAM_ID_BYTES - 10,
                option + " is longer than an SRT stream id, " + MAX_STREAM_ID_BYTES + " bytes");
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
