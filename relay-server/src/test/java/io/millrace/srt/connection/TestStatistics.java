package io.millrace.srt.connection;

/** Snapshots of connections that there never were. */
public final class TestStatistics {
    private TestStatistics() {}

    /** With one statistic that isn't 0. */
    public static ConnectionStatistics of(Statistic statistic, double value) {
        double[] values = new double[Statistic.values().length];
        values[statistic.ordinal()] = value;
        return new ConnectionStatistics(values);
    }
}
