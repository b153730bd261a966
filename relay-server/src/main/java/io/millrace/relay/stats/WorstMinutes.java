package io.millrace.relay.stats;

import org.jspecify.annotations.Nullable;

/**
 * The worst of a link in the last 15 minutes, minute by minute: the guide that {@link LinkAdviser} follows asks for the worst
 * case, measured over 60 seconds. Round-trip times are the 95th percentile of their minute.
 */
final class WorstMinutes {
    private static final int MINUTES = 15;
    private static final double MINUTE_SECONDS = 59.5;
    /** Less tells nothing. */
    private static final double LEAST_SECONDS = 10;
    /** Where less is lost, the link carries the stream whatever the estimate of its capacity says. */
    private static final double LOSS_PERCENT_TO_DOUBT_LINK = 1;
    /** An estimate this far below what came across is wrong: probes that were not sent back to back, or did not stay so. */
    private static final double CREDIBLE_SHARE = 0.9;

    private static final int RTT_UNIT_MICROS = 10;
    private static final double SHARE = 0.95;

    private final float[] rttMillis = new float[MINUTES];
    private final float[] lossPercent = new float[MINUTES];
    private final float[] bitsPerSecond = new float[MINUTES];
    private int minutes;

    private final Histogram rtt = new Histogram();
    private double seconds;
    private long originals;
    private long lost;
    private long uniqueBytes;

    void add(LegReading reading, int samples, LinkSecond second) {
        if (seconds >= MINUTE_SECONDS) {
            int slot = minutes++ % MINUTES;
            rttMillis[slot] = (float) presentRttMillis();
            lossPercent[slot] = (float) presentLossPercent();
            bitsPerSecond[slot] = (float) presentBitsPerSecond();
            clearMinute();
        }
        for (int back = 0; back < samples; back++) {
            if (reading.rttMicros(back) >= 0) {
                rtt.add(reading.rttMicros(back) / RTT_UNIT_MICROS);
            }
        }
        seconds += second.seconds();
        originals += second.originals();
        lost += second.lost();
        uniqueBytes += second.uniqueBytes();
    }

    /** Forgets everything: what was is not to count any more. */
    void clear() {
        minutes = 0;
        clearMinute();
    }

    /**
     * The worst of each; null while there is too little to tell.
     *
     * @param capacityBitsPerSecond of the link as it is estimated
     */
    @Nullable
    LinkMeasurement worst(double capacityBitsPerSecond) {
        boolean presentCounts = seconds >= LEAST_SECONDS && rtt.count() > 0;
        if (minutes == 0 && !presentCounts) {
            return null;
        }
        double worstRtt = greatest(rttMillis);
        double worstLoss = greatest(lossPercent);
        double greatestRate = greatest(bitsPerSecond);
        if (presentCounts) {
            worstRtt = Math.max(worstRtt, presentRttMillis());
            worstLoss = Math.max(worstLoss, presentLossPercent());
            greatestRate = Math.max(greatestRate, presentBitsPerSecond());
        }
        double carried = greatestRate * (1 - worstLoss / 100);
        boolean counts = worstLoss >= LOSS_PERCENT_TO_DOUBT_LINK && capacityBitsPerSecond > CREDIBLE_SHARE * carried;
        return new LinkMeasurement(worstRtt, worstLoss, greatestRate, counts ? capacityBitsPerSecond : 0);
    }

    private double greatest(float[] ofMinutes) {
        float greatest = 0;
        for (int i = 0; i < Math.min(minutes, MINUTES); i++) {
            greatest = Math.max(greatest, ofMinutes[i]);
        }
        return greatest;
    }

    private double presentRttMillis() {
        return rtt.quantile(SHARE) * RTT_UNIT_MICROS / 1e3;
    }

    private double presentLossPercent() {
        return LinkSpan.percent(lost, originals);
    }

    private double presentBitsPerSecond() {
        return uniqueBytes * 8 / seconds;
    }

    private void clearMinute() {
        rtt.clear();
        seconds = 0;
        originals = 0;
        lost = 0;
        uniqueBytes = 0;
    }
}
