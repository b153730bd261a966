package io.millrace.relay.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that read, and clients that don't. */
@Timeout(60)
class EventClientTest {
    private static final int IDLE_SECONDS = 4;
    private static final EventFrame REFUSED = frame(EventType.REFUSED);
    private static final EventFrame STATISTICS = frame(EventType.STATISTICS);

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<HttpServerResponse> response = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private Context context;

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoReadsNothingIsDisconnectedAndWhatWaitsForItIsBounded() throws Exception {
        try (Socket socket = connect()) {
            EventClient client = client(EnumSet.allOf(EventType.class));
            // Until the system takes no more.
            while (!onContext(() -> response.join().writeQueueFull())) {
                onContext(() -> client.tell(REFUSED));
            }

            int told = 0;
            while (onContext(() -> client.tell(REFUSED))) {
                told++;
            }

            assertThat(told).isEqualTo(EventClient.MAX_LATE);
            closed.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoReadsNothingMissesStatisticsFirst() throws Exception {
        try (Socket socket = connect()) {
            EventClient client = client(EnumSet.allOf(EventType.class));
            while (!onContext(() -> response.join().writeQueueFull())) {
                onContext(() -> client.tell(REFUSED));
            }
            long written = response.join().bytesWritten();

            assertThat(onContext(() -> client.tell(STATISTICS))).isTrue();
            assertThat(response.join().bytesWritten()).isEqualTo(written);
            assertThat(onContext(() -> client.tell(REFUSED))).isTrue();
            assertThat(response.join().bytesWritten()).isGreaterThan(written);
        }
    }

    @Test
    void whoDoesNotWantAnEventIsNotHeldUpByIt() throws Exception {
        try (Socket socket = connect()) {
            EventClient client = client(Set.of(EventType.STATISTICS));

            for (int i = 0; i < 2 * EventClient.MAX_LATE; i++) {
                assertThat(onContext(() -> client.tell(REFUSED))).isTrue();
            }

            assertThat(response.join().bytesWritten()).isZero();
        }
    }

    private Socket connect() throws Exception {
        HttpServer server = vertx.createHttpServer(
                        HttpVerticle.options().setSendBufferSize(4_096).setWriteIdleTimeout(IDLE_SECONDS))
                .requestHandler(request -> {
                    request.response().setChunked(true).closeHandler(end -> closed.complete(null));
                    context = vertx.getOrCreateContext();
                    response.complete(request.response());
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        response.get(10, TimeUnit.SECONDS);
        return socket;
    }

    private EventClient client(Set<EventType> types) {
        return new EventClient(response.join(), types);
    }

    private <T> T onContext(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        context.runOnContext(run -> {
            try {
                result.complete(task.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    private static EventFrame frame(EventType type) {
        return new EventFrame(type, Buffer.buffer("x".repeat(1_000)));
    }
}
