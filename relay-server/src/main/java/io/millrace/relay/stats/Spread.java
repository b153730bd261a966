package io.millrace.relay.stats;

/**
 * How a quantity was spread over a time; its name says in which unit.
 *
 * @param min to the resolution that the quantity is counted in (0.01 ms, 0.1 ms of buffers, 0.01 %), as are mean and max
 * @param p95 what 95 % of the values do not exceed, to 6.25 %
 */
public record Spread(double min, double mean, double max, double p95) {
    private static final double SHARE = 0.95;

    /** @param perUnit what the histogram counts in, in the unit of this */
    static Spread of(Histogram histogram, double perUnit) {
        return of(histogram, perUnit, histogram.mean() * perUnit);
    }

    static Spread of(Histogram histogram, double perUnit, double mean) {
        return new Spread(
                histogram.least() * perUnit, mean, histogram.greatest() * perUnit, histogram.quantile(SHARE) * perUnit);
    }
}
