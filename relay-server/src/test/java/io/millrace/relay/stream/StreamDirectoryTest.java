package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.StreamRegistry;
import io.millrace.relay.LoggedLines;
import io.millrace.relay.net.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to a stream when its end and somebody's arrival cross. */
@Timeout(30)
class StreamDirectoryTest {
    private static final int GRACE_MILLIS = 50;

    private final EventLoops loops =
            EventLoops.start(new VertxOptions().setEventLoopPoolSize(1), false, UnaryOperator.identity());
    private final SlowRegistry registry = new SlowRegistry();
    private final StreamDirectory directory = new StreamDirectory(
            loops.vertx(), registry, new StreamSettings(1 << 20, false, 0, GRACE_MILLIS, 0, 0, 10, 10, false), 1);
    private final LoggedLines logged = new LoggedLines(StreamVerticle.class.getName());

    @AfterEach
    void stop() {
        logged.close();
        await(loops.vertx().close());
    }

    /** A registry that answers when the test says so. */
    private static final class SlowRegistry implements StreamRegistry {
        private final StreamRegistry registry =
                LocalCluster.alone(NodeIdentity.alone("node")).streams();
        private volatile CompletableFuture<Void> answering = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<ClaimResult> claim(String stream, String identity) {
            return answering.thenCompose(now -> registry.claim(stream, identity));
        }

        @Override
        public Claim claimAlone(String stream, String identity) {
            return registry.claimAlone(stream, identity);
        }

        @Override
        public CompletionStage<Boolean> release(Claim claim) {
            return registry.release(claim);
        }

        @Override
        public CompletionStage<Boolean> silent(Claim claim, boolean silent) {
            return registry.silent(claim, silent);
        }

        @Override
        public CompletionStage<Optional<Claim>> lookup(String stream) {
            return registry.lookup(stream);
        }

        @Override
        public Optional<Claim> known(String stream) {
            return registry.known(stream);
        }

        @Override
        public Collection<Claim> claims() {
            return registry.claims();
        }

        @Override
        public void listen(Listener listener) {
            registry.listen(listener);
        }
    }

    @Test
    void publisherWhoseClaimOutlivesTheGracePeriodFindsTheSubscribers() {
        Publication first = await(directory.publish("live", publisher()));
        Subscription subscription = await(directory.subscribe("live", 0));
        registry.answering = new CompletableFuture<>();
        first.end();
        Future<Publication> second = directory.publish("live", publisher());
        // Timers of one loop fire in the order of their times, so the grace period is over after this.
        CompletableFuture<Void> later = new CompletableFuture<>();
        loops.vertx().setTimer(4 * GRACE_MILLIS, id -> later.complete(null));
        later.join();

        registry.answering.complete(null);

        assertThat(await(second).media()).isSameAs(subscription.media());
        assertThat(directory.streams()).containsExactly(subscription.stream());
    }

    @Test
    void subscriberThatWasGrantedBeforeTheEndAndComesAfterItIsClosed() {
        Publication publication = await(directory.publish("live", publisher()));
        Subscription subscription = await(directory.subscribe("live", 0));
        publication.end();
        Awaitility.await().until(() -> directory.streams().isEmpty());

        CompletableFuture<Void> closed = new CompletableFuture<>();
        loops.all()
                .get(0)
                .execute(() -> subscription.media().fanout(loops.all().get(0)).add(new Fanout.Subscriber() {
                    @Override
                    public void wake() {}

                    @Override
                    public void begins(long behindMicros) {}

                    @Override
                    public void close() {
                        closed.complete(null);
                    }
                }));

        closed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void subscribersAreWokenForWhatWasHeldBehindAHoleWhenThePublisherLeaves() {
        Publication publication = await(directory.publish("live", publisher()));
        Subscription subscription = await(directory.subscribe("live", 0));
        CompletableFuture<Long> held = new CompletableFuture<>();
        InOrderLog inOrder = new InOrderLog(subscription.media().log());
        loops.all().get(0).execute(() -> {
            subscription.media().fanout(loops.all().get(0)).add(new Fanout.Subscriber() {
                @Override
                public void wake() {
                    held.complete(inOrder.arrivalEnd());
                }

                @Override
                public void begins(long behindMicros) {}

                @Override
                public void close() {}
            });
            publication.slot().received(0, 0, new byte[1]);
            publication.slot().received(2, 0, new byte[1]);
            publication.end();
        });

        assertThat(held.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(3);
    }

    private static Publisher publisher() {
        return new Publisher(new InetSocketAddress("192.0.2.1", 5000), 120, 0, "", why -> {});
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}
