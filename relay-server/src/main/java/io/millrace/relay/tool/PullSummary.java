package io.millrace.relay.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What became of a pull; its JSON is one line.
 *
 * @param error why it failed; null otherwise
 * @param seconds from the first connection to the end
 * @param bytes written
 * @param connections one, and one for each reconnection
 * @param lostPackets that were missing when their successors came
 * @param recoveredPackets of them, that came in time
 * @param droppedPackets that did not come in time: they are missing in the file
 * @param overflowedBytes that the disk was too slow for: they are missing, too
 * @param undecryptablePackets that came encrypted by an unknown key
 * @param roundTripMillis the last one measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PullSummary(
        String server,
        ToolResult result,
        @Nullable String error,
        double seconds,
        long bytes,
        int connections,
        long receivedPackets,
        long lostPackets,
        long recoveredPackets,
        long droppedPackets,
        long overflowedBytes,
        long undecryptablePackets,
        double roundTripMillis) {}
