package io.millrace.relay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The collections in a log that a JVM wrote by {@code -Xlog:gc:…:timemillis}. ZGC's are told without their pauses, which are
 * microseconds, and count as none.
 */
record GcLog(List<Collection> collections) {
    private static final Pattern COLLECTION =
            Pattern.compile("\\[(\\d+)ms].* (?:Pause|Garbage Collection|Minor Collection|Major Collection) "
                    + ".*?(\\d+)([KMG])(?:\\(\\d+%\\))?->(\\d+)([KMG])\\(\\d+[KMG%]\\)(?: ([0-9.]+)ms)?");

    /**
     * One collection.
     *
     * @param requested whether somebody asked for it
     */
    record Collection(
            long epochMillis, boolean requested, double beforeMebibytes, double afterMebibytes, double pauseMillis) {}

    /**
     * What a stretch of the log amounts to. Heaps are what was left after a collection.
     *
     * @param collections that the JVM started by itself
     * @param liveBeforeMebibytes after the full collection asked for at the beginning
     * @param liveAfterMebibytes after the one asked for at the end: what grew in between
     */
    record Summary(
            int collections,
            double minMebibytes,
            double medianMebibytes,
            double maxMebibytes,
            double liveBeforeMebibytes,
            double liveAfterMebibytes,
            double garbageMebibytesPerSecond,
            double longestPauseMillis) {}

    static GcLog read(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return parse(lines);
        }
    }

    static GcLog parse(Stream<String> lines) {
        return new GcLog(lines.map(COLLECTION::matcher)
                .filter(Matcher::find)
                .map(GcLog::collection)
                .toList());
    }

    /** Sums up what happened between two times: from the first collection asked for to the last. */
    Summary summary(long fromEpochMillis, long toEpochMillis) {
        List<Collection> within = collections.stream()
                .filter(collection ->
                        collection.epochMillis() >= fromEpochMillis && collection.epochMillis() <= toEpochMillis)
                .toList();
        List<Collection> requested =
                within.stream().filter(Collection::requested).toList();
        List<Collection> own =
                within.stream().filter(collection -> !collection.requested()).toList();
        double[] heaps =
                own.stream().mapToDouble(Collection::afterMebibytes).sorted().toArray();
        return new Summary(
                own.size(),
                heaps.length == 0 ? 0 : heaps[0],
                heaps.length == 0 ? 0 : heaps[heaps.length / 2],
                heaps.length == 0 ? 0 : heaps[heaps.length - 1],
                requested.isEmpty() ? 0 : requested.get(0).afterMebibytes(),
                requested.isEmpty() ? 0 : requested.get(requested.size() - 1).afterMebibytes(),
                garbageMebibytesPerSecond(within),
                own.stream().mapToDouble(Collection::pauseMillis).max().orElse(0));
    }

    private static double garbageMebibytesPerSecond(List<Collection> within) {
        if (within.size() < 2) {
            return 0;
        }
        double allocated = 0;
        for (int i = 1; i < within.size(); i++) {
            allocated += within.get(i).beforeMebibytes() - within.get(i - 1).afterMebibytes();
        }
        long millis =
                within.get(within.size() - 1).epochMillis() - within.get(0).epochMillis();
        return millis == 0 ? 0 : allocated * 1000 / millis;
    }

    private static Collection collection(Matcher told) {
        String line = told.group();
        return new Collection(
                Long.parseLong(told.group(1)),
                line.contains("(Diagnostic Command)") || line.contains("(System.gc())"),
                mebibytes(told.group(2), told.group(3)),
                mebibytes(told.group(4), told.group(5)),
                told.group(6) == null ? 0 : Double.parseDouble(told.group(6)));
    }

    private static double mebibytes(String number, String unit) {
        double value = Double.parseDouble(number);
        return switch (unit) {
            case "K" -> value / 1024;
            case "G" -> value * 1024;
            default -> value;
        };
    }
}
