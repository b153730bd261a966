package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Waits as long as it is asked to, and says every second what for. */
final class Progress {
    private static final long SECOND_MICROS = 1_000_000;

    private final PrintWriter lines;

    Progress(PrintWriter lines) {
        this.lines = lines;
    }

    void countDown(String phase, int seconds) throws InterruptedException {
        for (int rest = seconds; rest > 0; rest--) {
            say("%s, %d s to go", phase, rest);
            sleepUntil(LoopClock.nowMicros() + SECOND_MICROS);
        }
    }

    void say(String format, Object... values) {
        lines.println(String.format(Locale.ROOT, format, values));
    }

    static void sleepUntil(long micros) throws InterruptedException {
        long restMicros = micros - LoopClock.nowMicros();
        if (restMicros > 0) {
            TimeUnit.MICROSECONDS.sleep(restMicros);
        }
    }
}
