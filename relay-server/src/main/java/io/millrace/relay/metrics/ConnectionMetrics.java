package io.millrace.relay.metrics;

import static io.millrace.relay.stats.ConnectionInfo.Role.PUBLISHER;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The open connections: how many there are of which kind, and how they fare. Round-trip times and buffers are looked at
 * once a second, so that each connection counts in a histogram for as long as it is open: the quantile of such a
 * histogram's rate is over connections and time, and needs no series for a single one.
 */
final class ConnectionMetrics {
    /** Less latency than this many round trips leaves no time to recover a packet whose retransmission is lost too. */
    private static final double LEAST_ROUND_TRIPS = 2.5;

    /** A buffer that holds more than this part of the latency is about to give packets up. */
    private static final double BUFFER_HIGH = 0.8;

    private static final String NO_ENCRYPTION = "none";

    private final Map<ConnectionInfo.Role, SampledHistogram> roundTrips = new EnumMap<>(ConnectionInfo.Role.class);
    private final Map<ConnectionInfo.Role, SampledHistogram> buffers = new EnumMap<>(ConnectionInfo.Role.class);

    ConnectionMetrics() {
        for (ConnectionInfo.Role role : ConnectionInfo.Role.values()) {
            roundTrips.put(
                    role,
                    new SampledHistogram(
                            0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1));
            buffers.put(
                    role, new SampledHistogram(0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30));
        }
    }

    /** Once a second. */
    void observe(Collection<ConnectionInfo> open) {
        for (ConnectionInfo connection : open) {
            ConnectionStatistics statistics = connection.statistics();
            if (statistics != null) {
                ConnectionInfo.Role role = connection.facts().role();
                histogram(roundTrips, role).observe(statistics.value(Statistic.msRTT) / 1e3);
                histogram(buffers, role).observe(bufferMillis(role, statistics) / 1e3);
            }
        }
    }

    void collect(Samples samples, Collection<ConnectionInfo> open) {
        for (ConnectionInfo.Role role : ConnectionInfo.Role.values()) {
            Map<String, Integer> callers = new TreeMap<>(Map.of(NO_ENCRYPTION, 0));
            Map<String, Integer> nodes = new TreeMap<>();
            int shortLatencies = 0;
            int highBuffers = 0;
            for (ConnectionInfo connection : open) {
                if (connection.facts().role() == role) {
                    Map<String, Integer> byEncryption = connection.facts().isBetweenNodes() ? nodes : callers;
                    byEncryption.merge(connection.facts().encryption(), 1, Integer::sum);
                    shortLatencies += isLatencyShort(connection) ? 1 : 0;
                    highBuffers += isBufferHigh(connection) ? 1 : 0;
                }
            }
            String label = label(role);
            collect(samples, label, "caller", callers);
            collect(samples, label, "node", nodes);
            samples.gauge(
                    "millrace_connections_latency_short",
                    "Open connections whose latency is less than 2.5 times their round-trip time",
                    shortLatencies,
                    "role",
                    label);
            samples.gauge(
                    "millrace_connections_buffer_high",
                    "Open connections on which packets have been missing, or not acknowledged, for more than 80 % of their"
                            + " latency: they are about to be given up",
                    highBuffers,
                    "role",
                    label);
            samples.histogram(
                    "millrace_connection_rtt_seconds",
                    "Smoothed round-trip time; every open connection counts once a second",
                    histogram(roundTrips, role),
                    "role",
                    label);
        }
        samples.histogram(
                "millrace_connection_receive_buffer_seconds",
                "Time that packets span which wait behind one that a publisher has to send again; every open connection"
                        + " counts once a second",
                histogram(buffers, PUBLISHER));
        samples.histogram(
                "millrace_connection_send_buffer_seconds",
                "Age of the oldest packet that a subscriber has not acknowledged; every open connection counts once a"
                        + " second",
                histogram(buffers, ConnectionInfo.Role.SUBSCRIBER));
    }

    /** @param peer "node" for what goes between the nodes of a cluster */
    private static void collect(Samples samples, String role, String peer, Map<String, Integer> byEncryption) {
        byEncryption.forEach((encryption, count) -> samples.gauge(
                "millrace_connections",
                "Open connections",
                count,
                "role",
                role,
                "peer",
                peer,
                "encryption",
                encryption));
    }

    private static boolean isLatencyShort(ConnectionInfo connection) {
        ConnectionStatistics statistics = connection.statistics();
        return statistics != null
                && statistics.value(Statistic.msRTT) * LEAST_ROUND_TRIPS
                        > connection.facts().latencyMillis();
    }

    private static boolean isBufferHigh(ConnectionInfo connection) {
        ConnectionStatistics statistics = connection.statistics();
        return statistics != null
                && bufferMillis(connection.facts().role(), statistics)
                        > connection.facts().latencyMillis() * BUFFER_HIGH;
    }

    private static double bufferMillis(ConnectionInfo.Role role, ConnectionStatistics statistics) {
        return statistics.value(role == PUBLISHER ? Statistic.msRcvBuf : Statistic.msSndBuf);
    }

    private static SampledHistogram histogram(
            Map<ConnectionInfo.Role, SampledHistogram> histograms, ConnectionInfo.Role role) {
        return Objects.requireNonNull(histograms.get(role));
    }

    private static String label(ConnectionInfo.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
