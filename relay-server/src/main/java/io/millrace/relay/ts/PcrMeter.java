package io.millrace.relay.ts;

/**
 * What one PID's clock was seen to do. Its jitter is against the times at which the payloads were sent, and so is that of
 * the multiplexer and of how it sends, not of the network. The 500 ns of TR 101 290 can't be told behind an IP network.
 */
final class PcrMeter {
    /** ISO/IEC 13818-1 §2.7.2. */
    private static final long MAX_INTERVAL_TICKS = TsPacket.TICKS_PER_SECOND / 10;

    private static final long JITTER_WINDOW_MICROS = 5_000_000;
    private static final long TICKS_PER_MICRO = TsPacket.TICKS_PER_SECOND / 1_000_000;

    private PcrClock clock = new PcrClock();
    private long elapsedTicksBefore;
    private long references;
    private long intervals;
    private long longestIntervalTicks;
    private long jumps;
    private long announcedJumps;
    private long lastMicros;
    private boolean overdue;

    private boolean windowOpen;
    private long windowMicros;
    private long windowTicks;
    private long leastDeviation;
    private long mostDeviation;
    private boolean jitterKnown;
    private long jitterMicros;

    /** Takes a PCR; records what is wrong with it. */
    void take(int pid, long pcr, boolean discontinuity, long micros, TsJournal journal) {
        references++;
        PcrClock.Step step = clock.advance(pcr, discontinuity);
        switch (step) {
            case CONTINUED -> {
                intervals++;
                longestIntervalTicks = Math.max(longestIntervalTicks, clock.intervalTicks());
                if (clock.intervalTicks() > MAX_INTERVAL_TICKS && !overdue) {
                    journal.record(TsIndicator.PCR_REPETITION, pid, 1, micros);
                }
            }
            case JUMP -> {
                jumps++;
                journal.record(TsIndicator.PCR_DISCONTINUITY, pid, 1, micros);
            }
            case ANNOUNCED_JUMP -> announcedJumps++;
            case FIRST -> {}
        }
        if (step == PcrClock.Step.CONTINUED) {
            measureJitter(micros);
        } else {
            windowOpen = false;
        }
        overdue = false;
        lastMicros = micros;
    }

    /** Whether none has come for too long; told once. */
    boolean isOverdue(long nowMicros, long limitMicros) {
        if (overdue || nowMicros - lastMicros <= limitMicros) {
            return false;
        }
        overdue = true;
        return true;
    }

    /** Something was left out: the next PCR is the first. */
    void interrupt(long nowMicros) {
        elapsedTicksBefore += clock.elapsedTicks();
        clock = new PcrClock();
        windowOpen = false;
        lastMicros = nowMicros;
    }

    TsSnapshot.Clock snapshot(int pid) {
        long elapsedTicks = elapsedTicksBefore + clock.elapsedTicks();
        return new TsSnapshot.Clock(
                pid,
                references,
                millis(elapsedTicks),
                intervals == 0 ? 0 : millis(elapsedTicks) / intervals,
                millis(longestIntervalTicks),
                jitterKnown ? jitterMicros / 1e3 : null,
                jumps,
                announcedJumps);
    }

    private void measureJitter(long micros) {
        if (!windowOpen) {
            windowOpen = true;
            windowMicros = micros;
            windowTicks = clock.elapsedTicks();
            leastDeviation = 0;
            mostDeviation = 0;
            return;
        }
        long passed = micros - windowMicros;
        long deviation = passed - (clock.elapsedTicks() - windowTicks) / TICKS_PER_MICRO;
        leastDeviation = Math.min(leastDeviation, deviation);
        mostDeviation = Math.max(mostDeviation, deviation);
        if (passed >= JITTER_WINDOW_MICROS) {
            jitterKnown = true;
            jitterMicros = mostDeviation - leastDeviation;
            windowOpen = false;
        }
    }

    private static double millis(long ticks) {
        return ticks * 1e3 / TsPacket.TICKS_PER_SECOND;
    }
}
