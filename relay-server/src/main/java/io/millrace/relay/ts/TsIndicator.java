package io.millrace.relay.ts;

/**
 * What can happen to a transport stream: the indicators of ETSI TR 101 290, as far as a relay can tell, and what else is
 * worth to be known.
 */
public enum TsIndicator {
    SYNC_LOSS(1, "1.1", "two packets or more of bytes that are no TS packets"),
    SYNC_BYTE(1, "1.2", "a packet doesn't begin with its sync byte"),
    PAT(1, "1.3", "no PAT for 500 ms"),
    CONTINUITY(1, "1.4", "packets are missing or out of place"),
    PMT(1, "1.5", "no PMT for 500 ms"),
    PID(1, "1.6", "nothing for 5 s of what a PMT promises"),
    TRANSPORT(2, "2.1", "packets that say of themselves that they are broken"),
    CRC(2, "2.2", "a PAT or PMT with a wrong CRC"),
    PCR_REPETITION(2, "2.3a", "more than 100 ms from one PCR to the next"),
    PCR_DISCONTINUITY(2, "2.3b", "the clock jumped without saying so"),
    PTS(2, "2.5", "more than 700 ms from one PTS to the next"),
    CAT(2, "2.6", "scrambled packets, and no CAT"),
    /** Not in TR 101 290, as all that follow. */
    STARTED(0, "", "a publisher began"),
    PROGRAMS(0, "", "the programs are others than before"),
    FORMAT(0, "", "the picture has another format than before"),
    NOT_MPEG_TS(0, "", "what comes is not MPEG-TS"),
    MISSING(0, "", "payloads did not come in time from the publisher"),
    SKIPPED(0, "", "payloads were not looked at, for want of time");

    private final int priority;
    private final String number;
    private final String text;

    TsIndicator(int priority, String number, String text) {
        this.priority = priority;
        this.number = number;
        this.text = text;
    }

    /** In TR 101 290: 1 for what keeps receivers from decoding, 2 for what ought to be watched; 0 for what is not in it. */
    public int priority() {
        return priority;
    }

    /** In TR 101 290; empty for what is not in it. */
    public String number() {
        return number;
    }

    /** What it means, in a few words. */
    public String text() {
        return text;
    }
}
