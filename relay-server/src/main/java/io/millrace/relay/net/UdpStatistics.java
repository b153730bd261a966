package io.millrace.relay.net;

/**
 * What one socket has done since it was opened.
 *
 * @param datagramsIn received
 * @param bytesIn of UDP payload
 * @param datagramsOut handed to the network, whether or not it took them
 * @param bytesOut of UDP payload
 * @param segmentedSends handed to the kernel as one with others
 * @param segments datagrams within those
 * @param droppedOut not sent because the socket's queue was full
 * @param socketErrors failed system calls; for a send, whatever it carried is lost as if the network had lost it
 * @param faults exceptions of our own code, each a bug
 */
public record UdpStatistics(
        long datagramsIn,
        long bytesIn,
        long datagramsOut,
        long bytesOut,
        long segmentedSends,
        long segments,
        long droppedOut,
        long socketErrors,
        long faults) {}
