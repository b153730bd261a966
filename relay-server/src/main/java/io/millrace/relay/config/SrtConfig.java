package io.millrace.relay.config;

/**
 * What every SRT connection of this relay starts from.
 *
 * @param latencyMillis the latency of the relay's receivers, and the least that a subscriber is offered
 * @param peerIdleTimeoutMillis a peer that was silent for this long is gone
 * @param flowWindowPackets packets that a publisher may have in flight, and the bound of its receive buffer; a power of
 *     two
 * @param mss bytes of the largest IP packet, headers of IP and UDP included
 * @param maxBandwidth bytes per second that a subscriber gets at most: -1 unlimited, 0 from the input rate
 * @param inputBandwidth bytes per second of a stream as assumed with {@code maxBandwidth} 0: 0 measures it
 * @param overheadPercent what {@code maxBandwidth} 0 grants on top of the input rate
 * @param retransmitPercent the most that is sent again, in percent of what is sent for the first time
 * @param cryptoMode which cipher a caller that encrypts may have chosen
 * @param kmRefreshRate packets that are sent to a subscriber by one key
 * @param kmPreAnnounce packets before its use that a key is announced; no more than half of the rate is taken
 */
public record SrtConfig(
        int latencyMillis,
        int peerIdleTimeoutMillis,
        int flowWindowPackets,
        int mss,
        long maxBandwidth,
        long inputBandwidth,
        int overheadPercent,
        int retransmitPercent,
        CryptoMode cryptoMode,
        int kmRefreshRate,
        int kmPreAnnounce) {

    /** Less would be a switch of keys within a round trip. */
    private static final int MIN_REFRESH = 100;

    private static final long MAX_BYTES_PER_SECOND = 1_000_000_000_000L;

    /** What callers may encrypt with. */
    public enum CryptoMode {
        /** Whatever the caller has chosen. */
        AUTO,
        /** AES in counter mode only. */
        CTR,
        /** AES in Galois counter mode only. */
        GCM
    }

    static SrtConfig bind(Section keys) {
        return new SrtConfig(
                keys.integer("latencyMillis", 120, 0, 60_000),
                keys.integer("peerIdleTimeoutMillis", 5_000, 2_000, 60_000),
                keys.powerOfTwo("flowWindowPackets", 16_384, 256, 131_072),
                keys.integer("mss", 1_500, 116, 1_500),
                keys.longInteger("maxBandwidth", -1, -1, MAX_BYTES_PER_SECOND),
                keys.longInteger("inputBandwidth", 0, 0, MAX_BYTES_PER_SECOND),
                keys.integer("overheadPercent", 25, 5, 100),
                keys.integer("retransmitPercent", 100, 5, 1_000),
                keys.choice("cryptoMode", CryptoMode.AUTO),
                keys.integer("kmRefreshRate", 1 << 24, MIN_REFRESH, 1 << 30),
                keys.integer("kmPreAnnounce", 1 << 12, 1, 1 << 29));
    }
}
