package io.millrace.relay.console;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** What each connection has carried in the last ten seconds, from counters that were read once a second. */
final class RecentCounters {
    private static final int SECONDS = 10;
    private static final LegCounters NOTHING = new LegCounters(0, 0, 0, 0);

    private final Deque<Map<Long, LegCounters>> readings = new ArrayDeque<>();

    /** Takes in what was read now, with the counters since each connection's start. */
    void add(Collection<Leg> legs) {
        if (readings.size() > SECONDS) {
            readings.removeFirst();
        }
        Map<Long, LegCounters> reading = new HashMap<>();
        legs.forEach(leg -> reading.put(leg.id(), leg.counters()));
        readings.addLast(reading);
    }

    /** The same connection with its counters of the last ten seconds, or since it was first seen. */
    Leg recent(Leg leg) {
        LegCounters then = readings.stream()
                .filter(reading -> reading.containsKey(leg.id()))
                .findFirst()
                .map(reading -> reading.getOrDefault(leg.id(), NOTHING))
                .orElse(leg.counters());
        return leg.with(leg.counters().since(then));
    }

    /** For a relay that counts from the start again. */
    void clear() {
        readings.clear();
    }
}
