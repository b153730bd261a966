package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.PulledStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that are asked for at another node than the one that they are published to. */
@Timeout(60)
@Tag("any-jdk")
class ClusterPullTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String SECRET = "correct horse battery";
    private static final int BAD_SECRET = 1010;
    private static final int UNSECURED = 1011;
    private static final int FORBIDDEN = 2403;
    private static final int NOT_FOUND = 2404;
    private static final int CONFLICT = 2409;

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void streamIsServedAtEveryNodeAndPulledOnceByEach() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestRelay c = cluster.start("c");
        TestCall publisher = a.publish("live").opened();
        List<TestCall> viewers = List.of(
                b.request("live").opened(),
                b.request("live").opened(),
                c.request("live").opened());

        publisher.publish("payload ", 1, 50);

        for (TestCall viewer : viewers) {
            List<String> got = viewer.texts(50);
            assertThat(got).hasSize(50).startsWith("payload 1").endsWith("payload 50");
        }
        assertThat(nodesServedBy(a)).isEqualTo(2);
        assertThat(nodesServedBy(b)).isZero();
    }

    @Test
    void nameWithCharactersOfTheStreamIdSyntaxIsPulledToo() {
        String name = "a,b=c?d=50%25#e";
        TestRelay a = cluster.start("a", "listeners[0].stream=" + name, "listeners[0].mode=publish");
        TestRelay b = cluster.start("b", "listeners[0].stream=" + name);
        TestCall publisher = a.call("").opened();
        a.awaitPublished(name);

        TestCall viewer = b.call("").opened();
        publisher.publish("x", 1, 5);

        assertThat(viewer.texts(5)).containsExactly("x1", "x2", "x3", "x4", "x5");
    }

    @Test
    void nodesUseTheCipherModeThatTheyAllow() {
        TestRelay a = cluster.start("a", "srt.cryptoMode=gcm");
        TestRelay b = cluster.start("b", "srt.cryptoMode=gcm");
        TestCall publisher = a.publish("live").opened();

        TestCall viewer = b.request("live").opened();
        publisher.publish("x", 1, 5);

        assertThat(viewer.texts(5)).containsExactly("x1", "x2", "x3", "x4", "x5");
        assertThat(a.connections())
                .filteredOn(connection -> connection.getString("listener").equals("(nodes)"))
                .extracting(connection -> connection.getString("encryption"))
                .containsExactly("AES-256 GCM");
    }

    @Test
    void viewersStayWhenThePublisherMovesToAnotherNode() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestRelay c = cluster.start("c");
        TestCall before = a.publish("live").opened();
        TestCall viewer = b.request("live").opened();
        before.publish("a", 1, 3);
        assertThat(viewer.texts(3)).containsExactly("a1", "a2", "a3");

        before.hangUp();
        TestCall after = publishedSoon(c);
        await().atMost(SOON).until(() -> pulls("b").equals(Optional.of("c")));
        after.publish("c", 1, 3);

        assertThat(viewer.texts(6)).containsExactly("a1", "a2", "a3", "c1", "c2", "c3");
        assertThat(viewer.isOpen()).isTrue();
    }

    @Test
    void viewersStayWhenThePublisherComesToTheirNode() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestCall before = a.publish("live").opened();
        TestCall viewer = b.request("live").opened();
        before.publish("a", 1, 3);
        assertThat(viewer.texts(3)).hasSize(3);

        before.hangUp();
        TestCall after = publishedSoon(b);
        after.publish("b", 1, 3);

        assertThat(viewer.texts(6)).containsExactly("a1", "a2", "a3", "b1", "b2", "b3");
        await().atMost(SOON).until(() -> pulls("b").isEmpty());
    }

    @Test
    void nameHasOnePublisherInTheWholeCluster() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestCall first = a.publish("live").opened();
        first.publish("a", 1, 1);
        TestCall viewer = b.request("live").opened();

        assertThat(b.publish("live").refusal()).isEqualTo(CONFLICT);

        first.publish("a", 2, 2);
        assertThat(viewer.texts(1)).contains("a2");
    }

    @Test
    void publisherThatWentSilentGivesWayAtAnotherNode() {
        TestRelay a = cluster.start("a", "streams.publisherProbationMillis=0");
        TestRelay b = cluster.start("b");
        TestCall silent = a.publish("live").opened();
        silent.publish("a", 1, 1);

        // Until its silence is noticed it is refused.
        TestCall later = publishedSoon(b);

        silent.ended();
        assertThat(later.isOpen()).isTrue();
    }

    @Test
    void streamThatNobodyPublishesIsRefusedAtOnce() {
        cluster.start("a");
        TestRelay b = cluster.start("b");

        assertThat(b.request("nothing").refusal()).isEqualTo(NOT_FOUND);
    }

    @Test
    void fullNodeLeavesOthersToThoseThatHaveTheStreamFromIt() {
        TestRelay a = cluster.start("a", "cluster.pullsPerStream=1");
        TestRelay b = cluster.start("b");
        TestRelay c = cluster.start("c");
        TestCall publisher = a.publish("live").opened();
        TestCall atB = b.request("live").opened();
        await().atMost(SOON).until(() -> pulls("b").equals(Optional.of("a")));

        TestCall atC = c.request("live").opened();
        publisher.publish("p", 1, 3);

        assertThat(atB.texts(3)).containsExactly("p1", "p2", "p3");
        assertThat(atC.texts(3)).containsExactly("p1", "p2", "p3");
        await().atMost(SOON).until(() -> pulls("c").equals(Optional.of("b")));
        assertThat(nodesServedBy(a)).isEqualTo(1);
    }

    @Test
    void pullEndsWhenNobodyWatchesAnyMore() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        a.publish("live").opened();
        TestCall viewer = b.request("live").opened();

        viewer.hangUp();

        await().atMost(SOON).until(() -> nodesServedBy(a) == 0);
        await().atMost(SOON).until(() -> b.streams().isEmpty());
    }

    @Test
    void nodesAreServedByTheSecretAloneAndNobodyPublishesThere() {
        TestRelay a = cluster.start("a");
        a.publish("live").opened();
        InetSocketAddress nodes = media("a");

        assertThat(a.caller().call(nodes, "#!::r=live,u=b").refusal()).isEqualTo(UNSECURED);
        assertThat(a.caller().call(nodes, "#!::r=live,u=b", "not the secret").refusal())
                .isEqualTo(BAD_SECRET);
        assertThat(a.caller().call(nodes, "#!::r=live,m=publish", SECRET).refusal())
                .isEqualTo(FORBIDDEN);
    }

    @Test
    void nodeGetsNothingBackOfWhatIsTakenFromIt() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        a.publish("live").opened();
        b.request("live").opened();

        assertThat(b.caller().call(media("b"), "#!::r=live,u=a", SECRET).refusal())
                .isEqualTo(NOT_FOUND);
        b.caller().call(media("b"), "#!::r=live,u=c", SECRET).opened();
    }

    private InetSocketAddress media(String nodeId) {
        InetSocketAddress advertised = cluster.seenBy(nodeId).self().srtAddress();
        return new InetSocketAddress(advertised.getHostString(), advertised.getPort());
    }

    /** Once the publisher before is known to be gone. */
    private static TestCall publishedSoon(TestRelay relay) {
        return await().atMost(SOON).until(() -> relay.publish("live"), call -> call.refusedOrOpen() == 0);
    }

    private static long nodesServedBy(TestRelay relay) {
        return relay.connections().stream()
                .filter(connection -> connection.getString("listener").equals("(nodes)")
                        && connection.getString("role").equals("subscriber"))
                .count();
    }

    /** From whom this node takes the stream, as it tells the others. */
    private Optional<String> pulls(String nodeId) {
        return cluster.seenBy("a").nodes().named(nodeId).orElseThrow().load().pulls().stream()
                .map(PulledStream::fromNodeId)
                .findFirst();
    }
}
