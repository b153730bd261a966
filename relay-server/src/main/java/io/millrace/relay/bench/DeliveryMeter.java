package io.millrace.relay.bench;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** What the subscribers of one loop got of the window, and how late. Written by that loop, read by one other thread. */
final class DeliveryMeter {
    private static final long MAX_LATENCY_MICROS = 60_000_000;
    private static final int DIGITS = 3;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(MAX_LATENCY_MICROS, DIGITS);

    void delivered(long latencyMicros) {
        recorder.recordValue(Math.min(Math.max(0, latencyMicros), MAX_LATENCY_MICROS));
    }

    /** Latencies since the last call. */
    Histogram next() {
        return recorder.getIntervalHistogram();
    }

    static Histogram emptyHistogram() {
        return new Histogram(MAX_LATENCY_MICROS, DIGITS);
    }
}
