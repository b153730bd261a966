package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells each publisher when to send: a thread of its own, since the timers of a loop that is busy with receiving, and
 * those of Vert.x with their milliseconds, are too coarse for an even pace. The publishers' turns are spread over the
 * interval.
 */
final class SendClock extends Thread {
    private final List<LoadPublisher> publishers;
    private final double turnMicros;
    private volatile boolean running = true;

    SendClock(List<LoadPublisher> publishers, BenchOptions.Load load) {
        super("send-clock");
        this.publishers = publishers;
        double intervalMicros = load.burstMillis() > 0 ? load.burstMillis() * 1e3 : load.payloadIntervalMicros();
        turnMicros = intervalMicros / publishers.size();
        setDaemon(true);
    }

    @Override
    public void run() {
        long startMicros = LoopClock.nowMicros();
        for (long turn = 0; ; turn++) {
            long dueMicros = startMicros + (long) Math.ceil(turn * turnMicros);
            sleepUntil(dueMicros);
            if (!running) {
                return;
            }
            LoadPublisher publisher = publishers.get((int) (turn % publishers.size()));
            publisher.loop().execute(() -> publisher.sendUntil(dueMicros));
        }
    }

    /** After this no publisher is asked any more. */
    void end() throws InterruptedException {
        running = false;
        LockSupport.unpark(this);
        join();
    }

    private void sleepUntil(long dueMicros) {
        long restMicros = dueMicros - LoopClock.nowMicros();
        while (running && restMicros > 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(restMicros));
            restMicros = dueMicros - LoopClock.nowMicros();
        }
    }
}
