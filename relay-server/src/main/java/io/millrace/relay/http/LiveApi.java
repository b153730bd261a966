package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.stream.LiveReader;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamVerticle;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams as a browser can show them: {@code GET /api/v1/streams/{name}/live.ts}, for as long as the publisher publishes. All
 * viewers are written to in turns, by one timer that runs while there are any: while nobody watches, nothing is done, and
 * what comes in waits for none of them.
 */
final class LiveApi {
    private static final long TURN_MILLIS = 20;

    private final Vertx vertx;
    private final StreamDirectory streams;
    private final Supplier<RelayConfig> config;
    /** On the context of the HTTP side. */
    private final Set<LiveViewer> viewers = new LinkedHashSet<>();

    private @Nullable Long timer;

    LiveApi(Vertx vertx, StreamDirectory streams, Supplier<RelayConfig> config) {
        this.vertx = vertx;
        this.streams = streams;
        this.config = config;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/streams/:name/live.ts", ApiScope.READ).handler(this::join);
    }

    private void join(RoutingContext request) {
        checkThatThereIsRoom();
        String name = PathParameter.text(request, "name");
        StreamVerticle stream = streams.stream(name);
        if ((stream == null || stream.publication() == null) && streams.isElsewhere(name)) {
            pull(request, name);
        } else {
            watch(request, StreamApi.stream(streams, request));
        }
    }

    /** Takes the stream from another node first, for which somebody has to want it until it is watched. */
    private void pull(RoutingContext request, String name) {
        Context context = vertx.getOrCreateContext();
        streams.subscribe(name, 0)
                .onComplete(pulled -> context.runOnContext(v -> {
                    try {
                        if (pulled.failed()) {
                            throw new ProblemException(
                                    Problem.unavailable("it is published on another node, and could not be had"
                                            + " from there: " + pulled.cause().getMessage()));
                        }
                        checkThatThereIsRoom();
                        watch(request, StreamApi.stream(streams, request));
                    } catch (ProblemException e) {
                        request.fail(e);
                    } finally {
                        if (pulled.succeeded()) {
                            pulled.result().end();
                        }
                    }
                }));
    }

    private void checkThatThereIsRoom() {
        int most = config.get().http().maximumLiveViewers();
        if (viewers.size() >= most) {
            throw new ProblemException(Problem.unavailable(
                    most + " viewers are sent a live picture over HTTP, which is the most: end some, or raise"
                            + " http.maximumLiveViewers"));
        }
    }

    private void watch(RoutingContext request, StreamVerticle stream) {
        LiveReader reader = stream.watch();
        if (reader == null) {
            throw new ProblemException(Problem.notFound("nobody publishes this stream"));
        }
        HttpServerResponse response = request.response();
        LiveViewer viewer = new LiveViewer(stream, reader, response, ApiGuard.caller(request));
        viewers.add(viewer);
        response.closeHandler(closed -> leave(viewer));
        response.exceptionHandler(failure -> leave(viewer));
        // A proxy that buffers would hold the stream back.
        response.setChunked(true).putHeader("Content-Type", "video/mp2t").putHeader("X-Accel-Buffering", "no");
        // Now, even if nothing has come yet.
        var unused = response.writeHead();
        if (timer == null) {
            timer = vertx.setPeriodic(TURN_MILLIS, id -> turn());
        }
        write(viewer, LoopClock.nowMicros());
    }

    private void turn() {
        long nowMicros = LoopClock.nowMicros();
        List.copyOf(viewers).forEach(viewer -> write(viewer, nowMicros));
    }

    private void write(LiveViewer viewer, long nowMicros) {
        if (!viewer.write(nowMicros)) {
            leave(viewer);
        }
    }

    private void leave(LiveViewer viewer) {
        if (!viewers.remove(viewer)) {
            return;
        }
        viewer.left();
        Long running = timer;
        if (viewers.isEmpty() && running != null) {
            vertx.cancelTimer(running);
            timer = null;
        }
    }
}
