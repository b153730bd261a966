package io.millrace.relay.stats;

import io.millrace.srt.connection.LegSample;

/**
 * What came of one connection in about a second; counts are those of {@link LegSample}.
 *
 * @param seconds how long it was in fact
 * @param packets retransmissions included, as in {@code bytes}
 * @param originals packets that the sender had to bring across: what a share of losses is of
 * @param rttMeanMillis not a number, as its neighbours, where the round-trip time was a guess
 * @param bufferMaxMillis the most that was held, or unacknowledged
 */
record LinkSecond(
        double seconds,
        long bytes,
        long uniqueBytes,
        long packets,
        long originals,
        long lost,
        long dropped,
        long retransmitted,
        long flight,
        float rttMinMillis,
        float rttMeanMillis,
        float rttMaxMillis,
        float bufferMaxMillis) {

    /**
     * @param before the counters at its beginning
     * @param samples how many of the newest samples belong to it
     */
    static LinkSecond of(LegReading reading, LegSample before, int samples, double seconds, boolean received) {
        LegSample newest = reading.newest;
        long unique = newest.uniquePackets - before.uniquePackets;
        long dropped = newest.droppedPackets - before.droppedPackets;
        int known = 0;
        long rttSum = 0;
        int rttLeast = Integer.MAX_VALUE;
        int rttGreatest = 0;
        int bufferGreatest = 0;
        for (int back = 0; back < samples; back++) {
            int rtt = reading.rttMicros(back);
            if (rtt >= 0) {
                known++;
                rttSum += rtt;
                rttLeast = Math.min(rttLeast, rtt);
                rttGreatest = Math.max(rttGreatest, rtt);
            }
            bufferGreatest = Math.max(bufferGreatest, reading.bufferMicros(back));
        }
        return new LinkSecond(
                seconds,
                newest.bytes - before.bytes,
                newest.uniqueBytes - before.uniqueBytes,
                newest.packets - before.packets,
                received ? unique + dropped : unique,
                newest.lostPackets - before.lostPackets,
                dropped,
                newest.retransmittedPackets - before.retransmittedPackets,
                newest.flightPackets,
                known == 0 ? Float.NaN : rttLeast / 1e3f,
                known == 0 ? Float.NaN : rttSum / 1e3f / known,
                known == 0 ? Float.NaN : rttGreatest / 1e3f,
                bufferGreatest / 1e3f);
    }

    double bitsPerSecond() {
        return bytes * 8 / seconds;
    }

    /** What of it was sent again: its share of the packets, which hardly differ in size. */
    double retransmittedBitsPerSecond() {
        return packets == 0 ? 0 : bitsPerSecond() * Math.min(retransmitted, packets) / packets;
    }
}
