package io.millrace.relay.tool;

import io.millrace.relay.net.LoopClock;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Supplier;

/** A line a second for who watches. */
final class Progress {
    private static final long PERIOD_MICROS = 1_000_000;

    private final PrintWriter lines;
    private final boolean quiet;
    private long nextMicros = LoopClock.nowMicros() + PERIOD_MICROS;

    Progress(PrintWriter lines, boolean quiet) {
        this.lines = lines;
        this.quiet = quiet;
    }

    /** Prints the line if one is due. */
    void tick(Supplier<String> line) {
        long nowMicros = LoopClock.nowMicros();
        if (nowMicros >= nextMicros) {
            nextMicros = Math.max(nextMicros + PERIOD_MICROS, nowMicros + PERIOD_MICROS / 2);
            if (!quiet) {
                lines.println(line.get());
            }
        }
    }

    /** Prints what happened, at once. */
    void say(String event) {
        if (!quiet) {
            lines.println(event);
        }
    }

    /** Hours, minutes and seconds. */
    static String time(long micros) {
        long seconds = micros / PERIOD_MICROS;
        return String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    static String megabits(double bitsPerSecond) {
        return String.format(Locale.ROOT, "%.2f Mbit/s", bitsPerSecond / 1e6);
    }
}
