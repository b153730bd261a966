package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry;
import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.RefusedException;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The streams of this node by name. A stream has a verticle while somebody publishes it, its subscribers are kept for
 * its publisher's return, or requests wait for it. Callable from any thread.
 */
public final class StreamDirectory {
    private static final String WHOEVER_MAY = "";

    private final Vertx vertx;
    private final StreamRegistry registry;
    private final int loops;
    private final ConcurrentHashMap<String, Deployed> streams = new ConcurrentHashMap<>();
    private final AtomicInteger publishers = new AtomicInteger();
    private final LongAdder slowViewerSkips = new LongAdder();
    private volatile StreamSettings settings;

    private record Deployed(StreamVerticle stream, Future<String> deployment) {}

    /** @param loops event loops that subscribers may live on */
    public StreamDirectory(Vertx vertx, StreamRegistry registry, StreamSettings settings, int loops) {
        this.vertx = vertx;
        this.registry = registry;
        this.settings = settings;
        this.loops = loops;
    }

    /** How streams behave. */
    StreamSettings settings() {
        return settings;
    }

    /** From now on streams behave like this; their media as when they began. */
    public void settings(StreamSettings changed) {
        settings = changed;
    }

    /** Asks for the right to publish a stream; fails with a {@link RefusedException}. */
    public Future<Publication> publish(String name, Publisher publisher) {
        return ask(name, stream -> stream.publish(publisher));
    }

    /**
     * Asks for the right to be sent a stream; fails with a {@link RefusedException}.
     *
     * @param maximumSubscribers how many the stream may have with this one; 0 for no bound of its own
     */
    public Future<Subscription> subscribe(String name, int maximumSubscribers) {
        // A storm of requests for a name that nobody publishes ends here: no verticle, no crossing.
        if (settings.waitMillis() == 0 && !streams.containsKey(name)) {
            return Future.failedFuture(notFound(name));
        }
        return ask(name, stream -> stream.subscribe(maximumSubscribers));
    }

    /** The streams there are. */
    public Collection<StreamVerticle> streams() {
        return Collections.unmodifiableList(
                streams.values().stream().map(Deployed::stream).toList());
    }

    /** The stream of this name; null if there is none. */
    public @Nullable StreamVerticle stream(String name) {
        Deployed deployed = streams.get(name);
        return deployed == null ? null : deployed.stream();
    }

    /** How often something was left out for those who watch without being subscribers, because they read too slowly. */
    public long slowViewerSkips() {
        return slowViewerSkips.sum();
    }

    void viewerWasTooSlow() {
        slowViewerSkips.increment();
    }

    private <T> Future<T> ask(String name, Function<StreamVerticle, Future<T>> question) {
        Deployed deployed = streams.computeIfAbsent(name, this::deploy);
        return deployed.deployment()
                .compose(id -> question.apply(deployed.stream()))
                .recover(failure ->
                        failure instanceof StreamEndedException ? ask(name, question) : Future.failedFuture(failure));
    }

    private Deployed deploy(String name) {
        StreamVerticle stream = new StreamVerticle(name, this, loops);
        return new Deployed(stream, vertx.deployVerticle(stream));
    }

    void ended(StreamVerticle stream) {
        Deployed deployed = streams.get(stream.name());
        if (deployed != null && deployed.stream() == stream) {
            streams.remove(stream.name(), deployed);
            deployed.deployment().onSuccess(vertx::undeploy);
        }
    }

    boolean takePublisherPlace() {
        if (publishers.incrementAndGet() > settings.maximumPublishers()) {
            publishers.decrementAndGet();
            return false;
        }
        return true;
    }

    void givePublisherPlaceBack() {
        publishers.decrementAndGet();
    }

    CompletionStage<StreamRegistry.ClaimResult> claim(String name) {
        return registry.claim(name, WHOEVER_MAY);
    }

    void release(StreamRegistry.Claim claim) {
        publishers.decrementAndGet();
        // A release that fails is outlived by the claim's epoch; nothing here waits for it.
        var unused = registry.release(claim);
    }

    static RefusedException notFound(String name) {
        return new RefusedException(new Refusal(
                RejectReason.NOT_FOUND,
                "nobody publishes \"" + LoggableStreamId.of(name)
                        + "\"; start the publisher, check the name, or set streams.onMissing: wait"));
    }
}
