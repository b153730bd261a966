package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What one leg has carried, in packets.
 *
 * @param packets originals: received first copies of a publisher, sent for the first time to a subscriber
 * @param retransmitted sent again
 * @param lost on the way, before recovery
 * @param dropped missing for good
 */
record LegCounters(long packets, long retransmitted, long lost, long dropped) {
    static LegCounters ofPublisher(JsonNode connection) {
        long dropped = count(connection, "pktRcvDropTotal");
        return new LegCounters(
                count(connection, "pktRecvUniqueTotal") + dropped,
                count(connection, "pktRcvRetransTotal"),
                count(connection, "pktRcvLossTotal"),
                dropped);
    }

    static LegCounters ofSubscriber(JsonNode connection) {
        return new LegCounters(
                count(connection, "pktSentUniqueTotal"),
                count(connection, "pktRetransTotal"),
                count(connection, "pktSndLossTotal"),
                count(connection, "pktSndDropTotal")
                        + count(connection, "pktLappedTotal")
                        + count(connection, "pktShedTotal"));
    }

    /** What it has carried since then. */
    LegCounters since(LegCounters then) {
        return new LegCounters(
                packets - then.packets, retransmitted - then.retransmitted, lost - then.lost, dropped - then.dropped);
    }

    /** Not a number without packets. */
    double lostPercent() {
        return percent(lost, packets);
    }

    /** Of all that was sent; not a number without packets. */
    double retransmittedPercent() {
        return percent(retransmitted, packets + retransmitted);
    }

    /** What is lost may belong to what was sent before, so it may be more than all. */
    private static double percent(long some, long all) {
        return all <= 0 ? Double.NaN : Math.min(100, Math.max(0, 100.0 * some / all));
    }

    private static long count(JsonNode connection, String name) {
        return connection.path(name).asLong(0);
    }
}
