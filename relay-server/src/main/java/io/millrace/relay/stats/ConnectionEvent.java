package io.millrace.relay.stats;

import io.millrace.relay.access.Refusal;
import java.time.Instant;

/** Something that has just happened to a connection, or to a caller that wanted one. */
public sealed interface ConnectionEvent {
    Instant time();

    /** A caller became a connection. */
    record Opened(Instant time, ConnectionInfo connection) implements ConnectionEvent {}

    /**
     * A connection ended.
     *
     * @param reason why, as the log says it
     * @param durationSeconds since it opened
     * @param bytes of payload that it carried
     */
    record Closed(Instant time, ConnectionInfo connection, String reason, long durationSeconds, long bytes)
            implements ConnectionEvent {}

    /** A caller was turned away. */
    record Refused(Instant time, Attempt.Caller caller, Refusal refusal) implements ConnectionEvent {}
}
