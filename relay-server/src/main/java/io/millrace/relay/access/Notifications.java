package io.millrace.relay.access;

import io.millrace.relay.config.NotificationsConfig;
import io.millrace.relay.config.NotificationsConfig.Event;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a server of the operator's what happens. Callable from any thread, and never blocks: what can't be kept is dropped
 * and counted. Delivered in {@value #LANES} lanes, each one notification after the other, a stream always in the same one:
 * the server learns of the events of a stream, and so of a connection, in their order.
 *
 * <p>At least once: a notification whose answer was lost is posted again, with the same id.
 */
public final class Notifications {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    private static final int LANES = 8;
    private static final long FIRST_BACKOFF_MILLIS = 1_000;
    private static final long DRAIN_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final NotificationsConfig config;
    private final long drainMillis;
    private final @Nullable WebhookClient client;
    private final List<NotificationLane> lanes = new ArrayList<>();
    /** Not delivered yet, those included that are on their way to the context. */
    private final AtomicInteger pending = new AtomicInteger();

    private final LongAdder sent = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final Promise<Void> drained = Promise.promise();
    private volatile boolean accepting = true;
    private boolean finished;
    private long reportedDrops;
    private long reportedMillis;

    /**
     * How the notifications fared since the start.
     *
     * @param sent taken by the server
     * @param failed not taken by the server, after all attempts
     * @param dropped never tried, or not to the end: the queue was full or the relay stopped
     * @param pending not delivered yet
     */
    public record Counts(long sent, long failed, long dropped, int pending) {}

    /** Without a URL it tells nobody anything. */
    public Notifications(Vertx vertx, NotificationsConfig config) {
        this(vertx, config, FIRST_BACKOFF_MILLIS, DRAIN_MILLIS);
    }

    Notifications(Vertx vertx, NotificationsConfig config, long firstBackoffMillis, long drainMillis) {
        this.vertx = vertx;
        this.drainMillis = drainMillis;
        this.config = config;
        context = vertx.getOrCreateContext();
        URI url = config.url();
        client = url == null
                ? null
                : new WebhookClient(vertx, context, url, config.secret(), config.timeoutMillis(), LANES);
        if (client != null && url != null) {
            OutageLog outages = new OutageLog(
                    LOG, "the server for notifications " + WebhookClient.loggable(url), "it may miss notifications");
            NotificationPost post = new NotificationPost(vertx, client, config.retries(), firstBackoffMillis, outages);
            for (int i = 0; i < LANES; i++) {
                lanes.add(new NotificationLane(post, this::ended));
            }
        }
    }

    /** A stream has a publisher. */
    public void published(ConnectionNotice notice) {
        offer(Event.PUBLISH, notice);
    }

    /** A stream has lost its publisher. */
    public void unpublished(ConnectionNotice notice) {
        offer(Event.UNPUBLISH, notice);
    }

    /** A stream has another subscriber. */
    public void requested(ConnectionNotice notice) {
        offer(Event.REQUEST, notice);
    }

    /** A connection has ended, a publisher's or a subscriber's. */
    public void closed(ConnectionNotice notice) {
        offer(Event.CLOSE, notice);
    }

    public Counts counts() {
        return new Counts(sent.sum(), failed.sum(), dropped.sum(), pending.get());
    }

    /** Takes no more; what is queued has one second to be delivered. */
    public Future<Void> close() {
        accepting = false;
        context.runOnContext(start -> {
            if (pending.get() == 0) {
                finish();
            } else {
                vertx.setTimer(drainMillis, id -> finish());
            }
        });
        return drained.future();
    }

    private void finish() {
        if (!finished) {
            finished = true;
            int undelivered = pending.get();
            lanes.forEach(NotificationLane::stop);
            if (undelivered > 0) {
                LOG.warn("notifications that were not delivered before the stop: {}", undelivered);
            }
            (client == null ? Future.<Void>succeededFuture() : client.close()).onComplete(drained);
        }
    }

    private void ended(NotificationLane.End end) {
        switch (end) {
            case SENT -> sent.increment();
            case FAILED -> failed.increment();
            case DROPPED -> dropped.increment();
        }
        reportDrops();
        if (pending.decrementAndGet() == 0 && !accepting) {
            finish();
        }
    }

    private void reportDrops() {
        if (finished) {
            return;
        }
        long drops = dropped.sum();
        long nowMillis = NotificationPost.nowMillis();
        if (drops > reportedDrops && (reportedDrops == 0 || nowMillis - reportedMillis >= OutageLog.REPEAT_MILLIS)) {
            LOG.warn(
                    "{} notifications were dropped since the last line like this; at most {} are kept",
                    drops - reportedDrops,
                    config.maxQueued());
            reportedDrops = drops;
            reportedMillis = nowMillis;
        }
    }

    private void offer(Event event, ConnectionNotice notice) {
        if (client == null || !config.events().contains(event)) {
            return;
        }
        if (!accepting || !reserve()) {
            dropped.increment();
            return;
        }
        JsonObject json = json(event, notice);
        NotificationLane lane = lanes.get(Math.floorMod(notice.stream().hashCode(), LANES));
        context.runOnContext(start -> lane.add(json));
    }

    private boolean reserve() {
        int before = pending.getAndUpdate(n -> n < config.maxQueued() ? n + 1 : n);
        return before < config.maxQueued();
    }

    private static JsonObject json(Event event, ConnectionNotice notice) {
        return new JsonObject()
                .put("event", event.name().toLowerCase(Locale.ROOT))
                .put("id", UUID.randomUUID().toString())
                .put("time", Instant.now().toString())
                .put("connection", notice.connectionId())
                .put("listener", notice.listener())
                .put("stream", notice.stream())
                .put("user", notice.user())
                .put("address", LoggableAddress.of(notice.peer().getAddress()))
                .put("port", notice.peer().getPort())
                .put("reason", notice.reason())
                .put("durationSeconds", notice.durationSeconds())
                .put("bytes", notice.bytes());
    }
}
