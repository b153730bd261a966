package io.millrace.relay.stats;

import io.millrace.srt.connection.LegSample;

/** A copy of the samples of one connection, to be looked at in peace; made once and filled for one after the other. */
final class LegReading {
    final int[] rttMicros = new int[LegSamples.CAPACITY];
    final int[] bufferMicros = new int[LegSamples.CAPACITY];
    /** The newest sample, whose counters are those since the connection's start. */
    final LegSample newest = new LegSample();
    /** When it was taken. */
    long newestMicros;
    /** How many were ever taken. */
    long count;

    /** How many came after the first {@code earlier} and are still here. */
    int since(long earlier) {
        return (int) Math.min(count - earlier, LegSamples.CAPACITY);
    }

    /** Round-trip time of the sample that is this many before the newest, microseconds; -1 if it was a guess. */
    int rttMicros(int back) {
        return rttMicros[slot(back)];
    }

    int bufferMicros(int back) {
        return bufferMicros[slot(back)];
    }

    private int slot(int back) {
        return (int) ((count - 1 - back) % LegSamples.CAPACITY);
    }
}
