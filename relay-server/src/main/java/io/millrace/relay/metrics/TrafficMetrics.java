package io.millrace.relay.metrics;

import io.millrace.relay.stats.ConnectionTotals;
import io.millrace.srt.connection.Statistic;

/**
 * Totals of what the data packets of connections came to, for the whole relay and for each stream. They are libsrt's: the
 * bytes of a data packet include 44 of headers.
 */
enum TrafficMetrics {
    RECEIVED_BYTES(Statistic.byteRecvTotal, "received_bytes", "Data received, with headers, repeated packets included"),
    RECEIVED_PACKETS(Statistic.pktRecvTotal, "received_packets", "Data packets received, repeated ones included"),
    RECEIVED_LOST(
            Statistic.pktRcvLossTotal,
            "received_lost_packets",
            "Packets that were missing when their successor came: the loss before recovery on the way in"),
    RECEIVED_RETRANSMITTED(
            Statistic.pktRcvRetransTotal,
            "received_retransmitted_packets",
            "Packets received that the publisher had sent once more"),
    RECEIVED_DROPPED(
            Statistic.pktRcvDropTotal,
            "received_dropped_packets",
            "Packets given up on the way in, as too late or undecryptable: the loss after recovery"),
    RECEIVED_BELATED(
            Statistic.pktRcvBelatedTotal, "received_belated_packets", "Packets that came after they were given up"),
    RECEIVED_UNDECRYPTABLE(
            Statistic.pktRcvUndecryptTotal,
            "received_undecryptable_packets",
            "Packets that could not be decrypted, mostly for another passphrase"),
    SENT_BYTES(Statistic.byteSentTotal, "sent_bytes", "Data sent, with headers, repeated packets included"),
    SENT_PACKETS(Statistic.pktSentTotal, "sent_packets", "Data packets sent, repeated ones included"),
    SENT_LOST(
            Statistic.pktSndLossTotal,
            "sent_lost_packets",
            "Packets that subscribers reported lost: the loss before recovery on the way out"),
    SENT_RETRANSMITTED(
            Statistic.pktRetransTotal, "sent_retransmitted_packets", "Packets sent to subscribers once more"),
    SENT_DROPPED(
            Statistic.pktSndDropTotal,
            "sent_dropped_packets",
            "Packets given up on the way out as too late, unsent or not acknowledged: the loss after recovery"),
    SENT_LAPPED(
            Statistic.pktLappedTotal,
            "sent_lapped_packets",
            "Packets that the stream's buffer forgot before a subscriber got them"),
    SENT_SHED(
            Statistic.pktShedTotal,
            "sent_shed_packets",
            "Packets that a subscriber was not sent because the relay was too busy");

    private final Statistic statistic;
    private final String name;
    private final String help;

    TrafficMetrics(Statistic statistic, String name, String help) {
        this.statistic = statistic;
        this.name = name;
        this.help = help;
    }

    /** Adds all of them. */
    static void collect(Samples samples, String prefix, ConnectionTotals totals, String... labels) {
        for (TrafficMetrics metric : values()) {
            samples.counter(prefix + metric.name, metric.help, totals.value(metric.statistic), labels);
        }
    }
}
