package io.millrace.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.RoleLeases.Role;
import io.millrace.cluster.StreamRegistry.Claim;
import io.millrace.cluster.StreamRegistry.ClaimResult;
import io.millrace.cluster.StreamRegistry.LossReason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Cluster} must do, within a process and over a network. A subclass says which one is tested. All tests
 * share two nodes, a and b, and use names of their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
abstract class ClusterContract {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final InetSocketAddress CALLED = new InetSocketAddress("198.51.100.7", 8890);

    private final List<Cluster> started = new ArrayList<>();
    protected Cluster a;
    protected Cluster b;
    private StreamRegistry streams;
    private String news;

    /** A node that has joined those that were started before. */
    protected abstract Cluster start(NodeIdentity self) throws Exception;

    /** Ends a node without a word. */
    protected abstract void kill(Cluster node) throws Exception;

    @BeforeAll
    void startTwoNodes() throws Exception {
        a = startNode("a");
        b = startNode("b");
        streams = a.streams();
        for (Cluster node : List.of(a, b)) {
            await().atMost(SOON).until(() -> node.nodes().all().size() == 2);
        }
    }

    @AfterAll
    void stopAll() throws Exception {
        for (Cluster node : started) {
            answer(node.leave());
        }
    }

    @BeforeEach
    void newName() {
        news = "news-" + NAMES.incrementAndGet();
    }

    @Test
    void nobodyHoldsANameThatWasNeverClaimed() throws Exception {
        assertThat(answer(streams.lookup(news))).isEmpty();
    }

    @Test
    void firstClaimIsGrantedAndFoundByLookupFromAnyNode() throws Exception {
        ClaimResult result = answer(a.streams().claim(news, "ann"));

        assertThat(result.granted()).isTrue();
        assertThat(result.holder().streamName()).isEqualTo(news);
        assertThat(result.holder().node()).isEqualTo(a.self());
        assertThat(result.holder().identity()).isEqualTo("ann");
        assertThat(answer(a.streams().lookup(news))).contains(result.holder());
        assertThat(answer(b.streams().lookup(news))).contains(result.holder());
    }

    @Test
    void secondClaimIsRefusedAndNamesTheHolder() throws Exception {
        Claim first = granted(a, news);

        assertThat(answer(b.streams().claim(news, ""))).isEqualTo(new ClaimResult(false, first));
        assertThat(answer(b.streams().lookup(news))).contains(first);
    }

    @Test
    void holderItselfIsRefusedASecondClaim() throws Exception {
        Claim first = granted(a, news);

        assertThat(answer(a.streams().claim(news, ""))).isEqualTo(new ClaimResult(false, first));
    }

    @Test
    void namesDoNotTouchEachOther() throws Exception {
        Claim first = granted(a, news);
        Claim other = granted(b, news + "-sport");

        assertThat(answer(a.streams().release(first))).isTrue();
        assertThat(answer(a.streams().lookup(news + "-sport"))).contains(other);
    }

    @Test
    void releasedNameIsFreeForAnotherNode() throws Exception {
        assertThat(answer(a.streams().release(granted(a, news)))).isTrue();

        assertThat(answer(b.streams().lookup(news))).isEmpty();
        assertThat(granted(b, news).node()).isEqualTo(b.self());
    }

    @Test
    void epochRisesWithEachClaim() throws Exception {
        long last = -1;
        for (int i = 0; i < 5; i++) {
            Cluster node = i % 2 == 0 ? a : b;
            Claim claim = granted(node, news);
            assertThat(claim.epoch()).isGreaterThan(last);
            last = claim.epoch();
            answer(node.streams().release(claim));
        }
    }

    @Test
    void staleReleaseChangesNothing() throws Exception {
        Claim old = granted(a, news);
        answer(a.streams().release(old));
        Claim present = granted(a, news);

        assertThat(answer(a.streams().release(old))).isFalse();
        assertThat(answer(a.streams().lookup(news))).contains(present);
    }

    @Test
    void secondReleaseChangesNothing() throws Exception {
        Claim claim = granted(a, news);
        answer(a.streams().release(claim));

        assertThat(answer(a.streams().release(claim))).isFalse();
        assertThat(answer(a.streams().lookup(news))).isEmpty();
    }

    @Test
    void anotherNodesClaimCanNotBeReleased() throws Exception {
        Claim claim = granted(a, news);

        assertThat(answer(b.streams().release(claim))).isFalse();
        assertThat(answer(b.streams().lookup(news))).contains(claim);
    }

