package io.millrace.srt.send;

import io.millrace.srt.packet.DataHeader;

/**
 * Live congestion control: how far apart packets are sent, and how much may be retransmitted. draft-sharabayko-srt §5.1.
 */
final class Pacer {
    /** A packet may leave so much before its time: a timer is no finer. */
    private static final long BURST_NANOS = 1_000_000;
    /** What a late timer or a pause has cost may be made good up to this. */
    private static final long MAX_DEBT_NANOS = 1_000_000;

    private static final long FIRST_WINDOW_MICROS = 500_000;
    private static final long WINDOW_MICROS = 1_000_000;
    /** libsrt's SRTO_MININPUTBW is off by default; without any floor a stream that begins slowly would choke. */
    private static final long MIN_INPUT_BYTES_PER_SECOND = 125_000;

    private static final long MIN_RETRANSMIT_BURST_BYTES = 256 * 1024;

    private final BandwidthLimit limit;

    /** Payload bytes of an average packet, × 128: the filter's own scale. */
    private long averagePayload128 = 1316 * 128;

    private long nextSendNanos;
    private long retransmitCredit = MIN_RETRANSMIT_BURST_BYTES;

    /** How much faster the input is gone through than it comes. */
    private double speed = 1;

    private long windowStartMicros = -1;
    private long windowStartArrivals;
    private long measuredBytesPerSecond;

    Pacer(BandwidthLimit limit) {
        this.limit = limit;
    }

    /** From now on the input is gone through so many times as fast as it comes, where it sets the limit. */
    void speed(double times) {
        speed = times;
    }

    /** Whether a packet may leave now. */
    boolean maySend(long nowMicros) {
        return nextSendNanos <= nowMicros * 1000 + BURST_NANOS;
    }

    /** When the next packet may leave, microseconds. */
    long nextSendMicros() {
        return nextSendNanos / 1000 + 1;
    }

    /** Whether the budget allows to retransmit this many bytes; takes them if so. */
    boolean takeRetransmission(int bytes) {
        if (retransmitCredit < bytes) {
            return false;
        }
        retransmitCredit -= bytes;
        return true;
    }

    /** Notes a packet sent for the first time. */
    void sentOriginal(int payloadLength, long nowMicros) {
        int bytes = payloadLength + DataHeader.COUNTED_LENGTH;
        // At most what a second of the stream earns: an outage is made good, a storm is not answered for ever.
        long cap = Math.max(MIN_RETRANSMIT_BURST_BYTES, measuredBytesPerSecond * limit.retransmitPercent() / 100);
        retransmitCredit = Math.min(cap, retransmitCredit + (long) bytes * limit.retransmitPercent() / 100);
        sent(payloadLength, nowMicros);
    }

    /** Notes any packet, retransmissions included: they are paced alike. */
    void sent(int payloadLength, long nowMicros) {
        averagePayload128 += payloadLength - averagePayload128 / 128;
        nextSendNanos = Math.max(nextSendNanos, nowMicros * 1000 - MAX_DEBT_NANOS) + periodNanos();
    }

    /** Sending period PKT_SND_PERIOD, microseconds. §5.1.2. */
    double periodMicros() {
        return periodNanos() / 1e3;
    }

    /** Present limit, bytes per second. */
    long bytesPerSecond() {
        if (limit.maximumBytesPerSecond() > 0) {
            return limit.maximumBytesPerSecond();
        }
        if (limit.maximumBytesPerSecond() < 0) {
            return BandwidthLimit.UNLIMITED_BYTES_PER_SECOND;
        }
        long input = limit.inputBytesPerSecond() > 0 ? limit.inputBytesPerSecond() : measuredInput();
        return (long) (speed * (input * (100 + limit.overheadPercent()) / 100));
    }

    private long periodNanos() {
        return (averagePayload128 / 128 + DataHeader.COUNTED_LENGTH) * 1_000_000_000 / bytesPerSecond();
    }

    private long measuredInput() {
        // Nothing is known yet: rather too fast for half a second than a stalled start.
        return measuredBytesPerSecond == 0
                ? BandwidthLimit.UNLIMITED_BYTES_PER_SECOND
                : Math.max(measuredBytesPerSecond, MIN_INPUT_BYTES_PER_SECOND);
    }

    /**
     * Measures the rate at which payloads come in. Not the rate at which they leave: that one obeys the limit that is
     * derived from this, and would hold a stream down that has become faster.
     *
     * @param arrivals how many have come so far
     */
    void measureInput(long arrivals, long nowMicros) {
        if (windowStartMicros < 0) {
            windowStartMicros = nowMicros;
            windowStartArrivals = arrivals;
        }
        long elapsed = nowMicros - windowStartMicros;
        if (elapsed >= (measuredBytesPerSecond == 0 ? FIRST_WINDOW_MICROS : WINDOW_MICROS)) {
            long bytes = (arrivals - windowStartArrivals) * (averagePayload128 / 128 + DataHeader.COUNTED_LENGTH);
            measuredBytesPerSecond = bytes * 1_000_000 / elapsed;
            windowStartArrivals = arrivals;
            windowStartMicros = nowMicros;
        }
    }
}
