package io.millrace.relay.net;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * An event loop that measures itself: all that it does between two waits, whoever asked for it, is one
 * <em>iteration</em> for its {@link LoopMeter}.
 */
final class MeteredEventLoop extends SingleThreadIoEventLoop {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final LoopMeter meter;

    MeteredEventLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory ioHandlerFactory, int index) {
        super(parent, executor, ioHandlerFactory);
        meter = new LoopMeter(index, LoopClock.nowMicros());
    }

    LoopMeter meter() {
        return meter;
    }

    /** Lets the loop tick, by which it sees that it was late, and that a second is over. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
    void startMeasuring() {
        scheduleWithFixedDelay(
                () -> meter.ticked(LoopClock.nowMicros()),
                LoopMeter.TICK_MICROS,
                LoopMeter.TICK_MICROS,
                TimeUnit.MICROSECONDS);
    }

    /**
     * Runs the task on the loop after its sockets have been read once more. Netty looks at its clock after every 64 tasks
     * only: one that asks to be run again would keep the loop from them for 64 times as long as it takes.
     */
    void executeAfterNextIo(Runnable task) {
        executeAfterEventLoopIteration(() -> execute(task));
    }

    @Override
    protected int runIo() {
        // Netty reads the clock around what it does for sockets and for tasks anyway: this costs no other reading.
        meter.iterationEnded(getAndResetAccumulatedActiveTimeNanos());
        if (meter.isSecondOver()) {
            meter.secondEnded(LoopClock.nowMicros(), cpuNanos());
        }
        return super.runIo();
    }

    private static long cpuNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
    }
}
