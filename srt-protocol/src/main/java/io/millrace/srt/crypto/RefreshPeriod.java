package io.millrace.srt.crypto;

/**
 * How long a stream encrypting key is used, in packets sent for the first time. draft-sharabayko-srt §6.1.6.
 *
 * @param packets sent by one key
 * @param preAnnouncePackets how long before its use the next key is announced, and how long after the last use the old
 *     one is kept at least
 */
public record RefreshPeriod(long packets, long preAnnouncePackets) {
    /** What libsrt does, too: 2^24 packets, announced 2^12 packets before. */
    public static final RefreshPeriod DEFAULT = new RefreshPeriod(1 << 24, 1 << 12);

    /** After half of the sequence numbers; all of them would repeat the counters. */
    private static final long MAX_PACKETS = 1L << 30;

    public RefreshPeriod {
        if (packets < 3 || packets > MAX_PACKETS) {
            throw new IllegalArgumentException("a key for " + packets + " packets");
        }
        if (preAnnouncePackets < 1 || preAnnouncePackets > (packets - 1) / 2) {
            throw new IllegalArgumentException(
                    "a key for " + packets + " packets, announced " + preAnnouncePackets + " before");
        }
    }

    /** The period with this number of packets, announced as early as by default or, if that is too early, as possible. */
    public static RefreshPeriod ofPackets(long packets) {
        return new RefreshPeriod(packets, Math.min(DEFAULT.preAnnouncePackets, (packets - 1) / 2));
    }
}
