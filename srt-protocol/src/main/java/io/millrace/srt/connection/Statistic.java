package io.millrace.srt.connection;

/**
 * The statistics of a connection, by the names of libsrt's {@code CBytePerfMon}. Packets and bytes count from connection
 * start; bytes include 44 of headers a packet.
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
    /** Given up by the receiver. */
    pktRcvDropTotal,
    pktRcvUndecryptTotal,
    byteRcvUndecryptTotal,
    /** Received after they were given up. */
    pktRcvBelatedTotal,
    /** Greatest distance by which an original packet came late, packets. */
    pktReorderDistance,
    /** Packets that the stream's log forgot before this subscriber got them. Ours, not libsrt's. */
    pktLappedTotal,
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
    msRcvTsbPdDelay
}
