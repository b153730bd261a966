package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.function.ToIntFunction;

/** The entry point. */
public final class Main {
    /** Runs the relay until it is told to stop; returns the exit code. */
    private static final ToIntFunction<LaunchOptions> LAUNCHER = RelayServer::run;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        System.exit(MillraceCommand.execute(args, out, err, LAUNCHER));
    }
}
