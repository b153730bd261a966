package io.millrace.relay.stats;

/** What the history of a stream has of each second or ten seconds, by the names of the API. */
public enum StreamQuantity {
    /** What its publisher sent, retransmissions and headers included. */
    inBitsPerSecond,
    /** The part of it that was sent again. */
    inRetransmittedBitsPerSecond,
    /** What its subscribers were sent, likewise. */
    outBitsPerSecond,
    /** The part of it that was sent again. */
    outRetransmittedBitsPerSecond,
    /** The most that there were. */
    subscribers,
    /** On the way from the publisher, before recovery. */
    lostPackets,
    /** On the way from the publisher, for good. */
    droppedPackets,
    /** Retransmissions that came from the publisher. */
    retransmittedPackets,
    /** Round-trip time to the publisher; not a number without one. */
    rttMeanMillis,
    rttMaxMillis,
    /** The most that was held in the publisher's receive buffer. */
    bufferMillis
}
