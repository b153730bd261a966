package io.millrace.srt.send;

import io.millrace.srt.packet.Payload;
import java.util.List;

/**
 * What a connection is sent first that begins in the past of its log: it goes through what is there faster than that came,
 * until it has caught up.
 *
 * @param beginning payloads that stand for those of the log at their positions, which follow one another; the last one's
 *     origin is that of the one that it stands for
 * @param firstArrival arrival of the log to go on with: what the last of them stands for, or what came before that and lies
 *     behind it
 * @param speed how many seconds of the log go into one, more than 1
 */
public record Backlog(PayloadLog log, List<Payload> beginning, long firstArrival, double speed) {
    public Backlog {
        beginning = List.copyOf(beginning);
        if (beginning.isEmpty() || speed <= 1) {
            throw new IllegalArgumentException("nothing to begin with, or no way to catch up");
        }
    }

    /** Position that gets the first sequence number. */
    public long firstPosition() {
        return beginning.get(0).position();
    }

    /** Position of the last payload that is not the log's own. */
    long lastOwnPosition() {
        return beginning.get(beginning.size() - 1).position();
    }

    /** Arrivals of its own, before the log's: the last payload of the beginning comes when that which it stands for does. */
    long arrivalBeforeLog() {
        return firstArrival - (beginning.size() - 1);
    }
}
