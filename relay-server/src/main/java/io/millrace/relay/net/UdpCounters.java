package io.millrace.relay.net;

import java.util.OptionalLong;

/** The counters of one socket, written and read on its loop. */
final class UdpCounters {
    long datagramsIn;
    long bytesIn;
    long datagramsOut;
    long bytesOut;
    long segmentedSends;
    long segments;
    long droppedOut;
    long socketErrors;
    long faults;

    private final LoopMeter loop;

    UdpCounters(LoopMeter loop) {
        this.loop = loop;
    }

    /** So many datagrams were handed to the kernel as one. */
    void sent(int datagrams) {
        loop.sent(datagrams);
        if (datagrams > 1) {
            segmentedSends++;
            segments += datagrams;
        }
    }

    UdpStatistics snapshot(OptionalLong receiveDrops) {
        return new UdpStatistics(
                datagramsIn,
                bytesIn,
                datagramsOut,
                bytesOut,
                segmentedSends,
                segments,
                droppedOut,
                socketErrors,
                faults,
                receiveDrops);
    }
}
