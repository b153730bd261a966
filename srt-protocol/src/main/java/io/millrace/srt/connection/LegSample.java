package io.millrace.srt.connection;

/**
 * One direction of a connection at one moment, as numbers alone: the owner has one object filled again and again, and
 * nothing is allocated. Counters are since the connection's start; bytes include 44 of headers a packet.
 */
public final class LegSample {
    /** Smoothed round-trip time, microseconds; -1 while it is a guess. */
    public int rttMicros = -1;
    /** Received: timespan of what is held. Sent: age of the oldest packet that is not acknowledged. Microseconds. */
    public int bufferMicros;
    /** Packets sent and not acknowledged; 0 of what is received. */
    public long flightPackets;

    /** Everything, retransmissions included. */
    public long packets;

    public long bytes;
    /** First copies. */
    public long uniquePackets;

    public long uniqueBytes;
    /** Received: missing when their successor came. Sent: reported lost by the peer after they were sent, each once. */
    public long lostPackets;
    /** Lost for good. Received: given up. Sent: not sent, or not again, for want of time or because they were gone. */
    public long droppedPackets;

    public long retransmittedPackets;

    /** Takes over the values of another one. */
    public void set(LegSample other) {
        rttMicros = other.rttMicros;
        bufferMicros = other.bufferMicros;
        flightPackets = other.flightPackets;
        packets = other.packets;
        bytes = other.bytes;
        uniquePackets = other.uniquePackets;
        uniqueBytes = other.uniqueBytes;
        lostPackets = other.lostPackets;
        droppedPackets = other.droppedPackets;
        retransmittedPackets = other.retransmittedPackets;
    }
}
