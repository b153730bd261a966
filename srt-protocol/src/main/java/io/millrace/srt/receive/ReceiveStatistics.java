package io.millrace.srt.receive;

/**
 * Counters of a receiver since connection start, by libsrt's names. Bytes include 44 of headers a packet, as libsrt
 * counts. One writer; a reader on another thread takes a snapshot on the writer's.
 */
public final class ReceiveStatistics {
    /** All data packets, duplicates too. */
    public long pktRecvTotal;

    public long byteRecvTotal;
    /** First copies. */
    public long pktRecvUniqueTotal;

    public long byteRecvUniqueTotal;
    /** Gaps seen on arrival. */
    public long pktRcvLossTotal;
    /** With the retransmission flag. */
    public long pktRcvRetransTotal;
    /** Given up: too late, by drop request or undecryptable. */
    public long pktRcvDropTotal;
    /** Came after they were given up or delivered. */
    public long pktRcvBelatedTotal;

    /** By how much in sum, against the time of their delivery. */
    public long belatedMicros;

    public long pktRcvUndecryptTotal;
    public long byteRcvUndecryptTotal;
    /** Full and small ACKs. */
    public long pktSentACKTotal;

    public long pktSentNAKTotal;
    /** Greatest distance by which an original packet came late. */
    public long pktReorderDistance;
    /** Times that the sender jumped further ahead than the buffer reaches. */
    public long sequenceJumps;
    /** Data packets longer than the negotiated segment size allows. */
    public long oversizedPackets;
}
