package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server that an operator might run, which does what a test tells it to. */
public final class WebhookServer implements AutoCloseable {
    private static final int WAIT_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Post> posts = new LinkedBlockingQueue<>();
    private final HttpServer server;
    private volatile Consumer<Post> behaviour = post -> post.answer(204, "");

    /** One request that came in. */
    public record Post(HttpServerRequest request, MultiMap headers, Buffer body) {
        public JsonObject json() {
            return body.toJsonObject();
        }

        public HttpServerResponse response() {
            return request.response();
        }

        public void answer(int status, String text) {
            response().setStatusCode(status).end(text);
        }
    }

    public WebhookServer() {
        server = await(vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Post post = new Post(request, request.headers(), body);
            // Taken before a test can see the request, and then change its mind for those to come.
            Consumer<Post> treatment = behaviour;
            posts.add(post);
            treatment.accept(post);
        });
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/hook?token=of-the-url");
    }

    /** Answers every request to come like this. */
    public void answers(int status, String body) {
        behaviour = post -> post.answer(status, body);
    }

    /** Treats every request to come like this. */
    public void does(Consumer<Post> behaviour) {
        this.behaviour = behaviour;
    }

    /** Leaves every request to come without an answer. */
    public void hangs() {
        behaviour = post -> {};
    }

    /** The next request that came in, once it has. */
    public Post next() throws InterruptedException {
        Post post = posts.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(post).as("a request in time").isNotNull();
        return post;
    }

    /** How many came in that nobody has looked at. */
    public int unseen() {
        return posts.size();
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
