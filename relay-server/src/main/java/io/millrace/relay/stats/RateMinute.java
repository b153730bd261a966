package io.millrace.relay.stats;

/** The bit rates of the last minute's seconds, to tell a rate that fell. */
final class RateMinute {
    static final int NEWEST_SECONDS = 3;
    private static final int SECONDS = 60;
    /** With less before the newest ones nothing is usual. */
    private static final int LEAST_SECONDS = 10;

    private final float[] rates = new float[SECONDS];
    private int count;

    void add(double bitsPerSecond) {
        rates[count++ % SECONDS] = (float) bitsPerSecond;
    }

    /** Mean of the newest seconds; 0 without any. */
    double newest() {
        return mean(0, Math.min(count, NEWEST_SECONDS));
    }

    /** Mean of those before; not a number while they are too few. */
    double usual() {
        int known = Math.min(count, SECONDS);
        return known < NEWEST_SECONDS + LEAST_SECONDS ? Double.NaN : mean(NEWEST_SECONDS, known);
    }

    private double mean(int fromBack, int toBack) {
        double sum = 0;
        for (int back = fromBack; back < toBack; back++) {
            sum += rates[Math.floorMod(count - 1 - back, SECONDS)];
        }
        return toBack == fromBack ? 0 : sum / (toBack - fromBack);
    }
}
