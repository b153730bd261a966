package io.millrace.relay.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What many losses of a role's owner cost. */
final class TakeoverReport {
    private final List<Series> all = new ArrayList<>();

    /**
     * What one loss cost.
     *
     * @param unservedMicros for how long nobody answered callers of the role
     * @param gapMicros for how long a viewer at another node got nothing; that one of them that waited longest
     * @param reconnects how often such viewers had to connect again
     */
    record Round(long unservedMicros, long gapMicros, int reconnects) {}

    private record Series(String label, List<Round> rounds) {}

    void add(String label, List<Round> rounds) {
        all.add(new Series(label, List.copyOf(rounds)));
    }

    /** A table for people. */
    String table(@Nullable MachineSample begin, @Nullable MachineSample end) {
        StringBuilder text = new StringBuilder();
        line(text, "%-16s%8s   %-22s%-22s%s", "", "", "role unserved, ms", "viewers' gap, ms", "viewers'");
        line(text, "%-16s%8s%10s%10s%12s%10s%15s", "", "rounds", "median", "worst", "median", "worst", "reconnects");
        for (Series series : all) {
            line(
                    text,
                    "%-16s%8d%10s%10s%12s%10s%15d",
                    series.label,
                    series.rounds.size(),
                    median(series, Round::unservedMicros),
                    worst(series, Round::unservedMicros),
                    median(series, Round::gapMicros),
                    worst(series, Round::gapMicros),
                    series.rounds.stream().mapToInt(Round::reconnects).sum());
        }
        if (begin != null && end != null) {
            line(
                    text,
                    "%-16s%.2f of %d cores busy on average, %.2f stolen",
                    "this machine",
                    end.busyCoresSince(begin),
                    end.processors(),
                    end.stolenCoresSince(begin));
        }
        return text.toString();
    }

    private static String median(Series series, ToLongFunction<Round> value) {
        long[] sorted = series.rounds.stream().mapToLong(value).sorted().toArray();
        int middle = sorted.length / 2;
        return millis(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    private static String worst(Series series, ToLongFunction<Round> value) {
        return millis(series.rounds.stream().mapToLong(value).max().orElse(0));
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%,d", Math.round(micros / 1e3));
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append(System.lineSeparator());
    }
}
