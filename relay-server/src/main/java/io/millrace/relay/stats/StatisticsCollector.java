package io.millrace.relay.stats;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes histories and summaries of what the connections' loops have sampled, once a second, on a thread that carries no media.
 */
public final class StatisticsCollector {
    private final ConnectionDirectory connections;
    private final StreamHistories streams;
    private final AttemptLog attempts;
    private final Set<ConnectionInfo> known = new HashSet<>();
    private final LegReading reading = new LegReading();

    public StatisticsCollector(ConnectionDirectory connections, StreamHistories streams, AttemptLog attempts) {
        this.connections = connections;
        this.streams = streams;
        this.attempts = attempts;
    }

    /** A second has passed; one call at a time. */
    public void secondPassed(Instant now) {
        // To the nearest second: the timer is late rather than early, but the clock may be put right.
        long epochSecond = now.plusMillis(500).getEpochSecond();
        Collection<ConnectionInfo> open = connections.connections();
        releaseAllBut(open);
        for (ConnectionInfo connection : open) {
            @Nullable LinkSecond second = connection.meter().secondPassed(reading, epochSecond);
            streams.add(connection, second);
        }
        streams.secondPassed(epochSecond);
        attempts.secondPassed();
    }

    /** What closed since the last time gives its memory back here: the loop that it lived on waits for no reader. */
    private void releaseAllBut(Collection<ConnectionInfo> open) {
        known.removeAll(open);
        known.forEach(closed -> closed.meter().release());
        known.clear();
        known.addAll(open);
    }
}
