package io.millrace.relay.ts;

import java.util.List;
import java.util.Map;

/**
 * What a {@link TsSurvey} has seen.
 *
 * @param bytes all that came
 * @param packets of 188 bytes that were found in them
 * @param skippedBytes that belong to no packet
 * @param continuityErrors places where a continuity counter did not go on
 * @param duplicates packets that came twice
 * @param transportErrors packets that say of themselves that they are broken
 * @param scrambledPackets encrypted for conditional access
 * @param damagedTables PATs and PMTs with a wrong CRC
 * @param hasPat whether a PAT has come
 * @param programs what PAT and PMTs say
 * @param pids by PID, those that were seen
 * @param clocks of each PID with PCRs
 */
public record TsSummary(
        long bytes,
        long packets,
        long skippedBytes,
        long continuityErrors,
        long duplicates,
        long transportErrors,
        long scrambledPackets,
        long damagedTables,
        boolean hasPat,
        List<Program> programs,
        Map<Integer, Pid> pids,
        List<Clock> clocks) {

    /**
     * One PID.
     *
     * @param continuityErrors of its packets
     */
    public record Pid(long packets, long continuityErrors) {}

    /**
     * One PID's clock.
     *
     * @param references PCRs that came
     * @param elapsedMillis that it told, without jumps
     * @param longestIntervalMillis between one PCR and the next, by the clock itself
     * @param jumps where it began anew without a word
     * @param announcedJumps where it began anew and said so
     */
    public record Clock(
            int pid,
            long references,
            double elapsedMillis,
            double longestIntervalMillis,
            long jumps,
            long announcedJumps) {}

    /** Whether this is a transport stream at all: most of the bytes are packets. */
    public boolean isTransportStream() {
        return packets > 0 && packets * TsPacket.LENGTH >= bytes / 2;
    }

    /** Share of the packets that only fill up the bit rate, 0 to 1. */
    public double nullShare() {
        Pid nulls = pids.get(TsPacket.NULL_PID);
        return nulls == null || packets == 0 ? 0 : (double) nulls.packets() / packets;
    }
}
