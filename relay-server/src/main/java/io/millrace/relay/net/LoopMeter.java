package io.millrace.relay.net;

/**
 * Measures one event loop: how busy it is and with what, how long it keeps its sockets waiting, how much it does at once.
 * Written on the loop alone; once a second it publishes a snapshot that any thread may read.
 */
final class LoopMeter {
    /** How often the loop looks whether it is late. A pause of this length is seen for certain. */
    static final long TICK_MICROS = 20_000;

    /** Stands for a time that there is none of. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long SECOND_MICROS = 1_000_000;
    private static final int SECONDS_PER_MINUTE = 60;

    private final int loop;
    private final StallReport stalls;
    private final LoopFigures running = new LoopFigures();
    private final LoopFigures[] seconds = new LoopFigures[SECONDS_PER_MINUTE];
    private final LoopFigures sinceStart = new LoopFigures();

    private int nextSecond;
    private long secondBeganMicros;
    private boolean secondOver;
    private long cpuNanosBefore;

    private long tickedMicros = NEVER;
    private long tickDelayMicros;
    private long longestNanosSinceTick;

    private long forwardingSinceMicros = NEVER;

    private volatile LoopStatistics newest;

    LoopMeter(int loop, long nowMicros) {
        this.loop = loop;
        stalls = new StallReport(loop, nowMicros);
        secondBeganMicros = nowMicros;
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = new LoopFigures();
        }
        LoopWindow nothing = running.snapshot();
        newest = new LoopStatistics(loop, nowMicros, nothing, nothing, nothing);
    }

    int loop() {
        return loop;
    }

    /** From any thread: the newest snapshot. */
    LoopStatistics statistics() {
        return newest;
    }

    /** The loop has done what there was to do and is about to wait. */
    void iterationEnded(long workedNanos) {
        if (workedNanos <= 0) {
            return;
        }
        running.iterations++;
        running.busyNanos += workedNanos;
        running.longestIterationNanos = Math.max(running.longestIterationNanos, workedNanos);
        longestNanosSinceTick = Math.max(longestNanosSinceTick, workedNanos);
        if (workedNanos >= StallReport.LEAST_NANOS) {
            stalls.worked(LoopClock.nowMicros(), workedNanos / 1_000);
        }
        if (tickDelayMicros > 0) {
            lookAtDelay();
        }
    }

    /** A tick that was late by far more than the loop ever worked at a time was held up by something else. */
    private void lookAtDelay() {
        if (tickDelayMicros * 1_000 >= StallReport.LEAST_NANOS && tickDelayMicros * 500 > longestNanosSinceTick) {
            stalls.delayed(tickedMicros, tickDelayMicros);
        }
        tickDelayMicros = 0;
        longestNanosSinceTick = 0;
    }

    /** Called every {@link #TICK_MICROS}, counted from the end of the last time, if nothing delays it. */
    void ticked(long nowMicros) {
        if (tickedMicros != NEVER) {
            tickDelayMicros = Math.max(1, nowMicros - tickedMicros - TICK_MICROS);
            running.longestDelayMicros = Math.max(running.longestDelayMicros, tickDelayMicros);
        }
        tickedMicros = nowMicros;
        secondOver = nowMicros - secondBeganMicros >= SECOND_MICROS;
    }

    /** Whether {@link #secondEnded} is due, at the end of the iteration that ticked. */
    boolean isSecondOver() {
        return secondOver;
    }

    /** Publishes the second that is over. */
    void secondEnded(long nowMicros, long cpuNanos) {
        running.wallMicros = nowMicros - secondBeganMicros;
        running.cpuNanos = cpuNanos - cpuNanosBefore;
        LoopFigures ended = seconds[nextSecond];
        ended.clear();
        ended.add(running);
        nextSecond = (nextSecond + 1) % seconds.length;
        sinceStart.add(running);
        LoopFigures minute = new LoopFigures();
        for (LoopFigures second : seconds) {
            minute.add(second);
        }
        newest = new LoopStatistics(loop, nowMicros, running.snapshot(), minute.snapshot(), sinceStart.snapshot());
        running.clear();
        secondBeganMicros = nowMicros;
        secondOver = false;
        cpuNanosBefore = cpuNanos;
    }

    /** A driver has made a pass; {@code datagrams} is 0 if no burst of datagrams led to it. */
    void passEnded(long readingMicros, long handlingMicros, long sendingMicros, long datagrams) {
        running.readingMicros += readingMicros;
        running.handlingMicros += handlingMicros;
        running.sendingMicros += sendingMicros;
        if (datagrams > 0) {
            running.burstDatagrams.record(datagrams);
        }
    }

    /** So many datagrams were handed to the kernel together. */
    void sent(int datagrams) {
        running.sendDatagrams.record(datagrams);
    }

    /** Media was sent on that long after its arrival. */
    void forwarded(long delayMicros) {
        running.forwardingMicros.record(delayMicros);
    }

    /** Runs what passes media on that arrived at that time. */
    void forwarding(long arrivedMicros, Runnable task) {
        forwardingSinceMicros = arrivedMicros;
        try {
            task.run();
        } finally {
            forwardingSinceMicros = NEVER;
        }
    }

    /** When the media arrived that is being passed on now; {@link #NEVER} if none is. */
    long forwardingSinceMicros() {
        return forwardingSinceMicros;
    }
}