    @Test
    void onlyOneOfManyRacingClaimsIsGranted() throws Exception {
        int racers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            CyclicBarrier start = new CyclicBarrier(racers);
            List<Future<ClaimResult>> answers = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                StreamRegistry registry = (i % 2 == 0 ? a : b).streams();
                Callable<ClaimResult> race = () -> {
                    start.await(10, SECONDS);
                    return answer(registry.claim(news, ""));
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

    @Test
    void silentPublisherGivesWayToTheSameOneAtAnotherNodeAndItsNodeIsTold() throws Exception {
        Told atA = new Told(a, news);
        Claim old = answer(a.streams().claim(news, "ann")).holder();
        atA.expect("claimed " + old.epoch());
        assertThat(answer(a.streams().silent(old, true))).isTrue();

        ClaimResult taken = answer(b.streams().claim(news, "ann"));

        assertThat(taken.granted()).isTrue();
        assertThat(taken.holder().epoch()).isGreaterThan(old.epoch());
        atA.expect("moved " + old.epoch() + " " + taken.holder().epoch());
        atA.expect("lost " + old.epoch() + " " + taken.holder().epoch() + " " + LossReason.TAKEN_OVER);
        assertThat(answer(a.streams().release(old))).isFalse();
        assertThat(answer(a.streams().lookup(news))).contains(taken.holder());
    }

    @Test
    void silentPublisherDoesNotGiveWayToAnother() throws Exception {
        Claim old = answer(a.streams().claim(news, "ann")).holder();
        answer(a.streams().silent(old, true));

        assertThat(answer(b.streams().claim(news, "bob"))).isEqualTo(new ClaimResult(false, old));
    }

    @Test
    void publisherThatSendsAgainDoesNotGiveWay() throws Exception {
        Claim old = answer(a.streams().claim(news, "ann")).holder();
        answer(a.streams().silent(old, true));
        answer(a.streams().silent(old, false));

        assertThat(answer(b.streams().claim(news, "ann")).granted()).isFalse();
    }

    @Test
    void claimsAreListedByNode() throws Exception {
        Claim claim = granted(a, news);

        await().atMost(SOON).until(() -> b.streams().claimsOf("a").contains(claim));
        assertThat(b.streams().claimsOf("b")).doesNotContain(claim);
        answer(a.streams().release(claim));
        await().atMost(SOON).until(() -> !b.streams().claimsOf("a").contains(claim));
    }

    @Test
    void allNodesAreToldOfClaimsAndReleasesInOrder() throws Exception {
        Told atA = new Told(a, news);
        Told atB = new Told(b, news);
        Claim claim = granted(a, news);
        answer(a.streams().release(claim));

        for (Told told : List.of(atA, atB)) {
            told.expect("claimed " + claim.epoch());
            told.expect("released " + claim.epoch());
        }
    }

    @Test
    void claimOfANodeThatDecidedAloneIsAnnounced() throws Exception {
        Claim alone = a.streams().claimAlone(news, "ann");

        await().atMost(SOON).until(() -> answer(b.streams().lookup(news)).equals(Optional.of(alone)));
        assertThat(answer(b.streams().claim(news, "bob")).granted()).isFalse();
    }

    @Test
    void nodeThatDiesIsMissedAndItsClaimsAreFree() throws Exception {
        Cluster c = startNode("c");
        await().atMost(SOON).until(() -> a.nodes().named("c").isPresent());
        Told atA = new Told(a, news);
        Claim claim = granted(c, news);
        atA.expect("claimed " + claim.epoch());

        kill(c);

        await().atMost(SOON).until(() -> a.nodes().named("c").isEmpty());
        atA.expect("released " + claim.epoch());
        assertThat(granted(b, news).epoch()).isGreaterThan(claim.epoch());
    }

    @Test
    void nodeThatLeavesGivesItsClaimsBack() throws Exception {
        Cluster c = startNode("c2");
        granted(c, news);

        answer(c.leave());

        assertThat(answer(a.streams().lookup(news))).isEmpty();
        await().atMost(SOON).until(() -> a.streams().known(news).isEmpty());
        await().atMost(SOON).until(() -> b.nodes().named("c2").isEmpty());
    }

    @Test
    void recordIsKnownWhereItIsOfferedAtOnceAndSoonEverywhere() throws Exception {
        SharedRecord first = lasting(1, "first");

        CompletionStage<SharedRecord> answer = a.bans().offer(news, first);

        assertThat(a.bans().known()).containsEntry(news, first);
        assertThat(answer(answer)).isEqualTo(first);
        assertThat(answer(b.bans().find(news))).contains(first);
        await().atMost(SOON).until(() -> first.equals(b.bans().known().get(news)));
        assertThat(b.oneShotIds().known()).doesNotContainKey(news);
        assertThat(answer(b.bans().find(news + " of nobody"))).isEmpty();
    }

    @Test
    void newerRecordTakesThePlaceOfAnOlderOneEverywhere() throws Exception {
        SharedRecord second = lasting(2, "second");
        answer(a.bans().offer(news, lasting(1, "first")));
        await().atMost(SOON).until(() -> b.bans().known().containsKey(news));

        assertThat(answer(b.bans().offer(news, second))).isEqualTo(second);

        await().atMost(SOON).until(() -> second.equals(a.bans().known().get(news)));
        assertThat(answer(a.bans().offer(news, lasting(1, "late")))).isEqualTo(second);
        assertThat(answer(a.bans().offer(news, lasting(2, "late")))).isEqualTo(second);
    }

    @Test
    void ofRecordsThatAreOfferedWithOneVersionASingleOneHolds() throws Exception {
        answer(a.oneShotIds().offer(news, lasting(1, "unused")));
        await().atMost(SOON).until(() -> b.oneShotIds().known().containsKey(news));

        CompletionStage<SharedRecord> byA = a.oneShotIds().offer(news, lasting(2, "by a"));
        CompletionStage<SharedRecord> byB = b.oneShotIds().offer(news, lasting(2, "by b"));

        SharedRecord standing = answer(byA);
        assertThat(answer(byB)).isEqualTo(standing);
        assertThat(standing.version()).isEqualTo(2);
        for (Cluster node : List.of(a, b)) {
            await().atMost(SOON)
                    .until(() -> standing.equals(node.oneShotIds().known().get(news)));
        }
    }

    @Test
    void nodeThatJoinsKnowsTheRecordsOfBefore() throws Exception {
        SharedRecord record = lasting(1, "of before");
        answer(a.bans().offer(news, record));

        Cluster c = startNode("c5");

        await().atMost(SOON).until(() -> record.equals(c.bans().known().get(news)));
        kill(c);
    }

    private static SharedRecord lasting(long version, String text) {
        return new SharedRecord(version, text, System.currentTimeMillis() + 600_000);
    }

    @Test
    void loadAndDrainingAreSeenByOthers() {
        NodeLoad load = new NodeLoad(8_000_000, 1, 2, List.of(new PulledStream(news, "b", 1_500, 20, 5_000_000)));
        a.nodes().report(load);
        b.nodes().draining(true);

        await().atMost(SOON)
                .until(() -> b.nodes().named("a").orElseThrow().load().equals(load));
        await().atMost(SOON).until(() -> a.nodes().named("b").orElseThrow().draining());
        b.nodes().draining(false);
        await().atMost(SOON).until(() -> !a.nodes().named("b").orElseThrow().draining());
    }

    @Test
    void roleHasOneOwnerWhichHandsOverWhenItWithdraws() throws Exception {
        Served atA = new Served(a, news);
        Served atB = new Served(b, news);
        await().atMost(SOON).until(() -> atA.isServing || atB.isServing);
        Served first = atA.isServing ? atA : atB;
        Served second = first == atA ? atB : atA;
        Grant grant = first.granted();

        assertThat(first.node.roles().grants()).contains(grant);
        assertThat(second.isServing).isFalse();
        answer(first.node.roles().withdraw(news));

        assertThat(first.events).containsExactly("ended " + EndReason.HANDED_OVER);
        assertThat(second.granted().epoch()).isGreaterThan(grant.epoch());
        answer(second.node.roles().withdraw(news));
    }

    @Test
    void roleMovesToTheNodeThatIsAskedForFromAnywhere() throws Exception {
        Served atA = new Served(a, news);
        atA.granted();
        Served atB = new Served(b, news);

        await().atMost(SOON).until(() -> answer(b.roles().handOver(news, "b")));

        assertThat(atB.granted().node()).isEqualTo(b.self());
        assertThat(atA.events).containsExactly("ended " + EndReason.HANDED_OVER);
        assertThat(answer(a.roles().handOver("no such role", "a"))).isFalse();
        answer(a.roles().withdraw(news));
        answer(b.roles().withdraw(news));
    }

    @Test
    void drainingNodeHandsItsRolesOver() throws Exception {
        Served atA = new Served(a, news);
        atA.granted();
        Served atB = new Served(b, news);

        a.nodes().draining(true);

        assertThat(atB.granted().node()).isEqualTo(b.self());
        assertThat(atA.events).containsExactly("ended " + EndReason.HANDED_OVER);
        a.nodes().draining(false);
        answer(a.roles().withdraw(news));
        answer(b.roles().withdraw(news));
    }

    @Test
    void roleOfADeadNodeIsTakenByAnother() throws Exception {
        Cluster c = startNode("c3");
        Served atC = new Served(c, news);
        Grant grant = atC.granted();
        Served atA = new Served(a, news);
        await().atMost(SOON).until(() -> a.roles().grants().contains(grant));

        kill(c);

        assertThat(atA.granted().epoch()).isGreaterThan(grant.epoch());
        answer(a.roles().withdraw(news));
    }

    @Test
    void connectionsAreKnownToOtherNodesUntilTheyEnd() throws Exception {
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 5000);
        ConnectionFact fact =
                new ConnectionFact(a.self().incarnation(), news, 7, 1 + NAMES.incrementAndGet(), peer, 99, CALLED, "s");
        a.connections().opened(fact);

        await().atMost(SOON)
                .until(() -> answer(b.connections().find(fact.localSocketId())).equals(Optional.of(fact)));
        assertThat(answer(b.connections().orphans(news))).isEmpty();

        a.connections().closed(fact.localSocketId());
        await().atMost(SOON)
                .until(() -> answer(b.connections().find(fact.localSocketId())).isEmpty());
    }

    @Test
    void connectionsOutliveTheirNodeUntilSomebodyDealsWithThem() throws Exception {
        Cluster c = startNode("c4");
        InetSocketAddress peer = new InetSocketAddress("192.0.2.1", 5000);
        ConnectionFact fact =
                new ConnectionFact(c.self().incarnation(), news, 7, 1 + NAMES.incrementAndGet(), peer, 99, CALLED, "s");
        c.connections().opened(fact);
        await().atMost(SOON)
                .until(() -> answer(a.connections().find(fact.localSocketId())).isPresent());

        kill(c);
        await().atMost(SOON).until(() -> a.nodes().named("c4").isEmpty());

        assertThat(answer(a.connections().orphans(news))).containsExactly(fact);
        a.connections().closed(fact.localSocketId());
        await().atMost(SOON)
                .until(() -> answer(b.connections().find(fact.localSocketId())).isEmpty());
    }

    private Cluster startNode(String nodeId) throws Exception {
        Cluster node = start(NodeIdentity.alone(nodeId));
        started.add(node);
        return node;
    }

    private static Claim granted(Cluster node, String streamName) throws Exception {
        ClaimResult result = answer(node.streams().claim(streamName, ""));
        assertThat(result.granted()).isTrue();
        return result.holder();
    }

    static <T> T answer(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, SECONDS);
    }

