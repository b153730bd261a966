package io.millrace.cluster;

import static io.millrace.cluster.ClusterContract.answer;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.RoleLeases.Role;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.cluster.StreamRegistry.ClaimResult;
import io.millrace.cluster.StreamRegistry.LossReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three nodes, one of which is cut off and comes back. */
@Timeout(120)
@Tag("any-jdk")
class HazelcastSplitTest {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final List<HazelcastCluster> nodes = new ArrayList<>();
    private final Queue<String> losses = new ConcurrentLinkedQueue<>();
    private CuttableNetwork network;

    /** Notes when the role was served where. */
    private final class Service implements RoleLeases.Server {
        final Cluster node;
        final List<Long> startedAt = new ArrayList<>();
        final List<Long> endedAt = new ArrayList<>();
        final List<EndReason> reasons = new ArrayList<>();

        Service(Cluster node) {
            this.node = node;
            node.roles().compete(new Role("main", List.of("n2")), this);
        }

        @Override
        public synchronized void granted(Grant grant) {
            startedAt.add(System.nanoTime());
        }

        @Override
        public synchronized CompletionStage<?> ended(Grant grant, EndReason reason) {
            endedAt.add(System.nanoTime());
            reasons.add(reason);
            return CompletableFuture.completedStage(null);
        }

        synchronized boolean isServing() {
            return startedAt.size() > endedAt.size();
        }

        static List<Span> spans(List<Service> services, long now) {
            List<Span> spans = new ArrayList<>();
            for (Service service : services) {
                synchronized (service) {
                    for (int i = 0; i < service.startedAt.size(); i++) {
                        boolean hasEnded = i < service.endedAt.size();
                        spans.add(new Span(service.startedAt.get(i), hasEnded ? service.endedAt.get(i) : now));
                    }
                }
            }
            spans.sort(Comparator.comparingLong(Span::startedAt));
            return spans;
        }
    }

    @BeforeEach
    void startThree() throws Exception {
        network = new CuttableNetwork(3);
        List<CompletableFuture<Void>> joining = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            HazelcastCluster node = new HazelcastCluster(
                    CuttableNetwork.settings("split", i, 3),
                    NodeIdentity.alone("n" + i),
                    BusyMachine.LEASE_TIMES,
                    BusyMachine::adjust);
            nodes.add(node);
            joining.add(node.join().toCompletableFuture());
            node.streams().listen(new StreamRegistry.Listener() {
                @Override
                public void lost(Claim mine, Claim winner, LossReason reason) {
                    losses.add(mine.streamName() + " " + mine.nodeId() + " " + winner.nodeId() + " " + reason);
                }
            });
        }
        CompletableFuture.allOf(joining.toArray(CompletableFuture[]::new)).get(2, MINUTES);
        awaitAllThree();
    }

    @AfterEach
    void stop() throws Exception {
        for (HazelcastCluster node : nodes) {
            node.kill();
        }
        network.close();
    }

    @Test
    void nodeThatIsCutOffStopsServingItsRoleFirstAndClaimsAreSettledWhenItIsBack() throws Exception {
        Cluster first = nodes.get(0);
        Cluster second = nodes.get(1);
        Cluster lonely = nodes.get(2);
        Service atLonely = new Service(lonely);
        await().atMost(SOON).until(atLonely::isServing);
        List<Service> others = List.of(new Service(first), new Service(second));
        Claim kept = claimed(lonely, "kept", "ann");
        Claim old = claimed(lonely, "moved", "ann");
        answer(lonely.oneShotIds().offer("id", lasting(1, "unused")));
        for (Cluster node : nodes) {
            await().atMost(SOON).until(() -> node.oneShotIds().known().containsKey("id"));
        }

        network.cutOff(2);
        await().atMost(SOON).until(() -> others.stream().anyMatch(Service::isServing));
        Service taker = others.stream().filter(Service::isServing).findFirst().orElseThrow();

        assertThat(atLonely.reasons).containsExactly(EndReason.QUORUM_LOST);
        assertThat(taker.startedAt.get(0)).isGreaterThan(atLonely.endedAt.get(0));
        await().atMost(SOON).until(() -> first.nodes().named("n2").isEmpty());
        await().atMost(SOON).until(() -> lonely.nodes().all().size() == 1);
        Claim earlier = claimed(lonely, "both", "ann");
        Claim later = claimed(second, "both", "bob");
        Claim moved = claimed(first, "moved", "ann");
        assertThat(later.epoch()).isGreaterThan(earlier.epoch());
        assertThat(moved.epoch()).isGreaterThan(old.epoch());
        first.oneShotIds().offer("id", lasting(2, "used"));
        lonely.bans().offer("ban", lasting(1, "of the lonely"));

        network.heal();
        awaitAllThree();
        for (Cluster node : nodes) {
            await().atMost(SOON)
                    .until(() -> node.oneShotIds().known().get("id").text().equals("used")
                            && node.bans().known().containsKey("ban"));
        }
        for (Cluster node : nodes) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> answer(node.streams().lookup("kept")).equals(Optional.of(kept)));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(node.streams().claims()).contains(kept, later, moved));
            assertThat(answer(node.streams().lookup("both"))).contains(later);
            assertThat(answer(node.streams().lookup("moved"))).contains(moved);
        }
        await().atMost(SOON).until(() -> losses.size() == 2);
        assertThat(losses)
                .containsExactlyInAnyOrder(
                        "both n2 n1 " + LossReason.SPLIT_HEALED,
                        "moved n2 n0 " + losses.peek().split(" ")[3]);
        // Members that merge on a machine with too much to do may hear too little of each other for a while, so that
        // the
        // owner stops and a new one begins. What may never be is that two serve.
        List<Service> all = List.of(atLonely, others.get(0), others.get(1));
        await().atMost(SOON).until(() -> all.stream().filter(Service::isServing).count() == 1);
        assertThat(Service.spans(all, System.nanoTime())).isSortedAccordingTo(Span.ONE_AFTER_THE_OTHER);
    }

    /** When a node served the role, in nanoseconds. */
    private record Span(long startedAt, long endedAt) {
        /** Those that overlap are in no order, whichever comes first. */
        static final Comparator<Span> ONE_AFTER_THE_OTHER = (a, b) -> a.endedAt <= b.startedAt ? -1 : 1;
    }

    private static SharedRecord lasting(long version, String text) {
        return new SharedRecord(version, text, System.currentTimeMillis() + 600_000);
    }

    /**
     * Asks again while the members are busy with the loss of one. A claim whose answer did not come is nobody's, and there
     * until that is noticed.
     */
    private static Claim claimed(Cluster node, String streamName, String identity) {
        return await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> answer(node.streams().claim(streamName, identity)), ClaimResult::granted)
                .holder();
    }

    private void awaitAllThree() {
        for (Cluster node : nodes) {
            await().atMost(SOON).until(() -> node.nodes().all().size() == 3);
        }
    }
}
