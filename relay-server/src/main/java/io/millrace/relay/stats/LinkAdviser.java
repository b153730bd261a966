package io.millrace.relay.stats;

/**
 * Advises on latency and bandwidth overhead after the rules of Haivision's <em>SRT Deployment Guide</em> (version 1.1,
 * "Configuring an SRT Stream" and "RTT Multiplier"), which libsrt's users know:
 *
 * <ul>
 *   <li>Latency is the round-trip time, counted as 20 ms at least, times a multiplier of 3 to 20 that grows with the loss:
 *       3 up to 1 %, 4 up to 3 %, 5 up to 7 %, 6 up to 10 %. The guide's table ends there; its multipliers are the number of
 *       copies after which a packet in a million is missing (loss to the power of the multiplier), and so are ours beyond.
 *   <li>Overhead is 100 % ÷ multiplier, for a burst, but 1.65 × loss at least, for steady loss.
 *   <li>Three quarters of the link's capacity should exceed the stream's bit rate with the overhead.
 * </ul>
 *
 * <p>No less than 120 ms is advised, libsrt's default, where the guide's table would go down to 60 ms: what it saves is
 * not worth the first disturbance.
 */
public final class LinkAdviser {
    static final int LEAST_LATENCY_MILLIS = 120;

    private static final double LEAST_RTT_MILLIS = 20;
    private static final int GREATEST_MULTIPLIER = 20;
    private static final double REMAINING_LOSS = 1e-6;
    private static final double STEADY_LOSS_FACTOR = 1.65;
    private static final double USABLE_CAPACITY = 0.75;

    private LinkAdviser() {}

    /** @param latencyMillis what is set at present */
    public static LinkAdvice advise(LinkMeasurement measured, int latencyMillis) {
        int multiplier = multiplier(measured.lossPercent());
        double rtt = Math.max(measured.rttMillis(), LEAST_RTT_MILLIS);
        int latency = Math.max(LEAST_LATENCY_MILLIS, (int) Math.ceil(multiplier * rtt));
        int overhead = overheadPercent(multiplier, measured.lossPercent());
        double greatestBitRate = USABLE_CAPACITY * measured.capacityBitsPerSecond() / (1 + overhead / 100.0);
        boolean fits = measured.capacityBitsPerSecond() == 0 || greatestBitRate > measured.bitsPerSecond();
        boolean late = latencyMillis < latency;
        String link = rttText(measured.rttMillis()) + " RTT and " + lossText(measured.lossPercent()) + " loss";
        String why = latency == LEAST_LATENCY_MILLIS && multiplier * rtt <= LEAST_LATENCY_MILLIS
                ? "the least for any link"
                : multiplier + " × " + (measured.rttMillis() < LEAST_RTT_MILLIS ? "20 ms, the least to count" : "RTT");
        String sentence = late
                ? "Latency " + latencyMillis + " ms is too little for " + link + ": set at least " + latency + " ms ("
                        + why + "), and "
                : "Latency " + latencyMillis + " ms is enough for " + link + ", which need " + latency + " ms (" + why
                        + "); ";
        sentence += fits
                ? "leave " + overhead + " % bandwidth over."
                : "lower the bit rate to " + megabits(greatestBitRate) + ", because with " + overhead
                        + " % left over, " + megabits(measured.bitsPerSecond())
                        + " are too much for three quarters of the link's "
                        + megabits(measured.capacityBitsPerSecond()) + ".";
        return new LinkAdvice(!late && fits, latency, overhead, sentence);
    }

    private static int multiplier(double lossPercent) {
        if (lossPercent <= 1) {
            return 3;
        } else if (lossPercent <= 3) {
            return 4;
        } else if (lossPercent <= 7) {
            return 5;
        } else if (lossPercent <= 10) {
            return 6;
        }
        double copies = Math.ceil(Math.log(REMAINING_LOSS) / Math.log(lossPercent / 100));
        // With everything lost there is no number of copies.
        return (int) Math.min(lossPercent < 100 ? copies : GREATEST_MULTIPLIER, GREATEST_MULTIPLIER);
    }

    private static int overheadPercent(int multiplier, double lossPercent) {
        double overhead = Math.max(Math.rint(100.0 / multiplier), Math.ceil(STEADY_LOSS_FACTOR * lossPercent));
        return (int) Math.min(overhead, 100);
    }

    private static String rttText(double millis) {
        return (millis < 10 ? oneDecimal(millis) : Long.toString(Math.round(millis))) + " ms";
    }

    private static String lossText(double percent) {
        return percent > 0 && percent < 0.05 ? "less than 0.1 %" : oneDecimal(percent) + " %";
    }

    private static String megabits(double bitsPerSecond) {
        return oneDecimal(bitsPerSecond / 1e6) + " Mbit/s";
    }

    /** A format string would take most of the time of listing thousands of connections. */
    private static String oneDecimal(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }
}
