package io.millrace.relay.net;

import java.util.OptionalLong;

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
 * @param receiveDrops datagrams that the kernel threw away on their way in, mostly because the receive buffer was full;
 *     some seconds old, and empty where the kernel doesn't tell
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
        long faults,
        OptionalLong receiveDrops) {}
