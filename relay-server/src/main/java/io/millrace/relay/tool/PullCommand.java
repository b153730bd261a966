package io.millrace.relay.tool;

import io.millrace.relay.call.CallerSocket;
import io.millrace.relay.call.SrtUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the puller. */
@Command(
        name = "pull",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace pull [OPTION]... SRT_URL FILE",
        description = {
            "Records a stream, byte for byte and in its order; what did not come within the latency is left out. Shows each"
                    + " second: time, recorded so far, bit rate, round-trip time, packets lost on the way, recovered,"
                    + " and dropped as too late. Ctrl+C ends it, and the file is whole.",
            ""
        },
        parameterListHeading = "Arguments:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the server ended the stream, the time is over, or you stopped it",
            "1:refused, not connected any more, or the file can't be written",
            "2:bad command line, or the file exists"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace pull 'srt://192.0.2.7:8890?streamid=#!::r=cam1' cam1.ts",
            "  millrace pull --duration 60 --json 'srt://HOST:8890?streamid=cam1&passphrase=env:SECRET' cam1.ts",
            "  millrace pull --reconnect 'srt://HOST:8890?streamid=cam1&latency=500' - | ffplay -",
            "",
            "With --json standard output has one object: result (DONE, STOPPED, FAILED), seconds, bytes, lostPackets,"
                    + " recoveredPackets, droppedPackets and so on. If the stream goes to standard output, summary and"
                    + " object go to standard error."
        })
public final class PullCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "SRT_URL",
            converter = SrtUrlConverter.class,
            description = SrtUrlConverter.HELP)
    @SuppressWarnings("NullAway.Init") // by picocli
    private SrtUrl url;

    @Parameters(index = "1", paramLabel = "FILE", description = "Where to record; - for standard output.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String file;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "End after this time. Default: never.")
    private @Nullable Double durationSeconds;

    @Option(names = "--force", description = "Overwrite the file if it exists.")
    private boolean force;

    @Option(
            names = "--reconnect",
            description = "Try again when the connection can't be made or breaks, and append to the same file. Nobody"
                    + " publishing yet is no reason to give up; a wrong passphrase is.")
    private boolean reconnect;

    @Mixin
    private final ToolOptions options = new ToolOptions();

    @Override
    public Integer call() throws IOException {
        ToolLog.silence();
        require(durationSeconds == null || durationSeconds > 0, "--duration must be above 0");
        Path path = file.equals(STANDARD_OUTPUT) ? null : Path.of(file);
        require(path == null || !Files.isDirectory(path), file + " is a directory");
        require(
                path == null || force || !Recording.wouldOverwrite(path),
                file + " exists; choose another name, or --force");
        Path directory = path == null ? null : path.toAbsolutePath().getParent();
        require(directory == null || Files.isDirectory(directory), "the directory of " + file + " does not exist");
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignal stop = new StopSignal();
                CallerSocket socket = CallerSocket.open(url)) {
            int code = pull(path, stop, socket, new Progress(err, options.quiet));
            stop.exitCode(code);
            return code;
        } catch (IOException e) {
            err.println("millrace pull: " + e.getMessage());
            return ToolExit.FAILED;
        }
    }

    private int pull(@Nullable Path path, StopSignal stop, CallerSocket socket, Progress progress) throws IOException {
        long durationMicros = durationSeconds == null ? Pull.FOR_EVER_MICROS : (long) (durationSeconds * 1e6);
        try (Recording recording = new Recording(path, force)) {
            Dialer dialer = new Dialer(socket, url, reconnect, stop, progress);
            Pull pull = new Pull(recording, durationMicros, reconnect, dialer, stop, progress);
            try {
                ToolResult result = pull.run();
                pull.finish();
                report(pull.summary(url.toString(), result, null), path == null);
                return ToolExit.DONE;
            } catch (ToolException e) {
                spec.commandLine().getErr().println("millrace pull: " + e.getMessage());
                recording.end();
                if (options.json) {
                    report(pull.summary(url.toString(), ToolResult.FAILED, e.getMessage()), path == null);
                }
                return e.exitCode();
            }
        }
    }

    private void report(PullSummary summary, boolean toStandardOutput) {
        PrintWriter out = toStandardOutput
                ? spec.commandLine().getErr()
                : spec.commandLine().getOut();
        if (options.json) {
            out.println(ToolJson.of(summary));
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "%s: %s in %s; of %,d packets %,d were lost on the way, %,d recovered, %,d dropped",
                    summary.result() == ToolResult.DONE ? "done" : "stopped",
                    Progress.megabytes(summary.bytes()),
                    Progress.time((long) (summary.seconds() * 1e6)),
                    summary.receivedPackets() + summary.droppedPackets(),
                    summary.lostPackets(),
                    summary.recoveredPackets(),
                    summary.droppedPackets()));
            if (summary.overflowedBytes() > 0) {
                out.println("the disk was too slow: " + Progress.megabytes(summary.overflowedBytes()) + " are missing");
            }
            if (summary.undecryptablePackets() > 0) {
                out.println(summary.undecryptablePackets() + " packets could not be decrypted");
            }
        }
        out.flush();
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
