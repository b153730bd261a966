package io.millrace.relay.access;

import io.millrace.relay.config.SecretReference;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON to one URL, signed, over connections that are kept. Used on one context only. Not Vert.x's WebClient: that
 * one takes answers of any length, and can't take back a request that got too late.
 */
final class WebhookClient {
    static final int MAX_ANSWER_BYTES = 65_536;

    private static final int MAX_FAULT_LENGTH = 200;

    private final Vertx vertx;
    private final Context context;
    private final HttpClient http;
    private final URI url;
    private final @Nullable SecretReference secret;
    private final int timeoutMillis;
    private boolean closed;

    /**
     * What the server said.
     *
     * @param status of HTTP
     */
    record Answer(int status, Buffer body) {}

    WebhookClient(
            Vertx vertx,
            Context context,
            URI url,
            @Nullable SecretReference secret,
            int timeoutMillis,
            int maxConnections) {
        this.vertx = vertx;
        this.context = context;
        this.url = url;
        this.secret = secret;
        this.timeoutMillis = timeoutMillis;
        // Whoever uses this bounds what waits.
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(maxConnections).setMaxWaitQueueSize(-1);
        http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(timeoutMillis), pool);
    }

    /** Where it posts, as a log may say it: a query may hold a token. */
    static String loggable(URI url) {
        String path = url.getRawPath();
        return url.getScheme() + "://" + url.getRawAuthority() + (path == null ? "" : path);
    }

    /** A failure as an operator reads it, on one line. */
    static String loggable(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return LoggableStreamId.escaped(message == null ? root.getClass().getSimpleName() : message, MAX_FAULT_LENGTH);
    }

    /** Fails if there is no whole answer, of bounded length, within the time. */
    Future<Answer> post(JsonObject json) {
        Buffer body = json.toBuffer();
        Exchange exchange = new Exchange(body);
        headers(body).onComplete(exchange::open, exchange::fail);
        return exchange.answer.future();
    }

    Future<Void> close() {
        closed = true;
        return http.close();
    }

    private Future<MultiMap> headers(Buffer body) {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("Content-Type", "application/json")
                .add("Accept", "application/json")
                .add("User-Agent", "Millrace")
                .add(RequestSignature.TIMESTAMP_HEADER, timestamp);
        SecretReference reference = secret;
        if (reference == null) {
            return Future.succeededFuture(headers);
        }
        // The secret may be a file.
        return context.executeBlocking(
                () -> headers.add(
                        RequestSignature.HEADER, RequestSignature.of(reference.value(), timestamp, body.getBytes())),
                false);
    }

    private final class Exchange {
        private final Promise<Answer> answer = Promise.promise();
        private final Buffer body;
        private final Buffer received = Buffer.buffer();
        private final long timer;
        private MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        private @Nullable HttpClientRequest request;
        private boolean repeatable = true;

        Exchange(Buffer body) {
            this.body = body;
            timer = vertx.setTimer(
                    timeoutMillis,
                    id -> conclude(new TimeoutException("there was no answer within " + timeoutMillis + " ms")));
        }

        void open(MultiMap signed) {
            if (closed) {
                conclude(new IllegalStateException("the relay stops"));
                return;
            }
            headers = signed;
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setAbsoluteURI(url.toString())
                    .setHeaders(headers)
                    .setConnectTimeout(timeoutMillis);
            // Composed, as a client that is closed throws.
            Future.succeededFuture(options).compose(http::request).onComplete(this::send, this::fail);
        }

        private void send(HttpClientRequest opened) {
            request = opened;
            if (answer.future().isComplete()) {
                opened.reset();
                return;
            }
            opened.response().onComplete(this::receive, this::fail);
            opened.end(body);
        }

        private void receive(HttpClientResponse response) {
            repeatable = false;
            response.exceptionHandler(this::fail);
            response.handler(chunk -> {
                if (received.length() + chunk.length() > MAX_ANSWER_BYTES) {
                    fail(new IllegalStateException("its answer is longer than " + MAX_ANSWER_BYTES + " bytes"));
                } else {
                    received.appendBuffer(chunk);
                }
            });
            response.endHandler(end -> {
                vertx.cancelTimer(timer);
                answer.tryComplete(new Answer(response.statusCode(), received));
            });
        }

        /** A server may close a kept connection at the very moment in which it is used again. */
        private void fail(Throwable failure) {
            if (request != null && repeatable && !answer.future().isComplete()) {
                repeatable = false;
                request = null;
                open(headers);
            } else {
                conclude(failure);
            }
        }

        private void conclude(Throwable failure) {
            vertx.cancelTimer(timer);
            if (answer.tryFail(failure) && request != null) {
                request.reset();
            }
        }
    }
}
