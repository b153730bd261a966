package io.millrace.relay.stream;

import io.millrace.cluster.StreamRegistry;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.cluster.StreamRegistry.ClaimResult;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of this node by name. A stream has a verticle while somebody publishes it, its subscribers are kept for
 * its publisher's return, or requests wait for it. Callable from any thread.
 */
public final class StreamDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(StreamDirectory.class);
    private static final int SILENCE_CHECK_MILLIS = 250;

    private final Vertx vertx;
    private final StreamRegistry registry;
    private final int loops;
    private final ConcurrentHashMap<String, Deployed> streams = new ConcurrentHashMap<>();
    private final AtomicInteger publishers = new AtomicInteger();
    private final LongAdder slowViewerSkips = new LongAdder();
    private volatile StreamSettings settings;
    private volatile Elsewhere elsewhere = Elsewhere.NOWHERE;

    private record Deployed(StreamVerticle stream, Future<String> deployment) {}

    /** @param loops event loops that subscribers may live on */
    public StreamDirectory(Vertx vertx, StreamRegistry registry, StreamSettings settings, int loops) {
        this.vertx = vertx;
        this.registry = registry;
        this.settings = settings;
        this.loops = loops;
        registry.listen(new StreamRegistry.Listener() {
            @Override
            public void claimed(Claim claim) {
                claimedElsewhere(claim);
            }

            @Override
            public void moved(Claim from, Claim to) {
                claimedElsewhere(to);
            }

            @Override
            public void lost(Claim mine, Claim winner, StreamRegistry.LossReason reason) {
                onStream(mine.streamName(), stream -> stream.lost(mine, winner, reason));
            }
        });
        vertx.setPeriodic(SILENCE_CHECK_MILLIS, id -> streams().forEach(this::tellSilence));
    }

    /** From now on streams that are published on other nodes are taken from there. */
    public void elsewhere(Elsewhere nodes) {
        elsewhere = nodes;
    }

    Elsewhere elsewhere() {
        return elsewhere;
    }

    /** Whether another node that lives publishes the stream, as far as is known at once. */
    public boolean isElsewhere(String name) {
        return claimElsewhere(name) != null;
    }

    /** Under what another node that lives publishes the stream, as far as is known at once; null if none does. */
    @Nullable
    Claim claimElsewhere(String name) {
        return registry.known(name).filter(elsewhere::lives).orElse(null);
    }

    private void claimedElsewhere(Claim claim) {
        if (elsewhere.lives(claim)) {
            onStream(claim.streamName(), stream -> stream.claimed(claim));
        }
    }

    private void onStream(String name, Consumer<StreamVerticle> action) {
        StreamVerticle stream = stream(name);
        if (stream != null) {
            action.accept(stream);
        }
    }

    /** Whoever publishes a stream and has gone silent may come back at another node. */
    private void tellSilence(StreamVerticle stream) {
        Publication publication = stream.publication();
        Claim claim = publication == null ? null : publication.claim();
        if (publication == null || claim == null) {
            return;
        }
        boolean isSilent = !stream.isDelivering(publication);
        if (isSilent != publication.toldSilent) {
            publication.toldSilent = isSilent;
            registry.silent(claim, isSilent).exceptionally(failure -> {
                LOG.debug("stream \"{}\": its silence could not be told", LoggableStreamId.of(stream.name()), failure);
                return false;
            });
        }
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
        if (settings.waitMillis() == 0 && !streams.containsKey(name) && claimElsewhere(name) == null) {
            return Future.failedFuture(notFound(name));
        }
        return ask(name, stream -> stream.subscribe(maximumSubscribers));
    }

    /**
     * Asks for what comes of a stream here at present, for another node; fails with a {@link RefusedException}.
     *
     * @param nodeId of that node
     * @param most how many nodes may take the stream from here, with this one
     */
    public Future<Subscription> subscribeNode(String name, String nodeId, int most) {
        StreamVerticle stream = stream(name);
        return stream == null ? Future.failedFuture(notFound(name)) : stream.subscribeNode(nodeId, most);
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

    /** Asks the registry, and grants it to this node where the registry can't be reached: media comes first. */
    CompletionStage<ClaimResult> claim(String name, String identity) {
        return registry.claim(name, identity).exceptionally(failure -> {
            LOG.warn(
                    "stream \"{}\": the registry of streams did not answer, so this node lets its publisher in by itself;"
                            + " should another node have done so too, the later one stays: {}",
                    LoggableStreamId.of(name),
                    failure.toString());
            return new ClaimResult(true, registry.claimAlone(name, identity));
        });
    }

    void release(Claim claim) {
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
