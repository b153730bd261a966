package io.millrace.relay.console;

import io.millrace.relay.tool.StopSignal;
import io.millrace.relay.tool.ToolExit;
import io.millrace.relay.tool.ToolLog;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one stream of a running relay live. */
@Command(
        name = "watch",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace watch [OPTION]... STREAM",
        description = {
            "Shows one stream of a running relay, anew each second: whether it is live, its bit rate over the last"
                    + " minute, the publisher's leg with RTT, loss before and after recovery, receive buffer and what the"
                    + " link adviser says, the subscribers with most trouble, and the last callers that were refused."
                    + " Waits for a stream that is not there, and for a relay that is being restarted. Ctrl+C ends it.",
            "Where standard output is no terminal, it gets a line a second.",
            ""
        },
        parameterListHeading = "Arguments:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:you stopped it, or the time is over",
            "1:the relay couldn't be reached at the start, or doesn't answer this token",
            "2:bad command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace watch live/cam1",
            "  millrace watch --api http://relay1:8080 --token env:MILLRACE_TOKEN live/cam1",
            "  millrace watch --json --seconds 60 live/cam1 | jq -c '[.time, .state, .stream.bitRate]'",
            "",
            "With --json standard output has an object a second: time, outage (why the relay doesn't answer, or null),"
                    + " state (live, silent, waiting, absent), and as the API has them stream, statistics (of the"
                    + " publisher's connection), connections and refusals."
        })
public final class WatchCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "STREAM", description = "Its name, as \"millrace streams\" lists it.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private String stream;

    @Option(names = "--seconds", paramLabel = "SECONDS", description = "End after this time. Default: never.")
    private @Nullable Double seconds;

    @Option(names = "--json", description = "Print a line of JSON a second. Default: for people.")
    private boolean json;

    @Mixin
    private final ApiOptions options = new ApiOptions();

    @Override
    public Integer call() {
        ToolLog.silence();
        if (seconds != null && !(seconds > 0)) {
            throw new ParameterException(spec.commandLine(), "--seconds must be above 0");
        }
        if (stream.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "STREAM must not be empty");
        }
        ApiClient api = options.client(spec);
        try (StopSignal stop = new StopSignal()) {
            int code = watch(api, stop);
            stop.exitCode(code);
            return code;
        }
    }

    private int watch(ApiClient api, StopSignal stop) {
        StreamWatch watch = new StreamWatch(new StreamPoll(api, stream), stop, seconds);
        try {
            // Before the screen is taken: what is wrong with the command line or the relay stays to be read.
            Observation first = watch.first();
            try (WatchDisplay display = display(api)) {
                watch.run(first, display);
            }
            return ToolExit.DONE;
        } catch (ApiException e) {
            spec.commandLine().getErr().println("millrace watch: " + e.getMessage());
            return ToolExit.FAILED;
        }
    }

    private WatchDisplay display(ApiClient api) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            return new JsonDisplay(out);
        }
        Terminal terminal = Terminal.ofStandardOutput();
        ZoneId zone = ZoneId.systemDefault();
        boolean coloured = System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
        return terminal == null
                ? new LineDisplay(out, zone)
                : new ScreenDisplay(out, new WatchScreen(stream, api.address(), zone), terminal, coloured);
    }
}
