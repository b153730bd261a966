package io.millrace.relay.stats;

import org.jspecify.annotations.Nullable;

/** How a connection's quantities were spread since some time, in bounded memory however long that is. */
final class LinkSpan {
    private static final int RTT_UNIT_MICROS = 10;
    private static final int BUFFER_UNIT_MICROS = 100;
    /** Shares are counted in hundredths of a percent. */
    private static final double SHARE_UNIT_PERCENT = 0.01;

    private final Histogram rtt = new Histogram();
    private final Histogram buffer = new Histogram();
    private final Histogram lost = new Histogram();
    private final Histogram lostShare = new Histogram();
    private final Histogram retransmitted = new Histogram();
    private final Histogram retransmittedShare = new Histogram();

    private double seconds;
    private long originals;
    private long packets;
    private long lostPackets;
    private long retransmittedPackets;

    /** Adds the newest samples. */
    void addSamples(LegReading reading, int samples) {
        for (int back = samples - 1; back >= 0; back--) {
            if (reading.rttMicros(back) >= 0) {
                rtt.add(reading.rttMicros(back) / RTT_UNIT_MICROS);
            }
            buffer.add(reading.bufferMicros(back) / BUFFER_UNIT_MICROS);
        }
    }

    /** Adds what a second came to. */
    void addSecond(LinkSecond second) {
        seconds += second.seconds();
        originals += second.originals();
        packets += second.packets();
        lostPackets += second.lost();
        retransmittedPackets += second.retransmitted();
        lost.add((int) Math.min(second.lost(), Integer.MAX_VALUE));
        retransmitted.add((int) Math.min(second.retransmitted(), Integer.MAX_VALUE));
        addShare(lostShare, second.lost(), second.originals());
        addShare(retransmittedShare, second.retransmitted(), second.packets());
    }

    /** What there is at present. */
    LinkSpread spread() {
        return new LinkSpread(
                seconds,
                rtt.count() == 0 ? null : Spread.of(rtt, RTT_UNIT_MICROS / 1e3),
                buffer.count() == 0 ? null : Spread.of(buffer, BUFFER_UNIT_MICROS / 1e3),
                lost.count() == 0 ? null : Spread.of(lost, 1),
                shares(lostShare, percent(lostPackets, originals)),
                retransmitted.count() == 0 ? null : Spread.of(retransmitted, 1),
                shares(retransmittedShare, percent(retransmittedPackets, packets)));
    }

    int memoryBytes() {
        return rtt.memoryBytes()
                + buffer.memoryBytes()
                + lost.memoryBytes()
                + lostShare.memoryBytes()
                + retransmitted.memoryBytes()
                + retransmittedShare.memoryBytes();
    }

    /** The share of some packets in all, percent; what is lost may belong to what was sent a second before. */
    static double percent(long some, long all) {
        return some == 0 ? 0 : some >= all ? 100 : 100.0 * some / all;
    }

    private static void addShare(Histogram shares, long some, long all) {
        if (some > 0 || all > 0) {
            shares.add((int) Math.round(percent(some, all) / SHARE_UNIT_PERCENT));
        }
    }

    /** The mean of shares is that of the packets: a second counts by what was sent in it. */
    private static @Nullable Spread shares(Histogram shares, double mean) {
        return shares.count() == 0 ? null : Spread.of(shares, SHARE_UNIT_PERCENT, mean);
    }
}
