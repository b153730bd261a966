package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.function.ToIntFunction;

/** The entry point. */
public final class Main {
    /** Runs the relay until it is told to stop; returns the exit code. */
    private static final ToIntFunction<LaunchOptions> LAUNCHER = Main::refuse;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        System.exit(MillraceCommand.execute(args, out, err, LAUNCHER));
    }

    private static int refuse(LaunchOptions options) {
        System.err.println("millrace: this build can check a configuration, but holds no relay yet");
        return ExitCode.FAILURE;
    }
}
