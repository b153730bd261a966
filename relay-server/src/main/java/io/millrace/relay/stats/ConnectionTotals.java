package io.millrace.relay.stats;

import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * Sums over connections of what they have counted since they opened. Of use for statistics that only grow: the sum of the
 * others says nothing. Used by one thread.
 */
public final class ConnectionTotals {
    private final double[] values = new double[Statistic.values().length];

    /** In the unit of the statistic. */
    public double value(Statistic statistic) {
        return values[statistic.ordinal()];
    }

    /** Adds what a connection has counted in all. */
    public void add(@Nullable ConnectionStatistics statistics) {
        addGrowth(null, statistics);
    }

    /**
     * Adds what a connection has counted from one snapshot to a later one; null is the snapshot of one that has counted
     * nothing yet.
     */
    public void addGrowth(@Nullable ConnectionStatistics before, @Nullable ConnectionStatistics now) {
        if (now == null || now == before) {
            return;
        }
        for (Statistic statistic : Statistic.values()) {
            double earlier = before == null ? 0 : before.value(statistic);
            values[statistic.ordinal()] += now.value(statistic) - earlier;
        }
    }

    /** The same sums at this moment. */
    public ConnectionTotals copy() {
        ConnectionTotals copy = new ConnectionTotals();
        System.arraycopy(values, 0, copy.values, 0, values.length);
        return copy;
    }
}
