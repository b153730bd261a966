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

/** The command line of the publisher. */
@Command(
        name = "publish",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace publish [OPTION]... FILE SRT_URL",
        description = {
            "Publishes a file of MPEG-TS, byte for byte, at the pace of its own clock (PCR). Shows each second: position,"
                    + " sent so far, bit rate, round-trip time, packets sent again and dropped as too late, and the age"
                    + " of the oldest packet that was not acknowledged.",
            ""
        },
        parameterListHeading = "Arguments:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all was sent and acknowledged, or you stopped it",
            "1:refused, not connected any more, or the file can't be read",
            "2:bad command line, no such file, or no clock in it"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace publish clip.ts 'srt://192.0.2.7:8890?streamid=#!::r=cam1,m=publish'",
            "  millrace publish --loop --reconnect clip.ts 'srt://[::1]:8890?streamid=publish:cam1&latency=500'",
            "  ffmpeg -re -i clip.mp4 -c copy -f mpegts - | millrace publish - 'srt://HOST:8890?streamid=publish:cam1'",
            "",
            "With --json standard output has one object: result (DONE, STOPPED, FAILED), seconds, bytes, payloads,"
                    + " retransmittedPackets, droppedPayloads and so on.",
        })
public final class PublishCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "What to publish; - for standard input.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String file;

    @Parameters(
            index = "1",
            paramLabel = "SRT_URL",
            converter = SrtUrlConverter.class,
            description = SrtUrlConverter.HELP)
    @SuppressWarnings("NullAway.Init") // by picocli
    private SrtUrl url;

    @Option(
            names = "--loop",
            description =
                    "Begin again at the end, for ever. The bytes stay as they are: clock and counters jump there.")
    private boolean loop;

    @Option(names = "--count", paramLabel = "TIMES", description = "Publish the file so often. Default: 1.")
    private @Nullable Long count;

    @Option(
            names = "--bitrate",
            paramLabel = "RATE",
            converter = BitRate.Converter.class,
            description = "Send at this rate and not by the clock: bit/s, such as 5000000, 800k or 2.5M. Needed for"
                    + " files without PCR.")
    private @Nullable BitRate bitRate;

    @Option(
            names = "--reconnect",
            description =
                    "Try again when the connection can't be made or breaks, and go on with what was not sent yet.")
    private boolean reconnect;

    @Mixin
    private final ToolOptions options = new ToolOptions();

    @Override
    public Integer call() throws InterruptedException {
        ToolLog.silence();
        Path path = checkedFile();
        PrintWriter err = spec.commandLine().getErr();
        try (StopSignal stop = new StopSignal();
                CallerSocket socket = CallerSocket.open(url)) {
            int code = publish(path, stop, socket, new Progress(err, options.quiet));
            stop.exitCode(code);
            return code;
        } catch (IOException e) {
            err.println("millrace publish: " + e.getMessage());
            return ToolExit.FAILED;
        }
    }

    private int publish(@Nullable Path path, StopSignal stop, CallerSocket socket, Progress progress)
            throws IOException, InterruptedException {
        PayloadSource source = new PayloadSource(path, url.payloadBytes(), repetitions());
        PcrSchedule schedule = bitRate == null ? PcrSchedule.byClock() : PcrSchedule.byBitRate(bitRate.bitsPerSecond());
        Publication publication = new Publication(
                source, schedule, new Dialer(socket, url, reconnect, stop, progress), stop, progress, reconnect);
        try {
            ToolResult result = publication.run();
            report(publication.summary(url.toString(), result, null));
            return ToolExit.DONE;
        } catch (ToolException e) {
            spec.commandLine().getErr().println("millrace publish: " + e.getMessage());
            if (options.json) {
                report(publication.summary(url.toString(), ToolResult.FAILED, e.getMessage()));
            }
            return e.exitCode();
        }
    }

    private void report(PublishSummary summary) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.json) {
            out.println(ToolJson.of(summary));
        } else {
            out.println(String.format(
                    Locale.ROOT,
                    "%s: %s of media in %s, %s, %,d packets sent again, %,d dropped as too late",
                    summary.result() == ToolResult.DONE ? "done" : "stopped",
                    Progress.time((long) (summary.mediaSeconds() * 1e6)),
                    Progress.time((long) (summary.seconds() * 1e6)),
                    Progress.megabytes(summary.bytes()),
                    summary.retransmittedPackets(),
                    summary.droppedPayloads()));
            if (summary.skippedBytes() > 0) {
                out.println(String.format(
                        Locale.ROOT,
                        "%,d bytes of it are no whole TS packets of 188 bytes; they were sent all the same",
                        summary.skippedBytes()));
            }
        }
        out.flush();
    }

    private long repetitions() {
        return loop ? Long.MAX_VALUE : count == null ? 1 : count;
    }

    /** Null for standard input. */
    private @Nullable Path checkedFile() {
        require(count == null || count > 0, "--count must be at least 1");
        require(!loop || count == null, "--loop is for ever: leave it out with --count");
        if (file.equals(STANDARD_INPUT)) {
            require(!loop && count == null, "standard input can't be read again: leave out --loop and --count");
            return null;
        }
        Path path = Path.of(file);
        require(Files.exists(path), file + " does not exist");
        require(!Files.isDirectory(path), file + " is a directory");
        require(Files.isReadable(path), file + " can't be read");
        return path;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
