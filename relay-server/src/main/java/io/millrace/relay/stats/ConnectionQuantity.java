package io.millrace.relay.stats;

/** What the history of a connection has of each second, by the names of the API. */
public enum ConnectionQuantity {
    /** Bits of all packets with their headers, retransmissions included. */
    bitsPerSecond,
    rttMinMillis,
    rttMeanMillis,
    rttMaxMillis,
    /** Before recovery; of a subscriber those that were sent and that it reported, each once. */
    lostPackets,
    retransmittedPackets,
    /** Lost for good. */
    droppedPackets,
    /** Of a publisher the receive buffer, of a subscriber the send buffer. */
    bufferMillis,
    /** Sent and not acknowledged, at the second's end; 0 of a publisher. */
    flightPackets
}
