package io.millrace.relay.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The API server as a pod reaches it: over TLS, with the token of its service account. Failures are {@link ApiException}s.
 * Callable from any thread.
 */
final class ApiServer {
    /** A take-over waits for it; a server that is slower than this is asked anew. */
    private static final int TIMEOUT_MILLIS = 2_000;
    /** A slice of ours has one; what is longer is none. */
    private static final int MAX_ANSWER_BYTES = 262_144;

    private static final int MAX_FAULT_LENGTH = 300;

    private final Vertx vertx;
    private final ServiceAccount account;
    private final HttpClient http;

    private record Answer(int status, Buffer body) {}

    ApiServer(Vertx vertx, ServiceAccount account) {
        this.vertx = vertx;
        this.account = account;
        // Closed with Vert.x.
        http = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(
                        new PemTrustOptions().addCertPath(account.authority().toString()))
                .setConnectTimeout(TIMEOUT_MILLIS));
    }

    /** The object at a path; nothing if there is none. */
    Future<Optional<JsonObject>> get(String path) {
        return exchange(HttpMethod.GET, path, null).compose(answer -> switch (answer.status) {
            case 200 -> parsed(path, answer.body);
            case 404 -> Future.succeededFuture(Optional.empty());
            default -> refused(HttpMethod.GET, path, answer);
        });
    }

    /** Makes an object in the collection at a path, unless there is one of its name. */
    Future<Void> post(String path, JsonObject object) {
        return write(HttpMethod.POST, path, object);
    }

    /** Replaces the object at a path, if it still has the resourceVersion that the new one names. */
    Future<Void> put(String path, JsonObject object) {
        return write(HttpMethod.PUT, path, object);
    }

    private Future<Void> write(HttpMethod method, String path, JsonObject object) {
        return exchange(method, path, object.toBuffer())
                .compose(answer -> answer.status == 200 || answer.status == 201
                        ? Future.succeededFuture()
                        : refused(method, path, answer));
    }

    private Future<Answer> exchange(HttpMethod method, String path, @Nullable Buffer body) {
        // The token is a file.
        return vertx.executeBlocking(account.token()::value, false)
                .compose(token -> http.request(new RequestOptions()
                        .setMethod(method)
                        .setHost(account.host())
                        .setPort(account.port())
                        .setURI(path)
                        .putHeader("Authorization", "Bearer " + token)
                        .putHeader("Accept", "application/json")
                        .putHeader("User-Agent", "Millrace")
                        .setConnectTimeout(TIMEOUT_MILLIS)))
                .compose(request -> send(request, body))
                .recover(failure -> Future.failedFuture(new ApiException(
                        method + " " + path + " at the Kubernetes API: "
                                + oneLine(String.valueOf(failure.getMessage())),
                        failure)));
    }

    private static Future<Answer> send(HttpClientRequest request, @Nullable Buffer body) {
        if (body != null) {
            request.putHeader("Content-Type", "application/json");
        }
        return (body == null ? request.send() : request.send(body))
                .compose(ApiServer::receive)
                .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(failure -> request.reset());
    }

    private static Future<Answer> receive(HttpClientResponse response) {
        Promise<Answer> whole = Promise.promise();
        Buffer received = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(chunk -> {
            if (received.length() + chunk.length() > MAX_ANSWER_BYTES) {
                whole.tryFail("its answer is longer than " + MAX_ANSWER_BYTES + " bytes");
            } else {
                received.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> whole.tryComplete(new Answer(response.statusCode(), received)));
        return whole.future();
    }

    private static Future<Optional<JsonObject>> parsed(String path, Buffer body) {
        try {
            return Future.succeededFuture(Optional.of(body.toJsonObject()));
        } catch (DecodeException | ClassCastException e) {
            return Future.failedFuture(new ApiException("GET " + path + ": the answer is no JSON object", e));
        }
    }

    private static <T> Future<T> refused(HttpMethod method, String path, Answer answer) {
        String said;
        try {
            said = String.valueOf(answer.body.toJsonObject().getValue("message"));
        } catch (DecodeException | ClassCastException e) {
            said = answer.body.toString();
        }
        return Future.failedFuture(new ApiException(
                method + " " + path + " at the Kubernetes API: " + answer.status + " " + oneLine(said), answer.status));
    }

    private static String oneLine(String text) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() > MAX_FAULT_LENGTH ? clean.substring(0, MAX_FAULT_LENGTH) + "..." : clean;
    }
}
