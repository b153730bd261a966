package io.millrace.relay.ts;

/**
 * The clock that one PID's PCRs tell: made continuous over its wrap after 26.5 hours, and over jumps, whose length nobody
 * knows and which count nothing. In ticks of 27 MHz.
 */
public final class PcrClock {
    /** A step beyond this, or backwards, is another clock. PCRs are to come every 100 ms, and few leave out a second. */
    public static final long MAX_INTERVAL_TICKS = 2 * TsPacket.TICKS_PER_SECOND;

    /** How a PCR relates to the one before. */
    public enum Step {
        /** There is none before. */
        FIRST,
        /** It goes on. */
        CONTINUED,
        /** It begins anew, as the discontinuity indicator says. */
        ANNOUNCED_JUMP,
        /** It begins anew without a word. */
        JUMP
    }

    private long lastPcr;
    private boolean started;
    private long intervalTicks;
    private long elapsedTicks;

    /**
     * Takes the next PCR.
     *
     * @param discontinuity whether its packet has the discontinuity indicator
     */
    public Step advance(long pcr, boolean discontinuity) {
        long interval = Math.floorMod(pcr - lastPcr, TsPacket.PCR_WRAP);
        lastPcr = pcr;
        intervalTicks = 0;
        if (!started) {
            started = true;
            return Step.FIRST;
        }
        if (discontinuity) {
            return Step.ANNOUNCED_JUMP;
        }
        if (interval > MAX_INTERVAL_TICKS) {
            return Step.JUMP;
        }
        intervalTicks = interval;
        elapsedTicks += interval;
        return Step.CONTINUED;
    }

    /** From the PCR before to the last one, if that {@link Step#CONTINUED}; else 0. */
    public long intervalTicks() {
        return intervalTicks;
    }

    /** From the first PCR to the last, without the jumps. */
    public long elapsedTicks() {
        return elapsedTicks;
    }
}
