package io.millrace.relay.console;

import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/** In which order connections are listed; numbers that matter from the highest on. */
enum ConnectionOrder {
    ID(Comparator.comparingLong(Leg::id)),
    STREAM(Comparator.comparing(Leg::stream)),
    PEER(Comparator.comparing(Leg::peer)),
    AGE(highestFirst(Leg::ageMillis)),
    RATE(highestFirst(Leg::bitsPerSecond)),
    RTT(highestFirst(Leg::rttMillis)),
    LATENCY(highestFirst(Leg::latencyMillis)),
    LOST(highestFirst(leg -> leg.counters().lostPercent())),
    RESENT(highestFirst(leg -> leg.counters().retransmittedPercent())),
    DROP(highestFirst(leg -> leg.counters().dropped())),
    TROUBLE(Leg.BY_TROUBLE);

    private final Comparator<Leg> comparator;

    ConnectionOrder(Comparator<Leg> comparator) {
        this.comparator = comparator;
    }

    /** The rest by id. */
    Comparator<Leg> comparator() {
        return comparator.thenComparingLong(Leg::id);
    }

    private static Comparator<Leg> highestFirst(ToDoubleFunction<Leg> figure) {
        // What is not known is the least of all.
        return Comparator.comparingDouble(
                leg -> Double.isNaN(figure.applyAsDouble(leg)) ? Double.MAX_VALUE : -figure.applyAsDouble(leg));
    }
}
