package io.millrace.relay.ts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TsAnalyser} has seen. Counts are since its start, those of indicators and events since that of its journal;
 * times are on the clock of the payloads' times.
 *
 * @param state what comes now
 * @param sinceMicros time of the first payload; 0 if none has come
 * @param atMicros time of the last
 * @param bytes that came
 * @param packets of 188 bytes that were found in them
 * @param skippedBytes that belong to no packet
 * @param missingPayloads that should have come
 * @param skippedPayloads that came, and were not looked at
 * @param bitsPerSecond of all packets, in the last whole second
 * @param continuityErrors places where a continuity counter did not go on
 * @param duplicates packets that came twice
 * @param transportErrors packets that say of themselves that they are broken
 * @param scrambledPackets encrypted for conditional access
 * @param damagedTables PATs and PMTs with a wrong CRC
 * @param hasPat whether a PAT has come
 * @param nullShare share of the packets that only fill up the bit rate, 0 to 1
 * @param programs what PAT and PMTs say
 * @param pids those that were seen and those that a PMT promises, by number
 * @param clocks of each PID with PCRs
 * @param indicators those of TR 101 290
 * @param events newest first
 * @param randomAccess the newest point where a decoder may begin; null if there was none
 */
public record TsSnapshot(
        State state,
        long sinceMicros,
        long atMicros,
        long bytes,
        long packets,
        long skippedBytes,
        long missingPayloads,
        long skippedPayloads,
        long bitsPerSecond,
        long continuityErrors,
        long duplicates,
        long transportErrors,
        long scrambledPackets,
        long damagedTables,
        boolean hasPat,
        double nullShare,
        List<Program> programs,
        List<Pid> pids,
        List<Clock> clocks,
        List<IndicatorState> indicators,
        List<TsEvent> events,
        @Nullable RandomAccessPoint randomAccess) {

    /** What comes. */
    public enum State {
        /** Nothing came yet, or too little to tell. */
        WAITING,
        /** Bytes of which most belong to no TS packet. */
        NOT_MPEG_TS,
        MPEG_TS
    }

    /**
     * How far apart things came.
     *
     * @param meanMillis 0 where there were no two
     */
    public record Interval(double meanMillis, double longestMillis) {}

    /**
     * One PID.
     *
     * @param program number of the one that it belongs to; 0 for none
     * @param what such as "H.264 video" or "PAT"
     * @param stream as the PMT describes it; null if none does
     * @param bitsPerSecond in the last whole second
     * @param table how far apart the sections of a PAT or PMT came; null with another PID
     * @param video null with another PID, and while it is not known
     * @param gop null with a PID without video
     * @param audio null with another PID, and where the headers don't tell
     */
    public record Pid(
            int pid,
            int program,
            String what,
            @Nullable ElementaryStream stream,
            long packets,
            long bitsPerSecond,
            long continuityErrors,
            long scrambledPackets,
            @Nullable Interval table,
            @Nullable VideoFormat video,
            @Nullable GopMeasure gop,
            @Nullable AudioFormat audio) {}

    /**
     * One PID's clock.
     *
     * @param references PCRs that came
     * @param elapsedMillis that it told, without jumps
     * @param meanIntervalMillis between one PCR and the next, by the clock itself
     * @param longestIntervalMillis by the clock itself
     * @param jitterMillis from the earliest to the latest PCR against the payloads' times, within five seconds; null while
     *     it has not been measured
     * @param jumps where it began anew without a word
     * @param announcedJumps where it began anew and said so
     */
    public record Clock(
            int pid,
            long references,
            double elapsedMillis,
            double meanIntervalMillis,
            double longestIntervalMillis,
            @Nullable Double jitterMillis,
            long jumps,
            long announcedJumps) {}

    /** Whether this is a transport stream at all. */
    public boolean isTransportStream() {
        return state == State.MPEG_TS;
    }
}
