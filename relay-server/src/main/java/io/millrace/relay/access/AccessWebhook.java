package io.millrace.relay.access;

import io.millrace.relay.access.WebhookAnswer.Unusable;
import io.millrace.relay.access.WebhookAnswer.Usable;
import io.millrace.relay.config.WebhookConfig;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server of the operator's that decides on callers. Equal questions share one request, answers hold as long as they say,
 * and what is open at once is bounded. All of it happens on one context; whoever is connected already notices nothing.
 */
public final class AccessWebhook implements AccessSource {
    private static final Logger LOG = LoggerFactory.getLogger(AccessWebhook.class);
    private static final long SWEEP_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final WebhookConfig config;
    private final LongSupplier clockMillis;
    private final WebhookAnswerReader reader;
    private final OutageLog outages;
    private final @Nullable WebhookClient client;
    private final AnswerCache cache = new AnswerCache();
    private final Map<String, Future<AccessDecision>> open = new HashMap<>();
    private boolean sweeping;
    private boolean closed;

    /** Without a URL it has no opinion on anybody. */
    public AccessWebhook(Vertx vertx, WebhookConfig config) {
        this(vertx, config, () -> System.nanoTime() / 1_000_000);
    }

    AccessWebhook(Vertx vertx, WebhookConfig config, LongSupplier clockMillis) {
        this.vertx = vertx;
        this.config = config;
        this.clockMillis = clockMillis;
        context = vertx.getOrCreateContext();
        reader = new WebhookAnswerReader(config.cacheSeconds());
        URI url = config.url();
        client = url == null
                ? null
                : new WebhookClient(
                        vertx, context, url, config.secret(), config.timeoutMillis(), config.maxConnections());
        outages = new OutageLog(
                LOG,
                url == null ? "" : "the webhook " + WebhookClient.loggable(url),
                switch (config.whenDown()) {
                    case DENY -> "callers are refused";
                    case ALLOW -> "callers are let in";
                    case NEXT -> "the next source decides";
                });
    }

    @Override
    public Future<AccessDecision> decide(AccessRequest request) {
        WebhookClient asked = client;
        if (asked == null) {
            return Future.succeededFuture(NoOpinion.NO_OPINION);
        }
        AccessQuestion question = AccessQuestion.about(request);
        Promise<AccessDecision> decision = Promise.promise();
        context.runOnContext(start -> decide(asked, question, request).onComplete(decision));
        return decision.future();
    }

    /** Forgets every answer. Who still waits for one is refused or let in as while the server is down. */
    @Override
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(start -> {
            closed = true;
            cache.clear();
            (client == null ? Future.<Void>succeededFuture() : client.close()).onComplete(done);
        });
        return done.future();
    }

    private Future<AccessDecision> decide(WebhookClient asked, AccessQuestion question, AccessRequest request) {
        if (closed) {
            return Future.succeededFuture(new Refusal(RejectReason.CLOSE, "the relay stops"));
        }
        AccessDecision known = cache.get(question.digest(), clockMillis.getAsLong());
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Future<AccessDecision> sameQuestion = open.get(question.digest());
        if (sameQuestion != null) {
            return sameQuestion;
        }
        int maxOpen = config.maxConnections() + config.maxQueued();
        if (open.size() >= maxOpen) {
            return Future.succeededFuture(
                    new Refusal(
                            RejectReason.OVERLOAD,
                            maxOpen
                                    + " callers wait for the webhook already: make it faster or raise access.webhook.maxQueued"));
        }
        Future<AccessDecision> decision = asked.post(question.posted(UUID.randomUUID(), Instant.now()))
                .transform(posted -> Future.succeededFuture(conclude(
                        question,
                        request,
                        posted.succeeded()
                                ? reader.read(
                                        posted.result().status(),
                                        posted.result().body().getBytes(),
                                        request)
                                : new Unusable("can't be asked: " + WebhookClient.loggable(posted.cause()), false))));
        open.put(question.digest(), decision);
        return decision.onComplete(end -> open.remove(question.digest()));
    }

    private AccessDecision conclude(AccessQuestion question, AccessRequest request, WebhookAnswer answer) {
        long nowMillis = clockMillis.getAsLong();
        if (answer instanceof Usable usable) {
            outages.worked(nowMillis);
            if (usable.ttlMillis() > 0 && !closed) {
                cache.put(question.digest(), usable.decision(), nowMillis + usable.ttlMillis());
                sweepLater();
            }
            return usable.decision();
        }
        Unusable unusable = (Unusable) answer;
        if (!closed) {
            outages.failed(nowMillis, unusable.fault());
        }
        if (unusable.refused()) {
            return new Refusal(RejectReason.FORBIDDEN, "the webhook refused it and " + unusable.fault());
        }
        return switch (config.whenDown()) {
            case DENY -> new Refusal(RejectReason.DOWN, "the webhook " + unusable.fault());
            case ALLOW -> Grant.of(WebhookAnswerReader.SOURCE + " (down)", request);
            case NEXT -> NoOpinion.NO_OPINION;
        };
    }

    private void sweepLater() {
        if (!sweeping) {
            sweeping = true;
            vertx.setTimer(SWEEP_MILLIS, id -> {
                sweeping = false;
                cache.sweep(clockMillis.getAsLong());
                if (cache.size() > 0) {
                    sweepLater();
                }
            });
        }
    }
}
