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

    /** How long a request waits for a stream that another node publishes. */
    private static final int PULL_MILLIS = 5_000;

    private static final int PULL_AGAIN_MILLIS = 300;

    /** How long a stream from another node is kept when nobody watches it any more. */
    private static final int LINGER_MILLIS = 5_000;

    /** A stream from another node begins with a random access point; for so long it is waited until it was seen. */
    private static final int SETTLE_MILLIS = 600;

    private static final int SETTLE_CHECK_MILLIS = 20;

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

    /** Written by this context, read by the API. */
    private volatile @Nullable Publication publication;

    private int lastLatencyMillis;
    private @Nullable Takeover takeover;
    private @Nullable Pulled pulled;
    private String pullFailure = "";
    /** What another node sends has begun, but where subscribers may begin in it isn't known yet. */
    private boolean settling;

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

    /** The stream as it is taken from another node. */
    private final class Pulled implements Elsewhere.Target {
        private final PublisherSlot slot = new PublisherSlot(media.log(), LoopClock::nowMicros);
        /** Of the claim that it is published under. */
        private final long epoch;

        private final Elsewhere.Pull pull;
        private @Nullable Publication publication;

        Pulled(long epoch) {
            this.epoch = epoch;
            pull = directory.elsewhere().pull(name, this);
        }

        @Override
        public PublisherSlot slot() {
            return slot;
        }

        @Override
        public StreamMedia media() {
            return media;
        }

        @Override
        public void opened(Publisher node) {
            context.runOnContext(v -> onPullOpened(this, node));
        }

        @Override
        public void ended(String why) {
            context.runOnContext(v -> onPullEnded(this, why));
        }
    }

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
        lingerIfUnwatched();
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

    /** Asks for what comes at present, for another node; fails with a {@link RefusedException}. */
    Future<Subscription> subscribeNode(String nodeId, int most) {
        Promise<Subscription> promise = Promise.promise();
        context.runOnContext(v -> {
            Publication current = publication;
            // What this node takes from that one would come back to it.
            boolean isItsOwn = current != null
                    && current.isPulled()
                    && current.publisher().identity().equals(nodeId);
            if (current == null || settling || isItsOwn) {
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
        if (isForNode) {
            nodes.decrementAndGet();
        } else {
            subscribers.decrementAndGet();
            lingerIfUnwatched();
        }
    }

    /** Another node publishes it. */
    void claimed(Claim claim) {
        context.runOnContext(v -> {
            Pulled present = pulled;
            if (present == null) {
                pullIfWanted();
            } else if (claim.epoch() > present.epoch) {
                // It may come from a node that doesn't know yet that it has it no more.
                present.pull.end("another publisher has begun, on node " + claim.nodeId());
            }
        });
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

    private boolean isWanted() {
        return subscribers.get() > 0 || viewers.get() > 0 || !waiting.isEmpty();
    }

    private void pullIfWanted() {
        if (ended || claiming || pulled != null || publication != null || !isWanted()) {
            return;
        }
        Claim claim = directory.claimElsewhere(name);
        if (claim != null) {
            pulled = new Pulled(claim.epoch());
        }
    }

    private void onPullOpened(Pulled opened, Publisher node) {
        if (opened != pulled || takeover != null) {
            return;
        }
        settling = directory.settings().analysis();
        opened.publication = begin(node, null, opened.slot);
        serveWhenSettled(opened, LoopClock.nowMicros() + SETTLE_MILLIS * 1_000L);
    }

    private void serveWhenSettled(Pulled opened, long untilMicros) {
        if (pulled != opened || publication != opened.publication) {
            return;
        }
        if (settling && joinPoint() == null && LoopClock.nowMicros() < untilMicros) {
            vertx.setTimer(SETTLE_CHECK_MILLIS, id -> serveWhenSettled(opened, untilMicros));
            return;
        }
        settling = false;
        serveWaiting();
    }

    private void onPullEnded(Pulled gone, String why) {
        if (gone != pulled) {
            return;
        }
        pulled = null;
        settling = false;
        pullFailure = why;
        Publication published = gone.publication;
        if (published != null) {
            onPublisherGone(published);
        } else {
            gone.slot.end();
            Takeover next = takeover;
            takeover = null;
            if (next != null) {
                takeOver(next);
                return;
            }
        }
        if (!ended && publication == null && !claiming) {
            pullAgainSoon();
        }
    }

    private void pullAgainSoon() {
        if (!waiting.isEmpty() && directory.settings().waitMillis() == 0 && directory.claimElsewhere(name) == null) {
            List<Waiting> refused = List.copyOf(waiting);
            waiting.clear();
            refused.forEach(request -> {
                vertx.cancelTimer(request.timer());
                request.promise().fail(StreamDirectory.notFound(name));
            });
        }
        endIfUnused();
        if (!ended) {
            vertx.setTimer(PULL_AGAIN_MILLIS, id -> {
                if (!ended && publication == null && pulled == null && isWanted()) {
                    pullIfWanted();
                    if (pulled == null && !claiming) {
                        pullAgainSoon();
                    }
                }
            });
        }
    }

    private void lingerIfUnwatched() {
        Publication present = publication;
        if (present == null || !present.isPulled() || subscribers.get() > 0 || viewers.get() > 0) {
            return;
        }
        context.runOnContext(v -> vertx.setTimer(LINGER_MILLIS, id -> {
            Pulled unwatched = pulled;
            if (unwatched != null && unwatched.publication == present && nodes.get() == 0 && !isWanted()) {
                unwatched.pull.end("nobody watches it here");
            }
        }));
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
                    Pulled present = pulled;
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
                        pullIfWanted();
                    } else if (present != null) {
                        // Nothing else may write into the log when it begins.
                        takeover = new Takeover(publisher, promise, result.holder());
                        present.pull.end("a publisher has come to this node");
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

    private void serveWaiting() {
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
        if (settling || (publication == null && graceTimer == null)) {
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
        }
    }

    /** The smaller bound, where 0 is none. */
    private static int least(int bound, int other) {
        return other == 0 ? bound : Math.min(bound, other);
    }

    private void hold(int maximumSubscribers, Promise<Subscription> promise) {
        boolean isElsewhere = settling || directory.claimElsewhere(name) != null;
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
                            + (pullFailure.isEmpty()
                                    ? "; start the publisher or check the name"
                                    : ", and it could not be had from another node: " + pullFailure)));
            endIfUnused();
        });
        waiting.add(new Waiting(maximumSubscribers, promise, timer));
        pullIfWanted();
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
            pullIfWanted();
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
        if (publication == null && !claiming && pulled == null && graceTimer == null && waiting.isEmpty() && !ended) {
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
