package io.millrace.relay.metrics;

import io.millrace.relay.net.Distribution;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopStatistics;
import io.millrace.relay.net.LoopWindow;
import java.util.List;

/** The event loops. What one of them works is a total of seconds, whose rate is its utilisation. */
final class LoopMetrics {
    /** Buckets of forwarding, from 16 µs to 1 s: powers of two, as it is counted. */
    private static final int FIRST_POWER = 4;

    private static final int LAST_POWER = 20;

    private LoopMetrics() {}

    static void collect(Samples samples, List<LoopStatistics> loops) {
        SampledHistogram forwarding = new SampledHistogram(forwardingBounds());
        for (LoopStatistics loop : loops) {
            String label = String.valueOf(loop.loop());
            LoopWindow total = loop.sinceStart();
            samples.gauge(
                    "millrace_loop_age_seconds",
                    "Time since the event loop published its figures, which it does every second unless it is stuck",
                    Math.max(0, LoopClock.nowMicros() - loop.takenMicros()) / 1e6,
                    "loop",
                    label);
            samples.counter(
                    "millrace_loop_busy_seconds",
                    "Time that the event loop worked, or wanted to, instead of waiting for something to do",
                    total.busyMicros() / 1e6,
                    "loop",
                    label);
            samples.counter(
                    "millrace_loop_cpu_seconds",
                    "Processor time of the event loop; less than its busy time where it had to wait for a processor",
                    total.cpuMicros() / 1e6,
                    "loop",
                    label);
            samples.counter(
                    "millrace_loop_iterations",
                    "How often the event loop worked until there was nothing more to do",
                    total.iterations(),
                    "loop",
                    label);
            phase(samples, label, "reading", total.readingMicros());
            phase(samples, label, "handling", total.handlingMicros());
            phase(samples, label, "sending", total.sendingMicros());
            phase(samples, label, "other", total.otherMicros());
            samples.gauge(
                    "millrace_loop_longest_iteration_seconds",
                    "How long the event loop worked at most without looking at its sockets, in the last minute",
                    loop.lastMinute().longestIterationMicros() / 1e6,
                    "loop",
                    label);
            samples.gauge(
                    "millrace_loop_longest_delay_seconds",
                    "How late the event loop's ticks were at most in the last minute, pauses of JVM and machine included",
                    loop.lastMinute().longestDelayMicros() / 1e6,
                    "loop",
                    label);
            add(total.forwardingMicros(), forwarding);
        }
        samples.histogram(
                "millrace_forwarding_seconds",
                "Time from the arrival of media to the end of the send that carried it on",
                forwarding);
    }

    private static void phase(Samples samples, String loop, String phase, long micros) {
        samples.counter(
                "millrace_loop_phase_seconds",
                "Busy time of the event loop by what it did",
                micros / 1e6,
                "loop",
                loop,
                "phase",
                phase);
    }

    private static double[] forwardingBounds() {
        double[] bounds = new double[LAST_POWER - FIRST_POWER + 1];
        for (int power = FIRST_POWER; power <= LAST_POWER; power++) {
            bounds[power - FIRST_POWER] = (1L << power) / 1e6;
        }
        return bounds;
    }

    /** The values themselves are gone: each counts as the least of its place, and the exact sum is added once. */
    private static void add(Distribution micros, SampledHistogram seconds) {
        for (int place = 0; place < micros.counts().size(); place++) {
            seconds.add(Distribution.from(place) / 1e6, micros.counts().get(place), 0);
        }
        seconds.add(0, 0, micros.sum() / 1e6);
    }
}