    /** What a node is told of one stream. */
    static final class Told implements StreamRegistry.Listener {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        private final String streamName;

        Told(Cluster node, String streamName) {
            this.streamName = streamName;
            node.streams().listen(this);
        }

        void expect(String event) throws InterruptedException {
            assertThat(events.poll(15, SECONDS)).isEqualTo(event);
        }

        private void add(Claim claim, String event) {
            if (claim.streamName().equals(streamName)) {
                events.add(event);
            }
        }

        @Override
        public void claimed(Claim claim) {
            add(claim, "claimed " + claim.epoch());
        }

        @Override
        public void moved(Claim from, Claim to) {
            add(from, "moved " + from.epoch() + " " + to.epoch());
        }

        @Override
        public void released(Claim claim) {
            add(claim, "released " + claim.epoch());
        }

        @Override
        public void lost(Claim mine, Claim winner, LossReason reason) {
            add(mine, "lost " + mine.epoch() + " " + winner.epoch() + " " + reason);
        }
    }

    /** A role's server at a node. */
    static final class Served implements RoleLeases.Server {
        final Cluster node;
        final BlockingQueue<Grant> grants = new LinkedBlockingQueue<>();
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        volatile boolean isServing;

        Served(Cluster node, String role, String... preferred) {
            this.node = node;
            node.roles().compete(new Role(role, List.of(preferred)), this);
        }

        Grant granted() throws InterruptedException {
            Grant grant = grants.poll(30, SECONDS);
            assertThat(grant).isNotNull();
            return grant;
        }

        @Override
        public void granted(Grant grant) {
            isServing = true;
            grants.add(grant);
        }

        @Override
        public CompletionStage<?> ended(Grant grant, EndReason reason) {
            isServing = false;
            events.add("ended " + reason);
            return CompletableFuture.completedStage(null);
        }
    }
}
