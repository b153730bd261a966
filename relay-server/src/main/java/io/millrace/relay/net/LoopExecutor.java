package io.millrace.relay.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One event loop as the rest of the program sees it: a number and a place to run tasks.
 *
 * <p>Whatever enters through here, or is called by an {@link EndpointDriver}, runs on the loop's thread as part of a
 * Vert.x dispatch on {@link #context}: {@code Vertx.currentContext()}, timers and futures behave there as in a verticle.
 */
public final class LoopExecutor implements Executor {
    private final int index;
    private final ContextInternal context;
    private final EventLoop eventLoop;

    LoopExecutor(int index, ContextInternal context) {
        this.index = index;
        this.context = context;
        this.eventLoop = context.nettyEventLoop();
    }

    /** The loop's number, from zero; the same for every executor of that loop. */
    public int index() {
        return index;
    }

    public Context context() {
        return context;
    }

    /** Whether the caller runs on this loop. */
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    /** Runs the task later, after what the loop is doing now. Once for a batch: a crossing costs about a microsecond. */
    @Override
    public void execute(Runnable task) {
        eventLoop.execute(() -> context.dispatch(task));
    }

    /** Runs the task so much later. */
    public void schedule(long delayMicros, Runnable task) {
        var unused = eventLoop.schedule(() -> context.dispatch(task), delayMicros, TimeUnit.MICROSECONDS);
    }

    /**
     * Runs the task now; only for a caller on the loop. For a task that passes media on: the time from its arrival, in
     * microseconds of {@link LoopClock}, to the end of its sending is measured.
     */
    public void forward(long arrivedMicros, Runnable task) {
        meter().forwarding(arrivedMicros, task);
    }

    /** Runs the task now; only for a caller on the loop. */
    void dispatch(Runnable task) {
        context.dispatch(task);
    }

    /** Runs the task after the loop's sockets have been read once more, outside of a dispatch; only for a caller on the loop. */
    void executeAfterNextIo(Runnable task) {
        ((MeteredEventLoop) eventLoop).executeAfterNextIo(task);
    }

    LoopMeter meter() {
        return ((MeteredEventLoop) eventLoop).meter();
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    /** A promise whose future's handlers run on this loop. */
    <T> Promise<T> promise() {
        return context.promise();
    }

    /** What Netty calls a future, as a future of this loop's context. */
    Future<Void> future(ChannelFuture operation) {
        Promise<Void> done = promise();
        operation.addListener(finished -> {
            if (finished.isSuccess()) {
                done.complete();
            } else {
                done.fail(finished.cause());
            }
        });
        return done.future();
    }
}
