package io.millrace.relay.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the measurement of take-overs. */
@Command(
        name = "takeover",
        sortOptions = false,
        usageHelpWidth = 100,
        customSynopsis = "millrace bench takeover [OPTION]...",
        description = {
            "Measures what the loss of a node costs: starts three relays of this machine that work together, on ports that"
                    + " are free, and loses the one whose role it is to serve the publishers' port, again and again."
                    + " Linux only.",
            "",
            "A publisher that calls again when its connection ends is at that port, and a viewer at each node. \"Role"
                    + " unserved\" is how long callers of that port got no answer; \"viewers' gap\" how long a viewer at"
                    + " one of the other nodes got nothing, the longest of them in each round. Viewers of the node that is"
                    + " lost don't count.",
            "",
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all rounds were measured",
            "1:a node could not be started, or a role or a stream did not come back within three minutes",
            "2:bad command line"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace bench takeover",
            "  millrace bench takeover --rounds 3 --cases kill,stop",
            "",
            "With silence the node's process is made to stand still, which is what a cut line looks like to the others; the"
                    + " role then goes to another address of this machine, and the publisher has to find out by itself,"
                    + " which takes it the 5 s that SRT waits for a silent peer."
        })
final class TakeoverCommand implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Option(names = "--rounds", paramLabel = "COUNT", description = "Losses of each kind. Default: ${DEFAULT-VALUE}.")
    private int rounds = 10;

    @Option(
            names = "--cases",
            paramLabel = "KIND",
            split = ",",
            description = "How the node is lost: kill, stop (asked to end), silence. Default: all three.")
    private List<NodeFailure> cases = List.of(NodeFailure.values());

    @Option(
            names = "--megabits",
            paramLabel = "RATE",
            description = "Payload of the stream, Mbit/s. Default: ${DEFAULT-VALUE}.")
    private double megabitsPerSecond = 2;

    @Override
    @SuppressWarnings("try") // closing may be interrupted, and so may everything else here
    public Integer call() throws InterruptedException {
        // For logback.xml, read with the first logger, which is made below: standard output has the result and no more.
        System.setProperty("millrace.log.target", "System.err");
        require(rounds > 0 && rounds <= 1_000, "--rounds must be 1 to 1000");
        require(megabitsPerSecond >= 0.1 && megabitsPerSecond <= 100, "--megabits must be 0.1 to 100");
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        TakeoverReport report = new TakeoverReport();
        try {
            @Nullable MachineSample begin = MachineSample.now();
            for (NodeFailure failure : cases) {
                long bitsPerSecond = Math.round(megabitsPerSecond * 1e6);
                try (Takeovers takeovers = new Takeovers(failure, new Progress(err))) {
                    report.add(failure.label(), takeovers.run(rounds, bitsPerSecond));
                }
            }
            out.print(report.table(begin, MachineSample.now()));
            out.flush();
            return OK;
        } catch (BenchException e) {
            err.println("millrace bench takeover: " + e.getMessage());
        } catch (IOException e) {
            err.println("millrace bench takeover: " + e);
        }
        return FAILED;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
