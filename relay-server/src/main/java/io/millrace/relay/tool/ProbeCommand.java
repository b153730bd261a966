package io.millrace.relay.tool;

import io.millrace.relay.call.CallerSocket;
import io.millrace.relay.call.SrtUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the probe. */
@Command(
        name = "probe",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace probe [OPTION]... SRT_URL",
        description = {
            "Calls an SRT server, listens for a while, and tells how far it came, what was agreed on, round-trip time,"
                    + " loss, what the stream is made of, and what is wrong, with what to do about it.",
            ""
        },
        parameterListHeading = "Arguments:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:connected, and nothing is wrong",
            "1:not connected, or something is wrong",
            "2:bad command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace probe 'srt://192.0.2.7:8890?streamid=#!::r=cam1'",
            "  millrace probe --duration 60 --json 'srt://HOST:8890?streamid=cam1&passphrase=file:/run/secrets/srt'",
            "  millrace probe --publish 'srt://HOST:8890?streamid=#!::r=cam2,m=publish&latency=250'",
            "",
            "With --json standard output has one object; findings[].problem is true for what is wrong."
        })
public final class ProbeCommand implements Callable<Integer> {
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

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "How long to listen. Default: ${DEFAULT-VALUE}.")
    private double durationSeconds = 5;

    @Option(
            names = "--publish",
            description = "The stream id is a publisher's: shake hands and leave, send nothing. The stream is taken for"
                    + " that moment.")
    private boolean publish;

    @Option(names = "--json", description = "Print the report as one JSON object. Default: for people.")
    private boolean json;

    @Override
    public Integer call() {
        ToolLog.silence();
        if (!(durationSeconds > 0)) {
            throw new ParameterException(spec.commandLine(), "--duration must be above 0");
        }
        try (StopSignal stop = new StopSignal();
                CallerSocket socket = CallerSocket.open(url)) {
            ProbeReport report = new Probe(url, socket, stop, (long) (durationSeconds * 1e6), !publish).run();
            PrintWriter out = spec.commandLine().getOut();
            out.print(json ? ToolJson.of(report) + System.lineSeparator() : ProbeText.of(report));
            out.flush();
            int code = report.isGood() ? ToolExit.DONE : ToolExit.FAILED;
            stop.exitCode(code);
            return code;
        } catch (IOException e) {
            spec.commandLine().getErr().println("millrace probe: " + e.getMessage());
            return ToolExit.FAILED;
        }
    }
}
