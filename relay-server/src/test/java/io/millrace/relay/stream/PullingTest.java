package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.relay.net.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a stream is taken from another node, which publishes it the whole time and can be reached or not. */
@Timeout(30)
class PullingTest {
    private static final int LONG_GRACE_MILLIS = 60_000;

    private final EventLoops loops =
            EventLoops.start(new VertxOptions().setEventLoopPoolSize(1), false, UnaryOperator.identity());
    private final LocalCluster cluster = LocalCluster.alone(NodeIdentity.alone("here"));
    private final StreamDirectory directory = new StreamDirectory(
            loops.vertx(),
            cluster.streams(),
            new StreamSettings(1 << 20, false, 0, LONG_GRACE_MILLIS, 0, 0, 10, 10, false),
            1);
    private final OtherNode other = new OtherNode();

    @BeforeEach
    void publishElsewhere() {
        cluster.joinedBy(NodeIdentity.alone("other")).streams().claim("live", "encoder");
        directory.elsewhere(other);
    }

    @AfterEach
    void stop() {
        get(loops.vertx().close());
    }

    /** Sends the stream to whoever asks, while it can be reached; stands for any other node. */
    private static final class OtherNode implements Elsewhere {
        private final List<Target> asked = new CopyOnWriteArrayList<>();
        private volatile boolean isReachable = true;

        @Override
        public boolean lives(Claim claim) {
            return isReachable && !claim.nodeId().equals("here");
        }

        @Override
        public Pull pull(String stream, Target target) {
            asked.add(target);
            if (isReachable) {
                target.opened(new Publisher(new InetSocketAddress("192.0.2.2", 8891), 120, 0, "other", why -> {}));
            }
            return target::ended;
        }

        void vanish() {
            isReachable = false;
            asked.get(asked.size() - 1).ended("nothing was heard from it");
        }

        void comeBack() {
            isReachable = true;
        }

        int timesAsked() {
            return asked.size();
        }
    }

    @Test
    void streamIsTakenAgainForWhoStayed() {
        get(directory.subscribe("live", 0));

        other.vanish();
        afterSomeTries();
        other.comeBack();

        await().until(() -> other.timesAsked() == 2);
    }

    @Test
    void streamIsTakenAgainForWhoCameWhileItWasKeptForNobody() {
        Subscription first = get(directory.subscribe("live", 0));
        other.vanish();
        await().until(() -> first.stream().publication() == null);
        first.end();
        afterSomeTries();

        Subscription second = get(directory.subscribe("live", 0));
        assertThat(second.stream()).isSameAs(first.stream());
        other.comeBack();

        await().until(() -> other.timesAsked() == 2);
    }

    @Test
    void streamIsTakenAnewWhenAnotherNodeHasIt() {
        get(directory.subscribe("live", 0));

        cluster.joinedBy(NodeIdentity.alone("third")).streams().claimAlone("live", "encoder");

        await().until(() -> other.timesAsked() == 2);
    }

    @Test
    void streamThatIsKeptForNobodyIsNotTakenAgain() {
        Subscription only = get(directory.subscribe("live", 0));
        other.vanish();
        await().until(() -> only.stream().publication() == null);
        only.end();
        afterSomeTries();

        other.comeBack();
        afterSomeTries();

        assertThat(other.timesAsked()).isEqualTo(1);
    }

    /** Timers of one loop fire in the order of their times. */
    private void afterSomeTries() {
        CompletableFuture<Void> later = new CompletableFuture<>();
        loops.vertx().setTimer(3 * Pulling.AGAIN_MILLIS, id -> later.complete(null));
        later.join();
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
