package io.millrace.relay.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What became of a publication; its JSON is one line.
 *
 * @param result how it ended
 * @param error why it failed; null otherwise
 * @param seconds from the first connection to the end
 * @param mediaSeconds as the stream's own clock has it
 * @param repetitions how often the sending of the file was begun
 * @param skippedBytes that were sent like all others, but are no TS packets
 * @param connections one, and one for each reconnection
 * @param droppedPayloads that the network, or this machine, was too slow to send in time
 * @param roundTripMillis the last one measured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PublishSummary(
        String server,
        ToolResult result,
        @Nullable String error,
        double seconds,
        double mediaSeconds,
        long repetitions,
        long payloads,
        long bytes,
        long skippedBytes,
        int connections,
        long retransmittedPackets,
        long lostPackets,
        long droppedPayloads,
        double roundTripMillis) {}
