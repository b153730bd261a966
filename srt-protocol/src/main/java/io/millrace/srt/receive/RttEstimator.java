package io.millrace.srt.receive;

/** Smoothed round-trip time and its variance, microseconds. draft-sharabayko-srt §4.10. */
public final class RttEstimator {
    private static final int INITIAL_RTT_MICROS = 100_000;
    private static final int INITIAL_VARIANCE_MICROS = 50_000;
    /** More than this is no round trip but a broken peer. */
    private static final int MAX_RTT_MICROS = 30_000_000;

    private int rttMicros = INITIAL_RTT_MICROS;
    private int varianceMicros = INITIAL_VARIANCE_MICROS;
    private boolean measured;
    private boolean adopted;

    /** Takes a sample of our own, from an ACK and its ACKACK. */
    public void sample(long sampleMicros) {
        int sample = (int) Math.min(Math.max(sampleMicros, 1), MAX_RTT_MICROS);
        if (!measured) {
            // libsrt 1.5: the first sample replaces the guess, which the draft would let fade over seconds.
            measured = true;
            rttMicros = sample;
            varianceMicros = sample / 2;
            return;
        }
        varianceMicros = (3 * varianceMicros + Math.abs(sample - rttMicros)) / 4;
        rttMicros = (int) ((7L * rttMicros + sample) / 8);
    }

    /** Takes over what the receiver has measured and reports in its ACKs: a sender has no samples of its own. */
    public void adopt(int peerRttMicros, int peerVarianceMicros) {
        if (measured || peerRttMicros <= 0 || peerRttMicros > MAX_RTT_MICROS) {
            return;
        }
        adopted = true;
        rttMicros = peerRttMicros;
        varianceMicros = Math.min(Math.max(peerVarianceMicros, 0), MAX_RTT_MICROS);
    }

    /** Whether there was a sample of our own; before, the round-trip time is a guess. */
    boolean isMeasured() {
        return measured;
    }

    /** Whether the round-trip time is more than a guess: measured here, or by the peer. */
    public boolean isKnown() {
        return measured || adopted;
    }

    /** Smoothed round-trip time, microseconds. */
    public int rttMicros() {
        return rttMicros;
    }

    /** Its variance, microseconds. */
    public int varianceMicros() {
        return varianceMicros;
    }

    /** RTT + 4 × variance: after this an answer is overdue. */
    public long patienceMicros() {
        return rttMicros + 4L * varianceMicros;
    }
}
