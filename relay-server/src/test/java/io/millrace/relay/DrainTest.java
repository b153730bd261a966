package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.net.PortReservation;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is taken out of service, and its callers. */
@Timeout(60)
@Tag("any-jdk")
class DrainTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int DOWN = 2503;

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void viewersAreSentAwayBeforePublishersAndFindTheStreamAtAnotherNode() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestCall publisher = a.publish("live").opened();
        List<TestCall> viewers =
                Stream.generate(() -> a.request("live").opened()).limit(30).toList();
        TestCall elsewhere = b.request("live").opened();

        a.drain();

        viewers.forEach(TestCall::ended);
        TestCall again = b.request("live").opened();
        publisher.ended();
        awaitPhase(a, "drained");
        TestCall publishedAgain =
                await().atMost(SOON).until(() -> b.publish("live"), call -> call.refusedOrOpen() == 0);
        publishedAgain.publish("b", 1, 3);
        assertThat(again.texts(3)).containsExactly("b1", "b2", "b3");
        assertThat(elsewhere.texts(3)).containsExactly("b1", "b2", "b3");
        assertThat(elsewhere.isOpen()).isTrue();
        assertThat(a.get("/metrics").body())
                .contains("millrace_draining 1", "millrace_drain_remaining_connections{role=\"subscriber\"} 0");
    }

    @Test
    void callersOfARoleStayUntilItIsTheirTurnToo() throws Exception {
        TestRelay a = cluster.start("a", roleOnItsOwnHost());
        await().atMost(SOON).until(() -> a.listenerCount() > 0);
        TestRelay b = cluster.start("b", roleOnItsOwnHost());
        TestCall publisher = a.publish("live").opened();
        List<TestCall> viewers =
                Stream.generate(() -> a.request("live").opened()).limit(30).toList();
        a.awaitConnections(31);

        try (LoggedLines logged = new LoggedLines("io.millrace.relay")) {
            a.drain();

            await().atMost(SOON).until(() -> b.listenerCount() > 0);
            viewers.forEach(TestCall::ended);
            publisher.ended();
            awaitPhase(a, "drained");
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("no longer served here"))
                    .singleElement(STRING)
                    .endsWith("new callers are ignored, connections that go on: 31");
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains(" closed after "))
                    .hasSize(31)
                    .last(STRING)
                    .startsWith("publisher");
        }
        await().atMost(SOON).until(() -> a.listenerCount() == 0);
    }

    @Test
    void newcomersAreTurnedAwayUntilTheNodeServesAgain() {
        TestRelay a = cluster.start("a");
        cluster.start("b");
        a.drain();

        assertThat(a.publish("live").refusal()).isEqualTo(DOWN);
        assertThat(a.request("live").refusal()).isEqualTo(DOWN);
        assertThat(a.get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(cluster.seenBy("b").nodes().named("a").orElseThrow().draining())
                .isTrue();

        assertThat(a.send("DELETE", "/api/v1/drain", null).statusCode()).isEqualTo(200);

        a.publish("live").opened();
        assertThat(a.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(phase(a)).isEqualTo("serving");
    }

    @Test
    void callersThatHaveNowhereToGoStayAndAreCountedWhenTheTimeIsUp() {
        TestRelay alone = cluster.start("a", "cluster.drainSeconds=1");
        TestCall publisher = alone.publish("live").opened();
        TestCall viewer = alone.request("live").opened();

        alone.drain();

        awaitPhase(alone, "drained");
        assertThat(publisher.isOpen()).isTrue();
        assertThat(viewer.isOpen()).isTrue();
        assertThat(drain(alone).getInteger("viewers")).isEqualTo(1);
        assertThat(drain(alone).getInteger("publishers")).isEqualTo(1);
    }

    /** Where the next owner of the role is on another machine. */
    private static String[] roleOnItsOwnHost() throws Exception {
        try (PortReservation free = PortReservation.of(new InetSocketAddress("127.0.0.1", 0))) {
            return new String[] {
                "listeners[0].role.exclusive=true",
                "cluster.mode=static",
                "cluster.members=[127.0.0.1]",
                "cluster.mediaPort=" + free.address().getPort()
            };
        }
    }

    private static void awaitPhase(TestRelay relay, String phase) {
        await().atMost(SOON).until(() -> phase(relay).equals(phase));
    }

    private static String phase(TestRelay relay) {
        return drain(relay).getString("phase");
    }

    private static JsonObject drain(TestRelay relay) {
        return new JsonObject(relay.get("/api/v1/drain").body());
    }
}
