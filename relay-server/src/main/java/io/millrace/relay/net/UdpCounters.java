package io.millrace.relay.net;

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

    UdpStatistics snapshot() {
        return new UdpStatistics(
                datagramsIn,
                bytesIn,
                datagramsOut,
                bytesOut,
                segmentedSends,
                segments,
                droppedOut,
                socketErrors,
                faults);
    }
}
