package io.millrace.relay.metrics;

import io.millrace.relay.stats.AttemptCounts;
import io.millrace.relay.stats.ClusterStrayCounts;
import io.millrace.relay.stats.ListenerTotals;
import io.millrace.relay.stats.SocketInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** The listeners: who called, what their sockets have carried and thrown away, and how these fare. */
final class ListenerMetrics {
    private static final String LISTENER = "listener";
    private static final String REASON = "reason";
    private static final String OUTCOME = "outcome";

    private ListenerMetrics() {}

    static void collectAttempts(Samples samples, List<AttemptCounts> attempts) {
        for (AttemptCounts counts : attempts) {
            byReason(
                    samples,
                    "millrace_attempts_accepted",
                    "Callers that were let in, by what they do",
                    counts.listener(),
                    "action",
                    counts.accepted());
            byReason(
                    samples,
                    "millrace_attempts_refused",
                    "Callers that were turned away, by the reason that they were told",
                    counts.listener(),
                    REASON,
                    counts.refused());
        }
    }

    static void collectTotals(Samples samples, List<ListenerTotals> listeners) {
        for (ListenerTotals totals : listeners) {
            String listener = totals.listener();
            total(samples, "datagrams_received", "Datagrams received, of any kind", totals.datagramsIn(), listener);
            total(samples, "datagrams_received_bytes", "UDP payload received, of any kind", totals.bytesIn(), listener);
            total(
                    samples,
                    "datagrams_sent",
                    "Datagrams handed to the network, of any kind",
                    totals.datagramsOut(),
                    listener);
            total(
                    samples,
                    "datagrams_sent_bytes",
                    "UDP payload handed to the network, of any kind",
                    totals.bytesOut(),
                    listener);
            total(
                    samples,
                    "datagrams_unsent",
                    "Datagrams that were thrown away because a socket's send queue was full",
                    totals.droppedOut(),
                    listener);
            total(samples, "socket_errors", "Failed system calls of sockets", totals.socketErrors(), listener);
            total(
                    samples,
                    "socket_faults",
                    "Exceptions of the relay's own code, each a bug",
                    totals.faults(),
                    listener);
            total(
                    samples,
                    "socket_receive_drops",
                    "Datagrams that the kernel threw away on their way in, mostly because a receive buffer was full",
                    totals.receiveDrops(),
                    listener);
            total(
                    samples,
                    "strays_handed_over",
                    "Datagrams that came to another socket than their connection's, and were handed to it",
                    totals.strays().handedOver(),
                    listener);
            total(
                    samples,
                    "strays_dropped",
                    "Datagrams that came to another socket than their connection's, and were too many to be handed over",
                    totals.strays().dropped(),
                    listener);
            addClusterStrays(samples, listener, totals.strays().cluster());
            byReason(
                    samples,
                    "millrace_datagrams_malformed",
                    "Datagrams that were no SRT packets",
                    listener,
                    REASON,
                    totals.malformed());
            byReason(
                    samples,
                    "millrace_datagrams_discarded",
                    "Well-formed packets that were thrown away",
                    listener,
                    REASON,
                    totals.discarded());
        }
    }

    private static void addClusterStrays(Samples samples, String listener, ClusterStrayCounts strays) {
        byReason(
                samples,
                "millrace_stray_lookups",
                "Questions to the cluster whose a datagram is that is for no connection of this node",
                listener,
                OUTCOME,
                strays.lookups());
        total(
                samples,
                "strays_forwarded",
                "Datagrams of peers that were passed on to the node that has their connection",
                strays.forwarded(),
                listener);
        total(
                samples,
                "strays_returned",
                "Datagrams of other nodes that were passed on to their peers",
                strays.returned(),
                listener);
        total(
                samples,
                "strays_forward_dropped",
                "Datagrams between peers and other nodes that were not passed on",
                strays.dropped(),
                listener);
    }

    /** Of several sockets the worst one is shown. */
    static void collectState(Samples samples, List<SocketInfo> sockets) {
        for (String listener :
                new TreeSet<>(sockets.stream().map(SocketInfo::listener).toList())) {
            List<SocketInfo> own = sockets.stream()
                    .filter(socket -> socket.listener().equals(listener))
                    .toList();
            samples.gauge("millrace_listener_sockets", "Open sockets", own.size(), LISTENER, listener);
            samples.gauge(
                    "millrace_listener_send_wait_seconds",
                    "What a connection waited on average for its turn to be sent to, in the last second, on the busiest"
                            + " socket",
                    greatest(own, SocketInfo::meanWaitMicros) / 1e6,
                    LISTENER,
                    listener);
            samples.gauge(
                    "millrace_listener_overloaded",
                    "1 while a socket refuses new requests because connections wait too long for their turn",
                    greatest(own, socket -> socket.overloaded() ? 1 : 0),
                    LISTENER,
                    listener);
            samples.gauge(
                    "millrace_socket_receive_buffer_bytes",
                    "Receive buffer that the kernel has granted to the socket that has least",
                    -greatest(own, socket -> -socket.receiveBufferBytes()),
                    LISTENER,
                    listener);
            samples.gauge(
                    "millrace_socket_send_buffer_bytes",
                    "Send buffer that the kernel has granted to the socket that has least",
                    -greatest(own, socket -> -socket.sendBufferBytes()),
                    LISTENER,
                    listener);
        }
    }

    private static long greatest(List<SocketInfo> sockets, ToLongFunction<SocketInfo> value) {
        return sockets.stream().mapToLong(value).max().orElseThrow();
    }

    private static void total(Samples samples, String name, String help, long value, String listener) {
        samples.counter("millrace_" + name, help, value, LISTENER, listener);
    }

    private static void byReason(
            Samples samples,
            String name,
            String help,
            String listener,
            String label,
            Map<? extends Enum<?>, Long> counts) {
        new TreeMap<>(counts)
                .forEach((reason, count) -> samples.counter(
                        name,
                        help,
                        count,
                        LISTENER,
                        listener,
                        label,
                        reason.name().toLowerCase(Locale.ROOT)));
    }
}
