package io.millrace.relay.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of stalls of one event loop, in which its sockets had to wait: as JFR events from {@link #LEAST_NANOS} on, and in
 * the log when they are long enough to be heard or seen, one line in 10 s at most. While the process starts, its classes
 * are loaded on the loops, before there is anybody to notice: that is not logged.
 */
final class StallReport {
    static final long LEAST_NANOS = 10_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(StallReport.class);
    private static final long LOGGED_MICROS = 100_000;
    private static final long QUIET_MICROS = 10_000_000;
    private static final long START_MICROS = 5_000_000;

    private final int loop;
    private long quietUntilMicros;
    private long unlogged;

    StallReport(int loop, long nowMicros) {
        this.loop = loop;
        quietUntilMicros = nowMicros + START_MICROS;
    }

    /** The loop has worked that long without looking at its sockets. */
    void worked(long nowMicros, long stallMicros) {
        commit(stallMicros, "work");
        if (isToBeLogged(nowMicros, stallMicros)) {
            LOG.warn(
                    "Event loop {} was busy for {} ms without a break, and its sockets waited: something blocks it, or the"
                            + " JVM or the machine paused meanwhile{}. Record with JFR to see what (jcmd PID JFR.start;"
                            + " events LoopStall, LoopPass, GCPhasePause); GET /api/v1/loops has the figures",
                    loop,
                    stallMicros / 1_000,
                    suppressed());
        }
    }

    /** The loop was late by that much, and not for its own work. */
    void delayed(long nowMicros, long stallMicros) {
        commit(stallMicros, "delay");
        if (isToBeLogged(nowMicros, stallMicros)) {
            LOG.warn(
                    "Event loop {} woke up {} ms late, and its sockets waited: the garbage collector paused the JVM, or the"
                            + " machine has too little CPU{}. See which with -Xlog:gc,safepoint and the steal time of the"
                            + " machine; GET /api/v1/loops has the figures",
                    loop,
                    stallMicros / 1_000,
                    suppressed());
        }
    }

    private void commit(long stallMicros, String cause) {
        LoopStall event = new LoopStall();
        if (event.isEnabled()) {
            event.loop = loop;
            event.stall = stallMicros;
            event.cause = cause;
            event.commit();
        }
    }

    private boolean isToBeLogged(long nowMicros, long stallMicros) {
        if (stallMicros < LOGGED_MICROS) {
            return false;
        }
        if (nowMicros < quietUntilMicros) {
            unlogged++;
            return false;
        }
        quietUntilMicros = nowMicros + QUIET_MICROS;
        return true;
    }

    private String suppressed() {
        String text = unlogged == 0 ? "" : " (and " + unlogged + " more before)";
        unlogged = 0;
        return text;
    }
}
