package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.RefusedException;
import io.millrace.relay.log.LogField;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream by name: who publishes it, who may subscribe, and what happens when the publisher goes. Media does not pass
 * through here; it goes from the publisher's loop into {@link StreamMedia}.
 *
 * <p>All state belongs to the verticle's context, and every decision is taken there. The public methods may be called
 * from anywhere.
 */
public final class StreamVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(StreamVerticle.class);

    /**
     * A publisher that delivered and then sent nothing for this long, beyond its latency, has gone silent. An encoder
     * whose address changed calls again sooner than its old connection times out.
     */
    private static final long SILENCE_MICROS = 1_000_000;

    /** What senders keep for retransmission at least, and some room. */
    private static final long MIN_SPAN_MICROS = 1_500_000;

    private final String name;
    private final StreamDirectory directory;
    private final StreamMedia media;
    private final StreamAnalysis analysis;
    private final AtomicInteger subscribers = new AtomicInteger();
    private final AtomicInteger viewers = new AtomicInteger();
    private final List<Waiting> waiting = new ArrayList<>();

    /** Written by this context, read by the API. */
    private volatile @Nullable Publication publication;

    private int lastLatencyMillis;
    private @Nullable Takeover takeover;
    private boolean claiming;
    private @Nullable Long graceTimer;
    private boolean ended;

    /** A request that is held until the stream is published. */
    private record Waiting(int maximumSubscribers, Promise<Subscription> promise, long timer) {}

    /** A publisher that has been promised the place of one that is being evicted. */
    private record Takeover(Publisher publisher, Promise<Publication> promise) {}

    StreamVerticle(String name, StreamDirectory directory, int loops) {
        this.name = name;
        this.directory = directory;
        StreamSettings settings = directory.settings();
        media = new StreamMedia(
                new StreamLog(settings.bufferBytes(), MIN_SPAN_MICROS), settings, loops, this::joinPoint);
        analysis = new StreamAnalysis(media.log());
    }

    /** Name, as callers ask for it. */
    public String name() {
        return name;
    }

    /** The present publication, or null while nobody publishes. */
    public @Nullable Publication publication() {
        return publication;
    }

    /** Subscribers on this node. */
    public int subscribers() {
        return subscribers.get();
    }

    /** Those who watch it without being subscribers, on this node. */
    public int viewers() {
        return viewers.get();
    }

    /** Begins to read what is published, from any thread, up to {@link #unwatch}; null while nobody publishes. */
    public @Nullable LiveReader watch() {
        Publication present = publication;
        if (present == null) {
            return null;
        }
        viewers.incrementAndGet();
        return new LiveReader(
                media.log(), present, this::publication, analysis::newestJoinPoint, directory::viewerWasTooSlow);
    }

    /** Ends what {@link #watch} began. */
    public void unwatch() {
        viewers.decrementAndGet();
    }

    /** What is in it. */
    public StreamAnalysis analysis() {
        return analysis;
    }

    /** Where a new reader may begin in what is published now; null if no such place is known. Callable from any thread. */
    public @Nullable JoinPoint joinPoint() {
        Publication current = publication;
        JoinPoint newest = analysis.newestJoinPoint();
        // That of the publisher before is still there until what the present one sends has been looked at.
        boolean isPresent = current != null
                && newest != null
                && newest.position() >= current.slot().firstPosition();
        return isPresent ? newest : null;
    }

    StreamMedia media() {
        return media;
    }

    /** Asks for the right to publish; fails with a {@link RefusedException}. */
    Future<Publication> publish(Publisher publisher) {
        Promise<Publication> promise = Promise.promise();
        context.runOnContext(v -> decidePublish(publisher, promise));
        return promise.future();
    }

    /**
     * Asks for the right to subscribe; fails with a {@link RefusedException}. Where the settings say so, the answer
     * waits until somebody publishes.
     */
    Future<Subscription> subscribe(int maximumSubscribers) {
        Promise<Subscription> promise = Promise.promise();
        context.runOnContext(v -> decideSubscribe(maximumSubscribers, promise));
        return promise.future();
    }

    void unpublish(Publication ending) {
        context.runOnContext(v -> onPublisherGone(ending));
    }

    void unsubscribe() {
        subscribers.decrementAndGet();
    }

    private void decidePublish(Publisher publisher, Promise<Publication> promise) {
        if (ended) {
            promise.fail(new StreamEndedException());
            return;
        }
        Publication current = publication;
        if (current == null && !claiming) {
            claim(publisher, promise);
            return;
        }
        if (current == null || takeover != null || isDelivering(current)) {
            String holder = current == null
                    ? "another publisher"
                    : LoggableAddress.of(current.publisher().address());
            promise.fail(refusal(
                    RejectReason.CONFLICT,
                    "\"" + LoggableStreamId.of(name) + "\" is being published by " + holder
                            + "; stop that encoder or publish under another name"));
            return;
        }
        LOG.atInfo()
                .addKeyValue(LogField.STREAM, name)
                .addKeyValue(
                        LogField.PEER, LoggableAddress.of(current.publisher().address()))
                .log(
                        "stream \"{}\": publisher {} sends nothing and gives way to {}",
                        name,
                        LoggableAddress.of(current.publisher().address()),
                        LoggableAddress.of(publisher.address()));
        takeover = new Takeover(publisher, promise);
        current.publisher().evict().run();
    }

    private boolean isDelivering(Publication current) {
        long now = LoopClock.nowMicros();
        long latency = current.publisher().latencyMillis() * 1000L;
        long last = current.slot().lastReceivedMicros();
        return last == 0
                ? now - current.grantedMicros() < directory.settings().publisherProbationMillis() * 1000L + latency
                : now - last < SILENCE_MICROS + latency;
    }

    private void claim(Publisher publisher, Promise<Publication> promise) {
        if (!directory.takePublisherPlace()) {
            promise.fail(refusal(
                    RejectReason.OVERLOAD,
                    "the node has " + directory.settings().maximumPublishers()
                            + " publishers, its limit; raise limits.publishers or use another node"));
            endIfUnused();
            return;
        }
        claiming = true;
        directory
                .claim(name)
                .whenComplete((result, failure) -> context.runOnContext(v -> {
                    claiming = false;
                    if (failure != null || !result.granted()) {
                        directory.givePublisherPlaceBack();
                        promise.fail(
                                failure == null
                                        ? refusal(
                                                RejectReason.CONFLICT,
                                                "\"" + LoggableStreamId.of(name) + "\" is published on node "
                                                        + result.holder().nodeId()
                                                        + "; stop that encoder or publish under another name")
                                        : refusal(
                                                RejectReason.INTERNAL_SERVER_ERROR,
                                                "the registry of streams did not answer; see that the cluster's nodes"
                                                        + " reach each other: " + failure));
                        endIfUnused();
                    } else {
                        grant(publisher, result.holder(), promise);
                    }
                }));
    }

    private void grant(Publisher publisher, Claim claim, Promise<Publication> promise) {
        long now = LoopClock.nowMicros();
        Publication granted =
                new Publication(this, publisher, claim, new PublisherSlot(media.log(), LoopClock::nowMicros), now);
        cancelGrace();
        publication = granted;
        if (subscribers.get() > 0 && publisher.latencyMillis() > lastLatencyMillis) {
            LOG.atWarn()
                    .addKeyValue(LogField.STREAM, name)
                    .log(
                            "stream \"{}\": its new publisher has a latency of {} ms, but its subscribers ({}) connected when it"
                                    + " was {} ms: what is recovered late may miss them until they reconnect",
                            name,
                            publisher.latencyMillis(),
                            subscribers.get(),
                            lastLatencyMillis);
        }
        lastLatencyMillis = publisher.latencyMillis();
        media.log().keepFor(publisher.latencyMillis() * 1000L + MIN_SPAN_MICROS);
        promise.complete(granted);
        List<Waiting> held = List.copyOf(waiting);
        waiting.clear();
        for (Waiting request : held) {
            vertx.cancelTimer(request.timer());
            decideSubscribe(request.maximumSubscribers(), request.promise());
        }
    }

    private void decideSubscribe(int maximumSubscribers, Promise<Subscription> promise) {
        if (ended) {
            promise.fail(new StreamEndedException());
            return;
        }
        if (publication == null && graceTimer == null) {
            hold(maximumSubscribers, promise);
            return;
        }
        Publication current = publication;
        int limit = directory.settings().maximumSubscribers();
        int most = least(limit, maximumSubscribers);
        most = least(most, current == null ? 0 : current.publisher().maximumSubscribers());
        if (subscribers.incrementAndGet() > most) {
            subscribers.decrementAndGet();
            promise.fail(refusal(
                    RejectReason.OVERLOAD,
                    "\"" + LoggableStreamId.of(name) + "\" has " + most
                            + " subscribers, the limit; raise "
                            + (most == limit
                                    ? "limits.subscribersPerStream or use another node"
                                    : "that of the source that lets in this caller, or the publisher")));
        } else {
            promise.complete(new Subscription(this, lastLatencyMillis));
        }
    }

    /** The smaller bound, where 0 is none. */
    private static int least(int bound, int other) {
        return other == 0 ? bound : Math.min(bound, other);
    }

    private void hold(int maximumSubscribers, Promise<Subscription> promise) {
        int waitMillis = directory.settings().waitMillis();
        if (waitMillis == 0) {
            promise.fail(StreamDirectory.notFound(name));
            return;
        }
        long timer = vertx.setTimer(waitMillis, id -> {
            waiting.removeIf(request -> request.timer() == id);
            promise.fail(refusal(
                    RejectReason.NOT_FOUND,
                    "nobody published \"" + LoggableStreamId.of(name) + "\" within " + waitMillis
                            + " ms; start the publisher or check the name"));
            endIfUnused();
        });
        waiting.add(new Waiting(maximumSubscribers, promise, timer));
    }

    private void onPublisherGone(Publication ending) {
        if (publication != ending) {
            return;
        }
        ending.slot().end();
        // What was held for the sake of holes before it is settled now.
        media.published(LoopClock.nowMicros());
        publication = null;
        directory.release(ending.claim());
        Takeover next = takeover;
        takeover = null;
        if (next != null) {
            startGrace();
            claim(next.publisher(), next.promise());
        } else if (subscribers.get() == 0) {
            end();
        } else {
            startGrace();
            LOG.atInfo()
                    .addKeyValue(LogField.STREAM, name)
                    .log(
                            "stream \"{}\": its publisher is gone; keeping its subscribers ({}) for {} ms",
                            name,
                            subscribers.get(),
                            directory.settings().publisherGraceMillis());
        }
    }

    private void startGrace() {
        int graceMillis = directory.settings().publisherGraceMillis();
        // Vert.x refuses a timer of no time.
        graceTimer = vertx.setTimer(Math.max(1, graceMillis), id -> {
            graceTimer = null;
            // With a claim under way the publisher is about to return, or the failed claim ends the stream.
            if (publication == null && !claiming) {
                LOG.atInfo()
                        .addKeyValue(LogField.STREAM, name)
                        .log(
                                "stream \"{}\": no publisher came within {} ms; closing its subscribers ({})",
                                name,
                                graceMillis,
                                subscribers.get());
                end();
            }
        });
    }

    private void cancelGrace() {
        Long timer = graceTimer;
        if (timer != null) {
            vertx.cancelTimer(timer);
            graceTimer = null;
        }
    }

    private void endIfUnused() {
        if (publication == null && !claiming && graceTimer == null && waiting.isEmpty()) {
            end();
        }
    }

    private void end() {
        ended = true;
        media.close();
        directory.ended(this);
    }

    private static RefusedException refusal(RejectReason reason, String explanation) {
        return new RefusedException(new Refusal(reason, explanation));
    }
}
