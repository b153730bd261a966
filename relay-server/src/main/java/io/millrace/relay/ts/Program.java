package io.millrace.relay.ts;

import java.util.List;

/**
 * One program of a transport stream.
 *
 * @param number as the PAT has it
 * @param pmtPid where its PMT is
 * @param pcrPid whose packets carry its clock; {@link #NO_PID} if it has none, or its PMT has not come yet
 * @param described whether its PMT has come
 * @param streams in the order of the PMT
 */
public record Program(int number, int pmtPid, int pcrPid, boolean described, List<ElementaryStream> streams) {
    /** Stands for no PID. */
    public static final int NO_PID = -1;

    public Program {
        streams = List.copyOf(streams);
    }

    static Program announced(int number, int pmtPid) {
        return new Program(number, pmtPid, NO_PID, false, List.of());
    }
}
