package io.millrace.srt.connection;

import java.util.function.ObjDoubleConsumer;

/** A snapshot of a connection's statistics: immutable, so it may leave the event loop that owns the connection. */
public final class ConnectionStatistics {
    private final double[] values;

    ConnectionStatistics(double[] values) {
        this.values = values;
    }

    /** Value in the unit of the statistic; whole numbers are exact up to 2^53. */
    public double value(Statistic statistic) {
        return values[statistic.ordinal()];
    }

    /** What came about since an earlier snapshot of the same connection; what doesn't accumulate is as it is now. */
    public ConnectionStatistics since(ConnectionStatistics earlier) {
        double[] differences = values.clone();
        for (Statistic statistic : Statistic.values()) {
            if (statistic.accumulates()) {
                differences[statistic.ordinal()] -= earlier.value(statistic);
            }
        }
        return new ConnectionStatistics(differences);
    }

    /** Hands over all statistics in their order. */
    public void forEach(ObjDoubleConsumer<Statistic> consumer) {
        for (Statistic statistic : Statistic.values()) {
            consumer.accept(statistic, value(statistic));
        }
    }
}
