package io.millrace.relay.tool;

import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counters over all connections that a tool has had one after the other. */
final class LinkTotals {
    private final Map<Statistic, Long> ofEnded = new EnumMap<>(Statistic.class);
    private int connections;

    void connected() {
        connections++;
    }

    /** Connections so far. */
    int connections() {
        return connections;
    }

    /** Adds what a connection has counted in the end. */
    void add(ConnectionStatistics ended) {
        ended.forEach((statistic, value) -> ofEnded.merge(statistic, (long) value, Long::sum));
    }

    /** The sum of a counter; of those statistics that count from the start of a connection. */
    long total(Statistic counter, @Nullable ConnectionStatistics present) {
        return ofEnded.getOrDefault(counter, 0L) + (present == null ? 0 : (long) present.value(counter));
    }
}
