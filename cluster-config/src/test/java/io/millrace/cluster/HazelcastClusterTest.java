package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import io.millrace.cluster.StreamRegistry.Claim;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class HazelcastClusterTest extends ClusterContract {
    private final ClusterSettings settings =
            ClusterSettings.oneHost("test-" + UUID.randomUUID(), 25_701, 2);

    @Override
    protected Cluster start(NodeIdentity self) throws Exception {
        HazelcastCluster cluster = new HazelcastCluster(settings, self, BusyMachine.LEASE_TIMES, BusyMachine::adjust);
        cluster.join().toCompletableFuture().get(60, SECONDS);
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
        answer(stranger.leave());
    }

    @Test
    void nodeWhoseHazelcastGoesDownJoinsAgainAndAnnouncesWhatItHolds() throws Exception {
        Cluster d = start(NodeIdentity.alone("d"));
        Cluster e = start(NodeIdentity.alone("e"));
        Claim claim = answer(d.streams().claim("survivor", "ann")).holder();
        Claim whileDown;

        Hazelcast.getAllHazelcastInstances().stream()
                .filter(instance -> HazelcastNodes.identityOf(
                                instance.getCluster().getLocalMember())
                        .filter(d.self()::equals)
                        .isPresent())
                .forEach(instance -> instance.getLifecycleService().terminate());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> answer(e.streams().lookup("survivor")).isEmpty());
        whileDown = d.streams().claimAlone("newcomer", "ann");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> answer(e.streams().lookup("survivor")).equals(Optional.of(claim)));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> answer(e.streams().lookup("newcomer")).equals(Optional.of(whileDown)));
        answer(d.leave());
        answer(e.leave());
    }
}
