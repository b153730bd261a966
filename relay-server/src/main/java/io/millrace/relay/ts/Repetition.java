package io.millrace.relay.ts;

/** How often something comes that must be repeated. Times are in microseconds. */
final class Repetition {
    private final long limitMicros;
    private long lastMicros;
    private long count;
    private long intervals;
    private long summedMicros;
    private long longestMicros;
    private boolean interrupted;
    private boolean overdue;

    /** @param startMicros from when on it is awaited */
    Repetition(long limitMicros, long startMicros) {
        this.limitMicros = limitMicros;
        lastMicros = startMicros;
        interrupted = true;
    }

    /** It came. Returns whether that was too late, if {@link #isOverdue} has not told already. */
    boolean came(long micros) {
        long interval = micros - lastMicros;
        boolean late = !interrupted && !overdue && interval > limitMicros;
        if (!interrupted) {
            intervals++;
            summedMicros += interval;
            longestMicros = Math.max(longestMicros, interval);
        }
        count++;
        lastMicros = micros;
        interrupted = false;
        overdue = false;
        return late;
    }

    /** Whether it is too late now; told once. */
    boolean isOverdue(long nowMicros) {
        if (overdue || nowMicros - lastMicros <= limitMicros) {
            return false;
        }
        overdue = true;
        return true;
    }

    /** Something was left out, it may have been among that. */
    void interrupt(long nowMicros) {
        lastMicros = nowMicros;
        interrupted = true;
    }

    long count() {
        return count;
    }

    TsSnapshot.Interval interval() {
        return new TsSnapshot.Interval(intervals == 0 ? 0 : summedMicros / 1e3 / intervals, longestMicros / 1e3);
    }
}
