package io.millrace.srt.send;

/** Counters of a sender since connection start, by libsrt's names. Bytes include 44 of headers a packet. One writer. */
public final class SendStatistics {
    /** All data packets, retransmissions included. */
    public long pktSentTotal;

    public long byteSentTotal;
    /** First transmissions. */
    public long pktSentUniqueTotal;

    public long byteSentUniqueTotal;
    public long pktRetransTotal;
    public long byteRetransTotal;
    /** Packets that the peer reported lost; a repeated report counts again. */
    public long pktSndLossTotal;
    /** Of these what had been sent, each packet once: what was lost on the way, as far as the peer's reports tell. */
    public long lostOnTheWay;
    /** Too late to be sent. */
    public long pktSndDropTotal;

    /** Dropped before it was ever sent, because this side has more to do than it can. */
    public long pktShed;

    /** Time during which there was something to send or unacknowledged, up to the last time that there was nothing. */
    public long usSndDurationTotal;

    public long pktRecvACKTotal;
    public long pktRecvNAKTotal;
    /** Payloads that the log forgot before they were sent: the subscriber fell behind it. */
    public long pktLapped;
    /** Retransmissions put off for lack of budget. */
    public long retransmissionsDeferred;
    /** Acknowledgements and loss reports of packets that were never sent. */
    public long roguePackets;
}
