package io.millrace.relay.stats;

/**
 * What came of a connection in the last ten seconds, in few numbers: for lists of many.
 *
 * @param seconds how many of them there were so far
 * @param bitsPerSecond in the last one, retransmissions and headers included
 * @param lostPackets before recovery
 * @param lostPercent the same, of the packets that had to be brought across
 * @param droppedPackets lost for good
 * @param rttMillis mean of the last one; not a number where it is not known
 * @param newBitsPerSecond mean of the last {@link RateMinute#NEWEST_SECONDS} seconds, each packet once
 * @param usualBitsPerSecond the same in the minute before those; not a number while that was too short to tell
 */
public record RecentLink(
        int seconds,
        double bitsPerSecond,
        long lostPackets,
        double lostPercent,
        long droppedPackets,
        double rttMillis,
        double newBitsPerSecond,
        double usualBitsPerSecond) {

    /** Whether nothing came, in a time in which something should have. */
    boolean isSilent() {
        return seconds >= RateMinute.NEWEST_SECONDS && newBitsPerSecond == 0;
    }
}
