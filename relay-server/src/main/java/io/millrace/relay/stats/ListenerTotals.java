package io.millrace.relay.stats;

import io.millrace.relay.net.UdpStatistics;
import io.millrace.srt.endpoint.Discarded;
import io.millrace.srt.packet.Malformed;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the sockets of one listener have counted since the start of the process, closed ones included.
 *
 * @param datagramsIn received
 * @param bytesIn of UDP payload
 * @param datagramsOut handed to the network
 * @param bytesOut of UDP payload
 * @param droppedOut not sent because a socket's queue was full
 * @param socketErrors failed system calls
 * @param faults exceptions of our own code
 * @param receiveDrops datagrams that the kernel threw away on their way in, as far as it tells
 * @param strays what went astray between the sockets
 * @param malformed datagrams that were no SRT packets, by reason
 * @param discarded packets that were thrown away, by reason
 */
public record ListenerTotals(
        String listener,
        long datagramsIn,
        long bytesIn,
        long datagramsOut,
        long bytesOut,
        long droppedOut,
        long socketErrors,
        long faults,
        long receiveDrops,
        StrayCounts strays,
        Map<Malformed, Long> malformed,
        Map<Discarded, Long> discarded) {
    public ListenerTotals {
        malformed = Map.copyOf(malformed);
        discarded = Map.copyOf(discarded);
    }

    static ListenerTotals none(String listener) {
        return new ListenerTotals(
                listener, 0, 0, 0, 0, 0, 0, 0, 0, StrayCounts.NONE, zeros(Malformed.class), zeros(Discarded.class));
    }

    ListenerTotals plus(SocketInfo socket) {
        UdpStatistics datagrams = socket.datagrams();
        return new ListenerTotals(
                listener,
                datagramsIn + datagrams.datagramsIn(),
                bytesIn + datagrams.bytesIn(),
                datagramsOut + datagrams.datagramsOut(),
                bytesOut + datagrams.bytesOut(),
                droppedOut + datagrams.droppedOut(),
                socketErrors + datagrams.socketErrors(),
                faults + datagrams.faults(),
                receiveDrops + datagrams.receiveDrops().orElse(0),
                strays.plus(socket.strays()),
                sum(Malformed.class, malformed, socket.malformed()),
                sum(Discarded.class, discarded, socket.discarded()));
    }

    private static <E extends Enum<E>> Map<E, Long> zeros(Class<E> reasons) {
        return sum(reasons, Map.of(), Map.of());
    }

    private static <E extends Enum<E>> Map<E, Long> sum(Class<E> reasons, Map<E, Long> one, Map<E, Long> other) {
        Map<E, Long> sum = new EnumMap<>(reasons);
        for (E reason : reasons.getEnumConstants()) {
            sum.put(reason, one.getOrDefault(reason, 0L) + other.getOrDefault(reason, 0L));
        }
        return sum;
    }
}
