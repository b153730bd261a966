package io.millrace.relay.access;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Posts one notification, again and again with growing pauses where the server can't take it. Used on one context. */
final class NotificationPost {
    private static final long MAX_BACKOFF_MILLIS = 30_000;

    private final Vertx vertx;
    private final WebhookClient client;
    private final int retries;
    private final long firstBackoffMillis;
    private final OutageLog outages;

    NotificationPost(Vertx vertx, WebhookClient client, int retries, long firstBackoffMillis, OutageLog outages) {
        this.vertx = vertx;
        this.client = client;
        this.retries = retries;
        this.firstBackoffMillis = firstBackoffMillis;
        this.outages = outages;
    }

    /** Whether the server took it, in the end; tries no more once it is stopped. */
    Future<Boolean> deliver(JsonObject notification, BooleanSupplier stopped) {
        return attempt(notification, 0, stopped);
    }

    static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    private Future<Boolean> attempt(JsonObject notification, int attempt, BooleanSupplier stopped) {
        return client.post(notification).transform(posted -> {
            if (stopped.getAsBoolean()) {
                return Future.succeededFuture(false);
            }
            int status = posted.succeeded() ? posted.result().status() : 0;
            if (status >= 200 && status < 300) {
                outages.worked(nowMillis());
                return Future.succeededFuture(true);
            }
            outages.failed(
                    nowMillis(),
                    posted.succeeded()
                            ? "answers with HTTP status " + status
                            : "can't be told: " + WebhookClient.loggable(posted.cause()));
            if (attempt == retries || !isWorthAnother(status)) {
                return Future.succeededFuture(false);
            }
            return pause(attempt).compose(again -> attempt(notification, attempt + 1, stopped));
        });
    }

    /** A server that understood and doesn't want it won't want it later. */
    private static boolean isWorthAnother(int status) {
        return status == 0 || status >= 500 || status == 408 || status == 425 || status == 429;
    }

    /** With jitter, so that several relays don't come back to a server at once. */
    private Future<Void> pause(int attempt) {
        long backoffMillis = Math.min(MAX_BACKOFF_MILLIS, firstBackoffMillis << attempt);
        long jitteredMillis =
                (long) (backoffMillis * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, jitteredMillis), id -> over.complete());
        return over.future();
    }
}
