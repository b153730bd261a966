package io.millrace.relay.stats;

import org.jspecify.annotations.Nullable;

/**
 * How a connection's quantities were spread over a time: round-trip time and buffer over samples ten times a second, losses
 * and retransmissions over its seconds. Null is what there are no values of.
 *
 * @param seconds how much time it covers
 * @param rttMillis smoothed round-trip time
 * @param bufferMillis the publisher's receive buffer, or the age of what a subscriber has not acknowledged
 * @param lostPackets in a second, before recovery; of a subscriber those that were sent and that it reported, each once
 * @param lostPercent of the packets that had to be brought across
 * @param retransmittedPackets in a second
 * @param retransmittedPercent of all packets
 */
public record LinkSpread(
        double seconds,
        @Nullable Spread rttMillis,
        @Nullable Spread bufferMillis,
        @Nullable Spread lostPackets,
        @Nullable Spread lostPercent,
        @Nullable Spread retransmittedPackets,
        @Nullable Spread retransmittedPercent) {}
