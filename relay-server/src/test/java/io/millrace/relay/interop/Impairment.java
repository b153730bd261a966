package io.millrace.relay.interop;

/**
 * What a link does to the datagrams of one direction.
 *
 * @param loss probability that a datagram is lost, independent of the others
 * @param burstStart probability, per datagram, that a burst begins (Gilbert-Elliott, good to bad)
 * @param burstEnd probability, per datagram, that a burst ends (bad to good); inside a burst everything is lost
 * @param delayMicros one-way delay
 * @param jitterMicros up to this much is added to the delay, evenly distributed; order is kept
 * @param reorder probability that a datagram is held back, so that later ones overtake it
 * @param reorderMicros how long such a datagram is held back
 * @param duplication probability that a datagram arrives twice
 * @param bitsPerSecond the link's rate, counting UDP payload; 0: unlimited
 * @param queueMicros what would wait longer than this for the link is lost
 */
record Impairment(
        double loss,
        double burstStart,
        double burstEnd,
        long delayMicros,
        long jitterMicros,
        double reorder,
        long reorderMicros,
        double duplication,
        long bitsPerSecond,
        long queueMicros) {
    static final Impairment NONE = new Impairment(0, 0, 1, 0, 0, 0, 0, 0, 0, 0);

    Impairment loss(double probability) {
        return new Impairment(
                probability,
                burstStart,
                burstEnd,
                delayMicros,
                jitterMicros,
                reorder,
                reorderMicros,
                duplication,
                bitsPerSecond,
                queueMicros);
    }

    Impairment burstLoss(double startProbability, double endProbability) {
        return new Impairment(
                loss,
                startProbability,
                endProbability,
                delayMicros,
                jitterMicros,
                reorder,
                reorderMicros,
                duplication,
                bitsPerSecond,
                queueMicros);
    }

    Impairment delayMillis(double millis) {
        return new Impairment(
                loss,
                burstStart,
                burstEnd,
                micros(millis),
                jitterMicros,
                reorder,
                reorderMicros,
                duplication,
                bitsPerSecond,
                queueMicros);
    }

    Impairment jitterMillis(double millis) {
        return new Impairment(
                loss,
                burstStart,
                burstEnd,
                delayMicros,
                micros(millis),
                reorder,
                reorderMicros,
                duplication,
                bitsPerSecond,
                queueMicros);
    }

    Impairment reorder(double probability, double heldBackMillis) {
        return new Impairment(
                loss,
                burstStart,
                burstEnd,
                delayMicros,
                jitterMicros,
                probability,
                micros(heldBackMillis),
                duplication,
                bitsPerSecond,
                queueMicros);
    }

    Impairment duplication(double probability) {
        return new Impairment(
                loss,
                burstStart,
                burstEnd,
                delayMicros,
                jitterMicros,
                reorder,
                reorderMicros,
                probability,
                bitsPerSecond,
                queueMicros);
    }

    Impairment rate(long newBitsPerSecond, double queueMillis) {
        return new Impairment(
                loss,
                burstStart,
                burstEnd,
                delayMicros,
                jitterMicros,
                reorder,
                reorderMicros,
                duplication,
                newBitsPerSecond,
                micros(queueMillis));
    }

    private static long micros(double millis) {
        return Math.round(millis * 1_000);
    }
}
