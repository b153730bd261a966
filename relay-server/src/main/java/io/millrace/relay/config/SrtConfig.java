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
 */
public record SrtConfig(
        int latencyMillis,
        int peerIdleTimeoutMillis,
        int flowWindowPackets,
        int mss,
        long maxBandwidth,
        long inputBandwidth,
        int overheadPercent,
        int retransmitPercent) {

    private static final long MAX_BYTES_PER_SECOND = 1_000_000_000_000L;

    static SrtConfig bind(Section keys) {
        return new SrtConfig(
                keys.integer("latencyMillis", 120, 0, 60_000),
                keys.integer("peerIdleTimeoutMillis", 5_000, 2_000, 60_000),
                keys.powerOfTwo("flowWindowPackets", 16_384, 256, 131_072),
                keys.integer("mss", 1_500, 116, 1_500),
                keys.longInteger("maxBandwidth", -1, -1, MAX_BYTES_PER_SECOND),
                keys.longInteger("inputBandwidth", 0, 0, MAX_BYTES_PER_SECOND),
                keys.integer("overheadPercent", 25, 5, 100),
                keys.integer("retransmitPercent", 100, 5, 1_000));
    }
}
