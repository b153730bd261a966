package io.millrace.relay.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to show of a stream at one time: how it is, or why that can't be told.
 *
 * @param snapshot null while the relay doesn't answer
 * @param outage why it doesn't; empty while it does
 * @param outageSeconds for how long it doesn't, or didn't before it answered again
 * @param resumed whether it answers again since a short time
 */
record Observation(
        Instant time, @Nullable StreamSnapshot snapshot, String outage, long outageSeconds, boolean resumed) {
    static Observation of(Instant time, StreamSnapshot snapshot) {
        return new Observation(time, snapshot, "", 0, false);
    }
}
