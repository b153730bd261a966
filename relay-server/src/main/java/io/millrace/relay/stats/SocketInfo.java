package io.millrace.relay.stats;

import io.millrace.relay.net.UdpStatistics;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.packet.Malformed;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A snapshot of one UDP socket of a listener.
 *
 * @param listener name of the listener
 * @param local address of the socket
 * @param loop number of the event loop that reads it
 * @param publishers connected to it
 * @param subscribers connected to it
 * @param meanWaitMicros what a connection waited for its turn to be sent to, in the last second
 * @param overloaded whether new requests are refused for that
 * @param receiveBufferBytes what the kernel has granted
 * @param sendBufferBytes what the kernel has granted
 * @param datagrams what it has carried
 * @param strays what went astray between it and the listener's other sockets
 * @param malformed datagrams that were no SRT packets, by reason
 * @param discarded packets that were thrown away, by reason
 */
public record SocketInfo(
        String listener,
        InetSocketAddress local,
        int loop,
        int publishers,
        int subscribers,
        long meanWaitMicros,
        boolean overloaded,
        int receiveBufferBytes,
        int sendBufferBytes,
        UdpStatistics datagrams,
        StrayCounts strays,
        Map<Malformed, Long> malformed,
        Map<Discarded, Long> discarded) {
    public SocketInfo {
        malformed = Map.copyOf(malformed);
        discarded = Map.copyOf(discarded);
    }

    /** Open on it. */
    public int connections() {
        return publishers + subscribers;
    }
}
