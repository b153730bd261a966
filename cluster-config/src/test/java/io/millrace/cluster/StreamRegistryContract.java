package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.cluster.StreamRegistry.ClaimResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link StreamRegistry} must do, alone or in a cluster. A subclass says which one is tested. */
public abstract class StreamRegistryContract {
    private StreamRegistry registry;

    /** A registry in which no name is held. */
    protected abstract StreamRegistry newRegistry() throws Exception;

    @BeforeEach
    void createRegistry() throws Exception {
        registry = newRegistry();
    }

    @Test
    void nobodyHoldsANameThatWasNeverClaimed() throws Exception {
        assertThat(await(registry.lookup("news"))).isEmpty();
    }

    @Test
    void firstClaimIsGrantedAndFoundByLookup() throws Exception {
        ClaimResult result = await(registry.claim("news", "a"));

        assertThat(result.granted()).isTrue();
        assertThat(result.holder().streamName()).isEqualTo("news");
        assertThat(result.holder().nodeId()).isEqualTo("a");
        assertThat(await(registry.lookup("news"))).contains(result.holder());
    }

    @Test
    void secondClaimIsRefusedAndNamesTheHolder() throws Exception {
        Claim first = granted("news", "a");

        assertThat(await(registry.claim("news", "b"))).isEqualTo(new ClaimResult(false, first));
        assertThat(await(registry.lookup("news"))).contains(first);
    }

    @Test
    void holderItselfIsRefusedASecondClaim() throws Exception {
        Claim first = granted("news", "a");

        assertThat(await(registry.claim("news", "a"))).isEqualTo(new ClaimResult(false, first));
    }

    @Test
    void namesDoNotTouchEachOther() throws Exception {
        Claim news = granted("news", "a");
        Claim sport = granted("sport", "b");

        assertThat(await(registry.release(news))).isTrue();
        assertThat(await(registry.lookup("sport"))).contains(sport);
    }

    @Test
    void releasedNameIsFreeForAnotherNode() throws Exception {
        assertThat(await(registry.release(granted("news", "a")))).isTrue();

        assertThat(await(registry.lookup("news"))).isEqualTo(Optional.empty());
        assertThat(granted("news", "b").nodeId()).isEqualTo("b");
    }

    @Test
    void epochRisesWithEachClaim() throws Exception {
        long last = -1;
        for (int i = 0; i < 5; i++) {
            Claim claim = granted("news", i % 2 == 0 ? "a" : "b");
            assertThat(claim.epoch()).isGreaterThan(last);
            last = claim.epoch();
            await(registry.release(claim));
        }
    }

    @Test
    void staleReleaseChangesNothing() throws Exception {
        Claim old = granted("news", "a");
        await(registry.release(old));
        Claim present = granted("news", "a");

        assertThat(await(registry.release(old))).isFalse();
        assertThat(await(registry.lookup("news"))).contains(present);
    }

    @Test
    void secondReleaseChangesNothing() throws Exception {
        Claim claim = granted("news", "a");
        await(registry.release(claim));

        assertThat(await(registry.release(claim))).isFalse();
        assertThat(await(registry.lookup("news"))).isEmpty();
    }

    @Test
    void onlyOneOfManyRacingNodesIsGranted() throws Exception {
        int nodes = 8;
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            CyclicBarrier start = new CyclicBarrier(nodes);
            List<Future<ClaimResult>> answers = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                String nodeId = "node-" + i;
                Callable<ClaimResult> race = () -> {
                    start.await(10, SECONDS);
                    return await(registry.claim("news", nodeId));
                };
                answers.add(threads.submit(race));
            }
            List<ClaimResult> results = new ArrayList<>();
            for (Future<ClaimResult> answer : answers) {
                results.add(answer.get(10, SECONDS));
            }

            assertThat(results).filteredOn(ClaimResult::granted).hasSize(1);
            assertThat(results)
                    .extracting(ClaimResult::holder)
                    .containsOnly(results.get(0).holder());
        } finally {
            threads.shutdownNow();
        }
    }

    private Claim granted(String streamName, String nodeId) throws Exception {
        ClaimResult result = await(registry.claim(streamName, nodeId));
        assertThat(result.granted()).isTrue();
        return result.holder();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, SECONDS);
    }
}
