package io.millrace.relay.ts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was wrong with a stream, and when: a count for each indicator, and the last {@link #MAX_EVENTS} events. It outlives
 * the publisher. The same on the same PID within a second is one event, so that a storm neither costs much nor drives out
 * what came before it.
 */
public final class TsJournal {
    /** Older events are forgotten. */
    public static final int MAX_EVENTS = 100;

    /** An indicator fails for so long after it was last seen. */
    public static final long FAILING_MICROS = 10_000_000;

    private static final long SAME_EVENT_MICROS = 1_000_000;
    /** As far back the same event is looked for. */
    private static final int LOOK_BACK = 16;

    private final long[] counts = new long[TsIndicator.values().length];
    private final long[] lastMicros = new long[counts.length];
    private final @Nullable TsEvent[] events = new TsEvent[MAX_EVENTS];
    private long recorded;

    /** Something happened, so many times. */
    void record(TsIndicator indicator, int pid, long times, long micros) {
        counts[indicator.ordinal()] += times;
        lastMicros[indicator.ordinal()] = micros;
        for (long back = recorded - 1; back >= Math.max(0, recorded - LOOK_BACK); back--) {
            int slot = (int) (back % MAX_EVENTS);
            TsEvent event = events[slot];
            if (event != null && event.indicator() == indicator && event.pid() == pid) {
                if (micros - event.firstMicros() < SAME_EVENT_MICROS) {
                    events[slot] = event.again(times, micros);
                    return;
                }
                break;
            }
        }
        events[(int) (recorded++ % MAX_EVENTS)] = new TsEvent(indicator, pid, times, micros, micros);
    }

    long count(TsIndicator indicator) {
        return counts[indicator.ordinal()];
    }

    /** Those of TR 101 290. */
    List<IndicatorState> states(long nowMicros) {
        return Arrays.stream(TsIndicator.values())
                .filter(indicator -> indicator.priority() > 0)
                .map(indicator -> {
                    long count = counts[indicator.ordinal()];
                    long last = lastMicros[indicator.ordinal()];
                    return new IndicatorState(indicator, count, last, count > 0 && nowMicros - last < FAILING_MICROS);
                })
                .toList();
    }

    /** Newest first. */
    List<TsEvent> events() {
        List<TsEvent> newestFirst = new ArrayList<>();
        for (long back = recorded - 1; back >= Math.max(0, recorded - MAX_EVENTS); back--) {
            TsEvent event = events[(int) (back % MAX_EVENTS)];
            if (event != null) {
                newestFirst.add(event);
            }
        }
        return newestFirst;
    }
}
