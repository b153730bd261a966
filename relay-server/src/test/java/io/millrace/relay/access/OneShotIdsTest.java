package io.millrace.relay.access;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.SharedRecord;
import io.millrace.cluster.SharedRecords;
import io.millrace.relay.access.OneShotIds.Issued;
import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.srt.handshake.RejectReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OneShotIdsTest {
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final LocalCluster cluster = LocalCluster.alone(NodeIdentity.alone("here"));
    private final OneShotIds ids = new OneShotIds(() -> now, cluster.oneShotIds());

    @Test
    void idLetsItsCallerInOnce() {
        Issued id = issue("live/cam1", Mode.PUBLISH);

        assertThat(id.streamId()).isEqualTo("#!::r=live/cam1,m=publish,s=" + id.id());
        assertThat(id.expires()).isEqualTo(now.plus(LIFETIME));
        assertThat(decide(id.streamId())).isInstanceOfSatisfying(Grant.class, grant -> {
            assertThat(grant.source()).isEqualTo("one-shot id");
            assertThat(grant.stream()).isEqualTo("live/cam1");
        });
        now = now.plusSeconds(1);
        assertRefused(
                decide(id.streamId()),
                "the one-shot id was used at 2026-03-01T12:00:00Z: get a new one for each connection");
    }

    @Test
    void idsAreDifferentAndRecognizable() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            seen.add(issue("live", Mode.REQUEST).id());
        }

        assertThat(seen).hasSize(1000).allMatch(id -> id.matches("once-[A-Za-z0-9_-]{22}"));
    }

    @Test
    void callerWithoutAConnectionGivesItsIdBackOnce() {
        Issued id = issue("live", Mode.PUBLISH);

        Grant first = (Grant) decide(id.streamId());
        first.release().run();
        Grant second = (Grant) decide(id.streamId());
        first.release().run();

        assertThat(decide(id.streamId())).as("taken by the second").isInstanceOf(Refusal.class);
        second.release().run();
        now = id.expires();
        assertRefused(decide(id.streamId()), "the one-shot id expired at 2026-03-01T12:05:00Z: get a new one");
    }

    @Test
    void idExpires() {
        Issued id = issue("live", Mode.PUBLISH);

        now = id.expires().minusMillis(1);
        Grant grant = (Grant) decide(id.streamId());
        grant.release().run();
        now = id.expires();
        assertRefused(decide(id.streamId()), "the one-shot id expired at 2026-03-01T12:05:00Z: get a new one");
    }

    @Test
    void idIsForItsStreamActionAndUser() {
        String id =
                ids.issue("live", Mode.PUBLISH, "alice", LIFETIME).orElseThrow().id();

        assertRefused(
                decide("#!::r=other,m=publish,u=alice,s=" + id),
                "the one-shot id is for stream \"live\", not \"other\"");
        assertRefused(decide("#!::r=live,m=request,u=alice,s=" + id), "the one-shot id is to publish, not to request");
        assertRefused(decide("#!::r=live,m=publish,u=bob,s=" + id), "the one-shot id is for user \"alice\"");
        assertRefused(decide("#!::r=live,m=publish,s=" + id), "the one-shot id is for user \"alice\"");
        assertThat(decide("#!::r=live,m=publish,u=alice,s=" + id))
                .as("a wrong attempt doesn't use it up")
                .isInstanceOf(Grant.class);
    }

    @Test
    void unknownIdIsRefusedWhateverElseWouldLetItIn() {
        assertRefused(
                decide("#!::r=live,s=once-AAAAAAAAAAAAAAAAAAAAAA"),
                "the one-shot id is not known: it has expired, or was issued before a restart, or where this node can't"
                        + " ask");
        assertThat(decide("#!::r=live,s=once-")).isInstanceOf(Refusal.class);
        assertThat(decide("#!::r=live,s=password")).isEqualTo(NoOpinion.NO_OPINION);
        assertThat(decide("#!::r=live")).isEqualTo(NoOpinion.NO_OPINION);
    }

    @Test
    void idLetsItsCallerInOnceAtOneOfAllNodes() {
        OneShotIds elsewhere = new OneShotIds(
                () -> now, cluster.joinedBy(NodeIdentity.alone("there")).oneShotIds());
        Issued id = issue("live", Mode.PUBLISH);

        Grant grant = (Grant) TestRequests.decision(elsewhere, id.streamId());
        assertThat(decide(id.streamId())).isInstanceOf(Refusal.class);
        grant.release().run();

        assertThat(decide(id.streamId())).isInstanceOf(Grant.class);
        assertThat(TestRequests.decision(elsewhere, id.streamId())).isInstanceOf(Refusal.class);
    }

    @Test
    void idThatWasGivenBackMeanwhileIsTakenAndNotOnlyLeft() {
        Issued id = issue("live", Mode.PUBLISH);
        Map<String, SharedRecord> before = Map.copyOf(cluster.oneShotIds().known());
        ((Grant) decide(id.streamId())).release().run();
        OneShotIds late = new OneShotIds(() -> now, new SharedRecords() {
            @Override
            public Map<String, SharedRecord> known() {
                return before;
            }

            @Override
            public CompletionStage<Optional<SharedRecord>> find(String key) {
                return completedStage(Optional.ofNullable(before.get(key)));
            }

            @Override
            public CompletionStage<SharedRecord> offer(String key, SharedRecord offered) {
                return cluster.oneShotIds().offer(key, offered);
            }
        });

        assertThat(TestRequests.decision(late, id.streamId())).isInstanceOf(Grant.class);
        assertThat(decide(id.streamId())).isInstanceOf(Refusal.class);
    }

    @Test
    void idIsUsedHereWhileTheOtherNodesCannotBeReached() {
        OneShotIds alone = new OneShotIds(() -> now, new UnreachableRecords());
        Issued id = alone.issue("live", Mode.PUBLISH, null, LIFETIME).orElseThrow();

        assertThat(TestRequests.decision(alone, id.streamId())).isInstanceOf(Grant.class);
        assertThat(TestRequests.decision(alone, id.streamId())).isInstanceOf(Refusal.class);
        assertThat(TestRequests.decision(alone, "#!::r=live,s=once-AAAAAAAAAAAAAAAAAAAAAA"))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void idsAreBounded() {
        OneShotIds few = new OneShotIds(() -> now, cluster.oneShotIds(), 2);
        assertThat(few.issue("a", Mode.PUBLISH, null, LIFETIME)).isPresent();
        assertThat(few.issue("b", Mode.PUBLISH, null, LIFETIME)).isPresent();

        assertThat(few.issue("c", Mode.PUBLISH, null, LIFETIME)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/live", "a,b", "a\nb", "live?x=y", "a/../b"})
    void streamThatNoCallerCouldNameGetsNoId(String stream) {
        assertThatThrownBy(() -> ids.issue(stream, Mode.PUBLISH, null, LIFETIME))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void userAndLifetimeHaveTheirLimits() {
        assertThatThrownBy(() -> ids.issue("live", Mode.PUBLISH, "a,s=b", LIFETIME))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ids.issue("live", Mode.PUBLISH, "u".repeat(500), LIFETIME))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ids.issue("live", Mode.PUBLISH, null, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ids.issue("live", Mode.PUBLISH, null, Duration.ofDays(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofCallersAtTheSameTimeOneGetsIn() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                Issued id = issue("live", Mode.PUBLISH);
                CyclicBarrier together = new CyclicBarrier(4);
                List<Future<AccessDecision>> decisions = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    decisions.add(callers.submit(() -> {
                        together.await();
                        return decide(id.streamId());
                    }));
                }
                int grants = 0;
                for (Future<AccessDecision> decision : decisions) {
                    grants += decision.get() instanceof Grant ? 1 : 0;
                }
                assertThat(grants).isEqualTo(1);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void issuedIdIsNotPrinted() {
        Issued id = issue("live", Mode.PUBLISH);

        assertThat(Optional.of(id).toString()).doesNotContain(id.id());
    }

    private Issued issue(String stream, Mode mode) {
        return ids.issue(stream, mode, null, LIFETIME).orElseThrow();
    }

    private AccessDecision decide(String streamId) {
        return TestRequests.decision(ids, streamId);
    }

    private static void assertRefused(AccessDecision decision, String explanation) {
        assertThat(decision).isEqualTo(new Refusal(RejectReason.UNAUTHORIZED, explanation));
    }
}
