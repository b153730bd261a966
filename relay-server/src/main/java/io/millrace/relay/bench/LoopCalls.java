package io.millrace.relay.bench;

import io.millrace.relay.net.LoopExecutor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** How the run's own thread has event loops do something, and waits for it. */
final class LoopCalls {
    private static final long REPLY_SECONDS = 20;

    private LoopCalls() {}

    static <T> T on(LoopExecutor loop, Supplier<Future<T>> action) throws BenchException, InterruptedException {
        return await(start(loop, action));
    }

    static <T> Future<T> start(LoopExecutor loop, Supplier<Future<T>> action) {
        Promise<T> done = Promise.promise();
        loop.execute(() -> {
            try {
                action.get().onComplete(done);
            } catch (RuntimeException e) {
                done.fail(e);
            }
        });
        return done.future();
    }

    static <T> T await(Future<T> future) throws BenchException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(REPLY_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new BenchException(cause == null ? e : cause);
        } catch (TimeoutException e) {
            throw new BenchException("an event loop of the generator did not answer within " + REPLY_SECONDS
                    + " s: the machine is too busy; ask for less");
        }
    }

    /** Waits until all have ended, well or not. */
    static void awaitAll(Iterable<? extends Future<?>> futures) throws BenchException, InterruptedException {
        for (Future<?> future : futures) {
            await(future.otherwiseEmpty());
        }
    }
}
