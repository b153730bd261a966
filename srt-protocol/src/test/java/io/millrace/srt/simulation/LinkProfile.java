package io.millrace.srt.simulation;

/**
 * What one direction of a simulated link does to datagrams.
 *
 * @param loss probability of losing a datagram, 0 - 1
 * @param burst mean length of a run of losses, datagrams; 1 for independent losses
 * @param delayMicros one-way delay
 * @param jitterMicros added at random, 0 to this; order is kept
 * @param reorder probability that a datagram is overtaken by those of the next {@code reorderMicros}
 * @param reorderMicros how long such a datagram is held
 * @param duplicate probability that a datagram comes twice
 * @param outageFromMicros begin of a time in which everything is lost
 * @param outageToMicros its end; equal to the begin for none
 */
public record LinkProfile(
        double loss,
        double burst,
        long delayMicros,
        long jitterMicros,
        double reorder,
        long reorderMicros,
        double duplicate,
        long outageFromMicros,
        long outageToMicros) {
    /** A perfect link with this one-way delay. */
    public static LinkProfile delay(long delayMicros) {
        return new LinkProfile(0, 1, delayMicros, 0, 0, 0, 0, 0, 0);
    }

    public LinkProfile withLoss(double probability) {
        return withBursts(probability, 1);
    }

    public LinkProfile withBursts(double probability, double meanLength) {
        return new LinkProfile(
                probability,
                meanLength,
                delayMicros,
                jitterMicros,
                reorder,
                reorderMicros,
                duplicate,
                outageFromMicros,
                outageToMicros);
    }

    public LinkProfile withJitter(long micros) {
        return new LinkProfile(
                loss, burst, delayMicros, micros, reorder, reorderMicros, duplicate, outageFromMicros, outageToMicros);
    }

    public LinkProfile withReordering(double probability, long micros) {
        return new LinkProfile(
                loss,
                burst,
                delayMicros,
                jitterMicros,
                probability,
                micros,
                duplicate,
                outageFromMicros,
                outageToMicros);
    }

    public LinkProfile withDuplication(double probability) {
        return new LinkProfile(
                loss,
                burst,
                delayMicros,
                jitterMicros,
                reorder,
                reorderMicros,
                probability,
                outageFromMicros,
                outageToMicros);
    }

    public LinkProfile withOutage(long fromMicros, long toMicros) {
        return new LinkProfile(
                loss, burst, delayMicros, jitterMicros, reorder, reorderMicros, duplicate, fromMicros, toMicros);
    }
}
