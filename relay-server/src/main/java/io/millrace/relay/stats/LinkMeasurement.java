package io.millrace.relay.stats;

/**
 * What was measured of a link, in the worst of the times that count.
 *
 * @param rttMillis round-trip time
 * @param lossPercent packets lost before recovery, of those sent for the first time; 0 to 100
 * @param bitsPerSecond of the stream, each packet once, with its headers
 * @param capacityBitsPerSecond of the link as it is estimated; 0 where nobody knows
 */
public record LinkMeasurement(
        double rttMillis, double lossPercent, double bitsPerSecond, double capacityBitsPerSecond) {
    public LinkMeasurement {
        if (!(rttMillis >= 0)
                || !(lossPercent >= 0 && lossPercent <= 100)
                || !(bitsPerSecond >= 0)
                || !(capacityBitsPerSecond >= 0)) {
            throw new IllegalArgumentException("not a measurement: " + rttMillis + " ms, " + lossPercent + " %, "
                    + bitsPerSecond + " of " + capacityBitsPerSecond + " bit/s");
        }
    }
}
