package io.millrace.relay.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.Node;
import io.millrace.cluster.NodeIdentity;
import io.millrace.relay.LoggedLines;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RosterTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final LocalCluster self = LocalCluster.alone(NodeIdentity.alone("n1"));
    private final Roster roster = new Roster(self, 3, 2, Clock.fixed(NOW, ZoneOffset.UTC));
    private LoggedLines log;

    @BeforeEach
    void listen() {
        log = new LoggedLines(Roster.class.getName());
        self.nodes().listen(roster);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void nodeThatComesAndGoesIsLoggedOnceEachTime() {
        LocalCluster other = join("n2");
        awaitLogged("node n2 has joined; nodes: 2 of 3");

        other.leave();

        awaitLogged("node n2 is gone: it died, left or can't be reached; nodes: 1 of 3");
        assertThat(log.lines()).hasSize(2);
        assertThat(roster.absent()).containsExactly(new Roster.Absent("n2", NOW, false));
    }

    @Test
    void nodeThatWasDrainedLeavesAsItSaid() {
        LocalCluster other = join("n2");
        other.nodes().draining(true);

        other.leave();

        awaitLogged("node n2 has left, as it had said; nodes: 1 of 3");
        assertThat(roster.absent()).singleElement().matches(Roster.Absent::wasDraining);
    }

    @Test
    void nodeThatComesBackIsMissedNoMore() {
        join("n2").leave();
        await().until(() -> !roster.absent().isEmpty());

        join("n2");

        await().until(() -> roster.absent().isEmpty());
    }

    @Test
    void nobodyIsMissedWhileAsManyAsConfiguredAreThere() {
        LocalCluster gone = join("n2");
        join("n3");
        join("n4");

        gone.leave();

        awaitLogged("node n2 is gone: it died, left or can't be reached; nodes: 3 of 3");
        assertThat(roster.absent()).isEmpty();
    }

    @Test
    void knowsSinceWhenEachNodeIsThere() {
        join("n2");

        await().untilAsserted(() ->
                assertThat(self.nodes().all()).extracting(Node::nodeId).containsExactly("n1", "n2"));
        assertThat(self.nodes().all())
                .allSatisfy(node -> assertThat(roster.since(node)).isEqualTo(NOW));
    }

    @Test
    void lossAndReturnOfTheQuorumAreLoggedOnceEach() {
        roster.look(() -> true);
        roster.look(() -> true);
        roster.look(() -> false);
        roster.look(() -> false);
        roster.look(() -> true);

        assertThat(log.lines())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("at least 2 of 3 nodes hear each other: "),
                        line -> assertThat(line).startsWith("fewer than 2 of 3 nodes hear each other, "),
                        line -> assertThat(line).startsWith("at least 2 of 3 nodes hear each other again: "));
    }

    private LocalCluster join(String nodeId) {
        return self.joinedBy(NodeIdentity.alone(nodeId));
    }

    private void awaitLogged(String line) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(log.lines()).contains(line));
    }
}
