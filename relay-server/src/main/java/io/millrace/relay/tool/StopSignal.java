package io.millrace.relay.tool;

import io.millrace.relay.net.LoopClock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl+C and SIGTERM as an ordinary end: the tool learns that it is to stop, finishes what it does, and the process ends
 * with the tool's own exit code.
 */
public final class StopSignal implements AutoCloseable {
    private static final long MAX_ENDING_SECONDS = 10;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");
    private volatile int exitCode = ToolExit.DONE;

    public StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the tool is to end. */
    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits until a time of {@link LoopClock}, or until the tool is to end; returns whether it is. */
    public boolean sleepUntil(long micros) {
        try {
            return requested.await(Math.max(0, micros - LoopClock.nowMicros()), TimeUnit.MICROSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Says what the process is to end with, should it be ending already. */
    public void exitCode(int code) {
        exitCode = code;
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It is running: the process ends by it.
        }
    }

    private void stop() {
        requested.countDown();
        try {
            if (ended.await(MAX_ENDING_SECONDS, TimeUnit.SECONDS)) {
                // A JVM that a signal ends reports the signal; for us it is the ordinary way to end.
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
