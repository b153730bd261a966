package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionEvent;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.relay.stream.StreamDirectory;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what happens, while it happens: {@code GET /api/v1/events}, server-sent events. Clients belong to the
 * context of the HTTP side; events come from any loop, and while nobody listens they cost nothing. What is told is built off
 * the loops, and bounded everywhere: in number waiting, in refusals a second, and for each client.
 */
final class EventApi {
    private static final Logger LOG = LoggerFactory.getLogger(EventApi.class);
    private static final int MAX_CLIENTS = 100;
    private static final int MAX_PENDING = 1_000;
    private static final int MAX_REFUSALS_PER_SECOND = 50;
    private static final int HEARTBEAT_SECONDS = 15;
    /** Statistics of many streams are long: to this many clients at a time, and then it is media's turn. */
    private static final int CLIENTS_AT_A_TIME = 8;

    private final Vertx vertx;
    private final Context context;
    private final ConnectionEvents events;
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;

    private final Set<EventClient> clients = new LinkedHashSet<>();
    private final AtomicInteger listening = new AtomicInteger();
    /** Events that are being made ready. */
    private final AtomicInteger pending = new AtomicInteger();

    private final AtomicInteger refusalsThisSecond = new AtomicInteger();
    private final AtomicLong untoldRefusals = new AtomicLong();
    private boolean gathering;
    private int seconds;

    EventApi(Vertx vertx, ConnectionEvents events, StreamDirectory streams, ConnectionDirectory connections) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.events = events;
        this.streams = streams;
        this.connections = connections;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/events", ApiScope.READ).handler(this::join);
        events.watch(this::happened);
        vertx.setPeriodic(1_000, timer -> secondPassed());
    }

    private void join(RoutingContext request) {
        Set<EventType> types = EventType.of(Query.of(request, List.of("types")).text("types"));
        if (clients.size() >= MAX_CLIENTS) {
            throw new ProblemException(
                    Problem.unavailable(MAX_CLIENTS + " clients are told of events, which is the most: end some"));
        }
        HttpServerResponse response = request.response();
        EventClient client = new EventClient(response, types);
        clients.add(client);
        listening.incrementAndGet();
        response.closeHandler(closed -> leave(client));
        response.exceptionHandler(failure -> leave(client));
        // A proxy that buffers would hold events back.
        response.setChunked(true).putHeader("Content-Type", "text/event-stream").putHeader("X-Accel-Buffering", "no");
        client.comment();
    }

    private void leave(EventClient client) {
        if (clients.remove(client)) {
            listening.decrementAndGet();
        }
    }

    /** On the loop of a listener. */
    private void happened(ConnectionEvent event) {
        if (listening.get() == 0) {
            return;
        }
        long untold = 0;
        if (event instanceof ConnectionEvent.Refused) {
            if (refusalsThisSecond.incrementAndGet() > MAX_REFUSALS_PER_SECOND) {
                untoldRefusals.incrementAndGet();
                return;
            }
            untold = untoldRefusals.getAndSet(0);
        }
        if (pending.incrementAndGet() > MAX_PENDING) {
            pending.decrementAndGet();
            return;
        }
        long since = untold;
        context.executeBlocking(() -> EventJson.of(event, since)).onComplete(frames -> {
            pending.decrementAndGet();
            if (frames.succeeded()) {
                frames.result().forEach(frame -> tell(List.copyOf(clients), frame));
            } else {
                LOG.error("an event can't be told", frames.cause());
            }
        });
    }

    private void secondPassed() {
        refusalsThisSecond.set(0);
        if (++seconds % HEARTBEAT_SECONDS == 0) {
            List.copyOf(clients).forEach(client -> gone(client, client.comment()));
        }
        if (gathering || clients.stream().noneMatch(client -> client.wants(EventType.STATISTICS))) {
            return;
        }
        gathering = true;
        vertx.executeBlocking(
                        () -> EventJson.statistics(Instant.now(), streams.streams(), connections.connections()), false)
                .onComplete(frame -> {
                    if (frame.succeeded()) {
                        tellInTurns(new ArrayList<>(clients), frame.result());
                    } else {
                        gathering = false;
                        LOG.error("statistics can't be told", frame.cause());
                    }
                });
    }

    private void tellInTurns(List<EventClient> left, EventFrame frame) {
        List<EventClient> turn = left.subList(0, Math.min(CLIENTS_AT_A_TIME, left.size()));
        tell(turn, frame);
        turn.clear();
        if (left.isEmpty()) {
            gathering = false;
        } else {
            context.runOnContext(next -> tellInTurns(left, frame));
        }
    }

    private void tell(List<EventClient> some, EventFrame frame) {
        some.forEach(client -> gone(client, client.tell(frame)));
    }

    private void gone(EventClient client, boolean there) {
        if (!there) {
            leave(client);
            LOG.info("a client of /api/v1/events did not read what it was sent, and was disconnected");
        }
    }
}
