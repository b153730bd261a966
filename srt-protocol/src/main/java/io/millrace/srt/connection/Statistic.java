package io.millrace.srt.connection;

/**
 * The statistics of a connection, by the names of libsrt's {@code CBytePerfMon}. Packets and bytes count from connection
 * start; bytes include 44 of headers a packet.
 *
 * <p>Complete but for what only groups have. Those of libsrt that count from the last clear are the differences of two
 * snapshots ({@link ConnectionStatistics#since}), where {@code pktReorderDistance} stays the greatest since the start and
 * {@code pktRcvAvgBelatedTime} the mean since the start.
 */
public enum Statistic {
    /** Age of the connection, ms. */
    msTimeStamp,
    /** Data packets sent, retransmissions included. */
    pktSentTotal,
    byteSentTotal,
    /** Data packets sent for the first time. */
    pktSentUniqueTotal,
    byteSentUniqueTotal,
    /** Data packets received, duplicates included. */
    pktRecvTotal,
    byteRecvTotal,
    /** First copies of data packets. */
    pktRecvUniqueTotal,
    byteRecvUniqueTotal,
    /** Packets that the peer reported lost. */
    pktSndLossTotal,
    /** Packets that were missing when their successor came. */
    pktRcvLossTotal,
    /** The same in bytes: packets times the average packet. */
    byteRcvLossTotal,
    pktRetransTotal,
    byteRetransTotal,
    /** Packets received with the retransmission flag. */
    pktRcvRetransTotal,
    pktSentACKTotal,
    pktRecvACKTotal,
    pktSentNAKTotal,
    pktRecvNAKTotal,
    /** Too late to be sent. */
    pktSndDropTotal,
    /** The same in bytes: packets times the average packet. */
    byteSndDropTotal,
    /** Given up by the receiver. */
    pktRcvDropTotal,
    /** The same in bytes: packets times the average packet. */
    byteRcvDropTotal,
    pktRcvUndecryptTotal,
    byteRcvUndecryptTotal,
    /** Received after they were given up. */
    pktRcvBelatedTotal,
    /** By how much they missed the time of their delivery on average, ms. */
    pktRcvAvgBelatedTime,
    /** Greatest distance by which an original packet came late, packets. */
    pktReorderDistance,
    /** Packets that a loss report waits for a late original: always 0, losses are reported at once. */
    pktReorderTolerance,
    /** Packets of the packet filter sent: 0, there is no packet filter yet. */
    pktSndFilterExtraTotal,
    /** Packets of the packet filter received: 0, there is no packet filter yet. */
    pktRcvFilterExtraTotal,
    /** Packets that the packet filter restored: 0, there is no packet filter yet. */
    pktRcvFilterSupplyTotal,
    /** Packets that the packet filter could not restore: 0, there is no packet filter yet. */
    pktRcvFilterLossTotal,
    /** Time during which there was something to send or unacknowledged, µs. */
    usSndDurationTotal,
    /** Packets that the stream's log forgot before this subscriber got them. Ours, not libsrt's. */
    pktLappedTotal,
    /** Packets that this side was too busy to send in time. Ours, not libsrt's. */
    pktShedTotal,
    /** Smoothed round-trip time, ms. */
    msRTT,
    /** Estimated link capacity, Mbit/s. */
    mbpsBandwidth,
    /** Present limit of the sending rate, Mbit/s. */
    mbpsMaxBW,
    /** Rate over the last interval, Mbit/s. */
    mbpsSendRate,
    mbpsRecvRate,
    /** Sending period, µs. */
    usPktSndPeriod,
    /** Packets that the peer's buffer allows unacknowledged. */
    pktFlowWindow,
    /** Limit of packets in flight by congestion control: none in live mode, so the flow window. */
    pktCongestionWindow,
    /** Packets sent and not acknowledged. */
    pktFlightSize,
    /** Bytes of a full packet with its headers. */
    byteMSS,
    /** What the peer's buffer allows beyond that, bytes: there is no send buffer of its own that could be full. */
    byteAvailSndBuf,
    /** Sent and not acknowledged: packets, bytes, age of the oldest in ms. */
    pktSndBuf,
    byteSndBuf,
    msSndBuf,
    /** Received and held: packets, bytes, timespan in ms. */
    pktRcvBuf,
    byteRcvBuf,
    msRcvBuf,
    /** Free receive buffer, bytes. */
    byteAvailRcvBuf,
    /** Latency of the peer's receiver, ms. */
    msSndTsbPdDelay,
    /** Latency of our receiver, ms. */
    msRcvTsbPdDelay;

    private static final String TOTAL = "Total";

    /** Whether it counts up from the connection's start. What doesn't is a present value, a mean or a maximum. */
    public boolean accumulates() {
        return name().endsWith(TOTAL);
    }

    /** The name of the same statistic since some later time: libsrt's names for those since the last clear. */
    public String intervalName() {
        return accumulates() ? name().substring(0, name().length() - TOTAL.length()) : name();
    }
}
