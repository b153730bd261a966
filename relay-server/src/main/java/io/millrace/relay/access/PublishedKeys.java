package io.millrace.relay.access;

import io.millrace.relay.config.JwtAlgorithm;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key set that an issuer publishes at a URL. Fetched at the start, again and again after that, and when a token names
 * a key that is not in it. While it can't be fetched the last one counts.
 */
final class PublishedKeys implements TokenKeys {
    /** Between two fetches that tokens cause: anybody can send one that names an unknown key. */
    static final long MIN_INTERVAL_MILLIS = 10_000;

    static final int MAX_BYTES = 256 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Vertx vertx;
    private final Context context;
    private final URI url;
    private final List<JwtAlgorithm> algorithms;
    private final long refreshMillis;
    private final LongSupplier monotonicMillis;
    private final HttpClient client;

    private volatile @Nullable KeySet keys;
    private @Nullable Future<Void> running;
    private long startedMillis;
    private @Nullable Long timer;
    private boolean down;
    private boolean closed;

    PublishedKeys(
            Vertx vertx, URI url, List<JwtAlgorithm> algorithms, long refreshMillis, LongSupplier monotonicMillis) {
        this.vertx = vertx;
        context = vertx.getOrCreateContext();
        this.url = url;
        this.algorithms = algorithms;
        this.refreshMillis = refreshMillis;
        this.monotonicMillis = monotonicMillis;
        client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS));
    }

    /** Fetches the set for the first time; completes when that has succeeded or failed. */
    synchronized Future<Void> start() {
        return fetch();
    }

    @Override
    public @Nullable KeySet current() {
        return keys;
    }

    @Override
    public synchronized Future<Void> renewed() {
        if (running != null) {
            return running;
        }
        boolean tooEarly = monotonicMillis.getAsLong() - startedMillis < MIN_INTERVAL_MILLIS;
        return tooEarly || closed ? Future.succeededFuture() : fetch();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        var unused = client.close();
    }

    private synchronized Future<Void> fetch() {
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        startedMillis = monotonicMillis.getAsLong();
        Promise<Void> done = Promise.promise();
        running = done.future();
        // On the context of the request: from another thread, the answer may be over before anything listens to it.
        context.runOnContext(start -> request().onComplete(fetched -> {
            ended(fetched.succeeded() ? fetched.result() : null, fetched.cause());
            done.complete();
        }));
        return done.future();
    }

    private Future<KeySet> request() {
        RequestOptions options = new RequestOptions().setAbsoluteURI(url.toString());
        // What the client throws, when it is closed for example, is a failure like others.
        return Future.succeededFuture(options)
                .compose(client::request)
                .compose(PublishedKeys::exchange)
                .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                // Not on the event loop: it may be one that carries media.
                .compose(json -> vertx.executeBlocking(() -> KeySet.parse(vertx, json, algorithms), false));
    }

    private synchronized void ended(@Nullable KeySet fetched, @Nullable Throwable cause) {
        running = null;
        if (closed) {
            return;
        }
        if (fetched != null) {
            if (down || keys == null) {
                LOG.info(
                        "fetched the key set for tokens from {}; keys that fit: {}",
                        WebhookClient.loggable(url),
                        fetched.keys().size());
            }
            down = false;
            keys = fetched;
        } else if (!down) {
            down = true;
            LOG.warn(
                    "can't fetch the key set for tokens from {}: {}; until that works, {}",
                    WebhookClient.loggable(url),
                    reason(cause),
                    keys == null ? "tokens are refused" : "the last one counts");
        }
        long delayMillis = down ? Math.min(MIN_INTERVAL_MILLIS, refreshMillis) : refreshMillis;
        timer = vertx.setTimer(delayMillis, id -> {
            var unused = fetchAgain();
        });
    }

    private synchronized Future<Void> fetchAgain() {
        return running != null ? running : fetch();
    }

    private static String reason(@Nullable Throwable cause) {
        return cause instanceof DecodeException ? "its answer is no key set" : String.valueOf(cause);
    }

    private static Future<Buffer> exchange(HttpClientRequest request) {
        return request.putHeader("Accept", "application/jwk-set+json, application/json")
                .send()
                .compose(PublishedKeys::body)
                .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(e -> {
                    var unused = request.reset();
                });
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Promise<Buffer> body = Promise.promise();
        Buffer received = Buffer.buffer();
        response.handler(chunk -> {
            if (received.length() + chunk.length() > MAX_BYTES) {
                body.tryFail(new IOException("it answers with more than " + MAX_BYTES + " bytes"));
            } else {
                received.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(body::tryFail);
        response.endHandler(end -> body.tryComplete(received));
        if (response.statusCode() != 200) {
            body.tryFail(new IOException("it answers with status " + response.statusCode()));
        }
        return body.future();
    }
}
