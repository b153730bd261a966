package io.millrace.relay.net;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;

/** Waiting for a future in a test's own thread. */
final class Awaiting {
    private Awaiting() {}

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    static Throwable awaitFailure(Future<?> future) {
        return await(future.transform(done -> Future.succeededFuture(done.cause())));
    }
}
