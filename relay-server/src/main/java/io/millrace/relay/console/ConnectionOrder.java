package io.millrace.relay.console;

import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/** In which order connections are listed; numbers that matter from the highest on. */
enum ConnectionOrder {
    ID,
    STREAM,
    PEER,
    AGE,
    RATE,
    RTT,
    LATENCY,
    LOST,
    RESENT,
    DROP,
    TROUBLE;

    /** What is equal is by id. */
    Comparator<Leg> comparator() {
        Comparator<Leg> byId = Comparator.comparingLong(Leg::id);
        Comparator<Leg> order = switch (this) {
            case ID -> byId;
            case STREAM -> Comparator.comparing(Leg::stream);
            case PEER -> Comparator.comparing(Leg::peer);
            case AGE -> highestFirst(Leg::ageMillis);
            case RATE -> highestFirst(Leg::bitsPerSecond);
            case RTT -> highestFirst(Leg::rttMillis);
            case LATENCY -> highestFirst(Leg::latencyMillis);
            case LOST -> highestFirst(leg -> leg.counters().lostPercent());
            case RESENT -> highestFirst(leg -> leg.counters().retransmittedPercent());
            case DROP -> highestFirst(leg -> leg.counters().dropped());
            case TROUBLE -> Leg.BY_TROUBLE;
        };
        return order.thenComparing(byId);
    }

    private static Comparator<Leg> highestFirst(ToDoubleFunction<Leg> figure) {
        // What is not known is the least of all.
        return Comparator.comparingDouble(
                leg -> Double.isNaN(figure.applyAsDouble(leg)) ? Double.MAX_VALUE : -figure.applyAsDouble(leg));
    }
}
