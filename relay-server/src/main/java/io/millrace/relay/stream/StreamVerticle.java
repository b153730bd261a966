package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.cluster.StreamRegistry.LossReason;
import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.RefusedException;
import io.millrace.relay.log.LogField;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
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

    /** How long a request waits for a stream that another node publishes. */
    private static final int PULL_MILLIS = 5_000;

    /** What senders keep for retransmission at least, and some room. */
    private static final long MIN_SPAN_MICROS = 1_500_000;

    private final String name;
    private final StreamDirectory directory;
    private final StreamMedia media;
    private final StreamAnalysis analysis;
    private final AtomicInteger subscribers = new AtomicInteger();
    private final AtomicInteger viewers = new AtomicInteger();
    private final AtomicInteger nodes = new AtomicInteger();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Pulling pulling;

    /** Written by this context, read by the API. */
    private volatile @Nullable Publication publication;

    private int lastLatencyMillis;
    private @Nullable Takeover takeover;

    private boolean claiming;
    private @Nullable Long graceTimer;
    private boolean ended;

    /** A request that is held until the stream is published. */
    private record Waiting(int maximumSubscribers, Promise<Subscription> promise, long timer) {}

    /**
     * A publisher that has been promised the place of one that is being evicted.
     *
     * @param claim that it was granted already; null if it has to be asked for
     */
    private record Takeover(
            Publisher publisher,
            Promise<Publication> promise,
            @Nullable Claim claim) {}

    StreamVerticle(String name, StreamDirectory directory, int loops) {
        this.name = name;
        this.directory = directory;
        StreamSettings settings = directory.settings();
        media = new StreamMedia(
                new StreamLog(settings.bufferBytes(), MIN_SPAN_MICROS), settings, loops, this::joinPoint);
        analysis = new StreamAnalysis(media.log());
        pulling = new Pulling(this, directory);
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

    /** Other nodes that take it from this one. */
    public int nodes() {
        return nodes.get();
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
        endPullIfUnused();
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

    Vertx vertx() {
        return vertx;
    }

    Context context() {
        return context;
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

    /** Asks for what comes at present, for another node; fails with a {@link RefusedException}. */
    Future<Subscription> subscribeNode(String nodeId, int most) {
        Promise<Subscription> promise = Promise.promise();
        context.runOnContext(v -> {
            Publication current = publication;
            // What this node takes from that one would come back to it.
            boolean isItsOwn = current != null
                    && current.isPulled()
                    && current.publisher().identity().equals(nodeId);
            if (current == null || pulling.isSettling() || isItsOwn) {
                promise.fail(StreamDirectory.notFound(name));
            } else if (nodes.incrementAndGet() > most) {
                nodes.decrementAndGet();
                promise.fail(refusal(
                        RejectReason.OVERLOAD,
                        "\"" + LoggableStreamId.of(name) + "\" is taken by " + most
                                + " nodes, which is cluster.pullsPerStream; this one asks another"));
            } else {
                promise.complete(new Subscription(this, lastLatencyMillis, true));
            }
        });
        return promise.future();
    }

    void unsubscribe(boolean isForNode) {
        (isForNode ? nodes : subscribers).decrementAndGet();
        endPullIfUnused();
    }

    private void endPullIfUnused() {
        Publication present = publication;
        if (present != null && present.isPulled() && !isUsed()) {
            context.runOnContext(v -> pulling.linger(present));
        }
    }

    /** Another node publishes it. */
    void claimed(Claim claim) {
        context.runOnContext(v -> pulling.claimed(claim));
    }

    /** The registry gave the name to another publisher. */
    void lost(Claim mine, Claim winner, LossReason reason) {
        context.runOnContext(v -> {
            Publication current = publication;
            Claim present = current == null ? null : current.claim();
            if (current != null && present != null && present.epoch() == mine.epoch()) {
                String why = reason == LossReason.SPLIT_HEALED
                        ? "the cluster had been split, and its later publisher, on node " + winner.nodeId() + ", stays"
                        : "its publisher came back on node " + winner.nodeId();
                LOG.atWarn()
                        .addKeyValue(LogField.STREAM, name)
                        .log(
                                "stream \"{}\": {} (epoch {} before {})",
                                LoggableStreamId.of(name),
                                why,
                                winner.epoch(),
                                mine.epoch());
                current.publisher().evict().accept(why);
            }
        });
    }

    /** Whether somebody here watches it, or wants to. */
    boolean isWanted() {
        return subscribers.get() > 0 || viewers.get() > 0 || !waiting.isEmpty();
    }

    /** Whether it is sent to anybody. */
    boolean isUsed() {
        return subscribers.get() > 0 || viewers.get() > 0 || nodes.get() > 0;
    }

    /** Whether there is room for a publisher: nobody publishes it here, or is about to. */
    boolean isVacant() {
        return !ended && publication == null && !claiming;
    }

    /** It comes from another node now. Subscribers wait until it has settled. */
    @Nullable
    Publication pulled(Publisher node, PublisherSlot slot) {
        return takeover == null && isVacant() ? begin(node, null, slot) : null;
    }

    /** It comes no more, or never did. */
    void pullEnded(@Nullable Publication publishedBefore) {
        if (publishedBefore != null) {
            onPublisherGone(publishedBefore);
            return;
        }
        Takeover next = takeover;
        takeover = null;
        if (next != null) {
            takeOver(next);
        }
    }

    /** Another node was asked in vain. */
    void pullFailed() {
        if (directory.settings().waitMillis() == 0 && directory.claimElsewhere(name) == null) {
            List<Waiting> refused = List.copyOf(waiting);
            waiting.clear();
            refused.forEach(request -> {
                vertx.cancelTimer(request.timer());
                request.promise().fail(StreamDirectory.notFound(name));
            });
        }
        endIfUnused();
    }

    private void decidePublish(Publisher publisher, Promise<Publication> promise) {
        if (ended) {
            promise.fail(new StreamEndedException());
            return;
        }
        Publication current = publication;
        if ((current == null || current.isPulled()) && !claiming && takeover == null) {
            claim(publisher, promise);
            return;
        }
        if (current == null || claiming || takeover != null || isDelivering(current)) {
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
        takeover = new Takeover(publisher, promise, null);
        current.publisher().evict().accept("it sent nothing, and another publisher took its place");
    }

    /** Whether it sends something, or has only just begun. Callable from any thread. */
    boolean isDelivering(Publication current) {
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
                .claim(name, publisher.identity())
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
                        pulling.beginIfWanted();
                    } else if (pulling.isUnderWay()) {
                        // Nothing else may write into the log when it begins.
                        takeover = new Takeover(publisher, promise, result.holder());
                        pulling.end("a publisher has come to this node");
                    } else {
                        grant(publisher, result.holder(), promise);
                    }
                }));
    }

    private void takeOver(Takeover next) {
        if (next.claim() == null) {
            claim(next.publisher(), next.promise());
        } else {
            grant(next.publisher(), next.claim(), next.promise());
        }
    }

    private void grant(Publisher publisher, Claim claim, Promise<Publication> promise) {
        promise.complete(begin(publisher, claim, new PublisherSlot(media.log(), LoopClock::nowMicros)));
        serveWaiting();
    }

    private Publication begin(Publisher publisher, @Nullable Claim claim, PublisherSlot slot) {
        Publication granted = new Publication(this, publisher, claim, slot, LoopClock.nowMicros());
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
        return granted;
    }

    /** Lets in who waits for the stream. */
    void serveWaiting() {
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
        if (pulling.isSettling() || (publication == null && graceTimer == null)) {
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
            promise.complete(new Subscription(this, lastLatencyMillis, false));
            // While it was kept for nobody, it was not asked for elsewhere.
            pulling.beginIfWanted();
        }
    }

    /** The smaller bound, where 0 is none. */
    private static int least(int bound, int other) {
        return other == 0 ? bound : Math.min(bound, other);
    }

    private void hold(int maximumSubscribers, Promise<Subscription> promise) {
        boolean isElsewhere = pulling.isSettling() || directory.claimElsewhere(name) != null;
        int waitMillis = Math.max(directory.settings().waitMillis(), isElsewhere ? PULL_MILLIS : 0);
        if (waitMillis == 0) {
            promise.fail(StreamDirectory.notFound(name));
            endIfUnused();
            return;
        }
        long timer = vertx.setTimer(waitMillis, id -> {
            waiting.removeIf(request -> request.timer() == id);
            promise.fail(refusal(
                    RejectReason.NOT_FOUND,
                    "nobody published \"" + LoggableStreamId.of(name) + "\" within " + waitMillis + " ms"
                            + (pulling.failure().isEmpty()
                                    ? "; start the publisher or check the name"
                                    : ", and it could not be had from another node: " + pulling.failure())));
            endIfUnused();
        });
        waiting.add(new Waiting(maximumSubscribers, promise, timer));
        pulling.beginIfWanted();
    }

    private void onPublisherGone(Publication ending) {
        if (publication != ending) {
            return;
        }
        ending.slot().end();
        // What was held for the sake of holes before it is settled now.
        media.published(LoopClock.nowMicros());
        publication = null;
        media.closeNodes();
        Claim claim = ending.claim();
        if (claim != null) {
            directory.release(claim);
        }
        Takeover next = takeover;
        takeover = null;
        if (next != null) {
            startGrace();
            takeOver(next);
        } else if (!isWanted()) {
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
            pulling.beginIfWanted();
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
        if (publication == null
                && !claiming
                && !pulling.isUnderWay()
                && graceTimer == null
                && waiting.isEmpty()
                && !ended) {
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
