package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import io.millrace.cluster.StreamRegistry.Claim;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-jdk")
class HazelcastClusterTest extends ClusterContract {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final ClusterSettings settings = ClusterSettings.oneHost("test-" + UUID.randomUUID(), 25_701, 2);

    @Override
    protected Cluster start(NodeIdentity self) throws Exception {
        HazelcastCluster cluster = new HazelcastCluster(settings, self, BusyMachine.LEASE_TIMES, BusyMachine::adjust);
        cluster.join().toCompletableFuture().get(120, SECONDS);
        return cluster;
    }

    @Override
    protected void kill(Cluster node) throws Exception {
        answer(((HazelcastCluster) node).kill());
    }

    @Test
    void nodeThatHasNotJoinedAnswersAtOnceThatItDoesNotKnow() throws Exception {
        HazelcastCluster stranger = new HazelcastCluster(settings, NodeIdentity.alone("stranger"));

        assertThatThrownBy(() -> answer(stranger.streams().claim("early", "")))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("not in the cluster");
        assertThat(stranger.nodes().all()).hasSize(1);
        SharedRecord early = new SharedRecord(1, "a ban", System.currentTimeMillis() + 600_000);
        assertThatThrownBy(() -> answer(stranger.bans().offer("early", early)))
                .hasMessageContaining("not in the cluster");
        assertThat(stranger.bans().known()).containsEntry("early", early);
        answer(stranger.leave());
    }

    @Test
    void nodeWhoseHazelcastGoesDownJoinsAgainAndAnnouncesWhatItHolds() throws Exception {
        Claim claim = answer(b.streams().claim("survivor", "ann")).holder();

        Hazelcast.getAllHazelcastInstances().stream()
                .filter(instance -> HazelcastNodes.identityOf(
                                instance.getCluster().getLocalMember())
                        .filter(b.self()::equals)
                        .isPresent())
                .forEach(instance -> instance.getLifecycleService().terminate());
        await().atMost(SOON).until(() -> a.streams().claimsOf("b").isEmpty());
        Claim whileDown = b.streams().claimAlone("newcomer", "ann");
        SharedRecord banWhileDown = new SharedRecord(1, "a ban", System.currentTimeMillis() + 600_000);
        b.bans().offer("newcomer", banWhileDown);

        await().atMost(SOON).until(() -> a.streams().claims().containsAll(List.of(claim, whileDown)));
        await().atMost(SOON).until(() -> b.nodes().all().size() == 2);
        assertThat(answer(a.streams().lookup("survivor"))).contains(claim);
        await().atMost(SOON).until(() -> banWhileDown.equals(a.bans().known().get("newcomer")));
    }

    @Test
    void recordThatHasRunOutIsForgotten() throws Exception {
        answer(a.bans().offer("short", new SharedRecord(1, "a ban", System.currentTimeMillis() + 1_500)));

        await().atMost(SOON)
                .until(() -> !a.bans().known().containsKey("short")
                        && !b.bans().known().containsKey("short"));
        assertThat(answer(a.bans().find("short"))).isEmpty();
    }
}
