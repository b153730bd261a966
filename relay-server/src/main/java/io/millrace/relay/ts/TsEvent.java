package io.millrace.relay.ts;

/**
 * Something that happened to a transport stream, once or repeatedly within a second.
 *
 * @param pid that it happened to; {@link Program#NO_PID} for the whole stream
 * @param count how often
 * @param firstMicros when, on the clock of the payloads' times
 * @param lastMicros when it last did, of these times
 */
public record TsEvent(TsIndicator indicator, int pid, long count, long firstMicros, long lastMicros) {
    TsEvent again(long times, long micros) {
        return new TsEvent(indicator, pid, count + times, firstMicros, micros);
    }
}
