package io.millrace.relay.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the tables show it. Texts are as the API has them, so not to be printed without {@link PrintableText}.
 *
 * @param ageMillis and what follows may be not a number where the relay has not measured yet
 * @param counters since the start, or of a shorter time
 * @param sufficient whether the link is set as the adviser would set it; null while there is no advice
 * @param advice the adviser's sentence; empty while there is none
 */
record Leg(
        long id,
        String label,
        boolean publisher,
        String stream,
        String peer,
        double ageMillis,
        double bitsPerSecond,
        double rttMillis,
        double latencyMillis,
        LegCounters counters,
        @Nullable Boolean sufficient,
        String advice) {
    /** The columns that every table of connections ends with. */
    static final List<TextTable.Column> COLUMNS = List.of(
            TextTable.Column.number("AGE", ""),
            TextTable.Column.number("RATE", "Mbit/s"),
            TextTable.Column.number("RTT", "ms"),
            TextTable.Column.number("LATENCY", "ms"),
            TextTable.Column.number("LOST", "%"),
            TextTable.Column.number("RESENT", "%"),
            TextTable.Column.number("DROP", "pkt"),
            TextTable.Column.word("LINK"));

    /** From where people begin to look at a loss, %; in the order by trouble, less is as good as none. */
    private static final double NOTABLE_LOSS_PERCENT = 0.01;

    /** Whose viewers miss something comes first, then who may soon. */
    static final Comparator<Leg> BY_TROUBLE = Comparator.comparingLong((Leg leg) -> -leg.counters.dropped())
            .thenComparing(leg -> !leg.isBadlySet())
            .thenComparing(leg -> -leg.notableLoss())
            .thenComparing(Leg::id);

    static Leg of(JsonNode connection) {
        boolean publisher = connection.path("role").asText("").equals("publisher");
        JsonNode advice = connection.path("advice");
        return new Leg(
                connection.path("id").asLong(),
                connection.path("label").asText(""),
                publisher,
                connection.path("stream").asText(""),
                connection.path("peer").asText(""),
                Figures.number(connection, "msTimeStamp"),
                Figures.number(connection, publisher ? "mbpsRecvRate" : "mbpsSendRate") * 1e6,
                Figures.number(connection, "msRTT"),
                Figures.number(connection, "latencyMillis"),
                publisher ? LegCounters.ofPublisher(connection) : LegCounters.ofSubscriber(connection),
                advice.path("sufficient").isBoolean()
                        ? advice.path("sufficient").asBoolean()
                        : null,
                advice.path("sentence").asText(""));
    }

    /** The same with the counters of another time. */
    Leg with(LegCounters other) {
        return new Leg(
                id,
                label,
                publisher,
                stream,
                peer,
                ageMillis,
                bitsPerSecond,
                rttMillis,
                latencyMillis,
                other,
                sufficient,
                advice);
    }

    /** Whether the adviser would set it otherwise. */
    boolean isBadlySet() {
        return Boolean.FALSE.equals(sufficient);
    }

    /** Whether something went missing for good, or may soon. */
    boolean isInTrouble() {
        return counters.dropped() > 0 || isBadlySet();
    }

    private double notableLoss() {
        double percent = counters.lostPercent();
        return percent >= NOTABLE_LOSS_PERCENT ? percent : 0;
    }

    /** What the columns of {@link #COLUMNS} have of it. */
    List<String> figures() {
        return List.of(
                Figures.age(ageMillis),
                Figures.megabits(bitsPerSecond),
                Figures.decimal(rttMillis, 1),
                Figures.whole(latencyMillis),
                Figures.percent(counters.lostPercent()),
                Figures.percent(counters.retransmittedPercent()),
                Long.toString(counters.dropped()),
                sufficient == null ? Figures.NONE : sufficient ? "ok" : "bad");
    }
}
