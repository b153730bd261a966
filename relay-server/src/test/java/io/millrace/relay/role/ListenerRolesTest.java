package io.millrace.relay.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.relay.HandDrivenCluster;
import io.millrace.relay.LoggedLines;
import io.millrace.relay.TestConfig;
import io.millrace.relay.access.AccessControl;
import io.millrace.relay.access.Bans;
import io.millrace.relay.access.Notifications;
import io.millrace.relay.access.OneShotIds;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.listener.ListenerServices;
import io.millrace.relay.listener.ListenerSupervisor;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.UdpSettings;
import io.millrace.relay.net.UdpTransport;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.relay.stats.HistoryMemory;
import io.millrace.relay.stats.SocketDirectory;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamSettings;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is told when a role is served here. */
@Timeout(30)
class ListenerRolesTest {
    private final RelayConfig config = TestConfig.of(
            "listeners[0].host=127.0.0.1",
            "listeners[0].role.exclusive=true",
            "listeners[0].role.service=encoders",
            "cluster.mode=static",
            "cluster.members=[127.0.0.1]",
            "cluster.secret=secret of the nodes");
    private final EventLoops loops =
            EventLoops.start(new VertxOptions().setEventLoopPoolSize(1), false, UnaryOperator.identity());
    private final HandDrivenCluster cluster = new HandDrivenCluster();
    private final ListenerSupervisor listeners = new ListenerSupervisor(loops.vertx(), services());
    private final List<Grant> opened = new CopyOnWriteArrayList<>();
    private final List<String> pointed = new CopyOnWriteArrayList<>();
    private final AtomicReference<Future<Void>> answer = new AtomicReference<>(Future.succeededFuture());
    private final LoggedLines logged = new LoggedLines("io.millrace.relay.role");
    private final ListenerRoles roles =
            new ListenerRoles(cluster, config.cluster(), listeners, this::opened, this::point);

    @BeforeEach
    void start() throws Exception {
        roles.apply(config.listeners());
    }

    @AfterEach
    void stop() throws Exception {
        roles.close();
        logged.close();
        loops.vertx().close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void serviceIsPointedHereWhenTheListenerIsOpen() {
        Grant grant = cluster.grant("main");

        await().until(() -> !pointed.isEmpty());

        assertThat(pointed).containsExactly("encoders " + port() + " epoch 1");
        assertThat(opened).containsExactly(grant);
    }

    @Test
    void serviceThatCannotBePointedHereIsTriedAgainAndSaidOnce() {
        answer.set(Future.failedFuture("forbidden"));
        cluster.grant("main");
        await().until(() -> pointed.size() == 2);
        answer.set(Future.succeededFuture());

        await().until(() -> pointed.size() == 3);

        assertThat(logged.lines())
                .filteredOn(line -> line.contains("the service encoders could not be pointed at this node: forbidden"))
                .hasSize(1);
    }

    @Test
    void grantThatHasEndedPointsNothingAnyMore() {
        answer.set(Future.failedFuture("forbidden"));
        cluster.grant("main");
        await().until(() -> !pointed.isEmpty());

        cluster.end("main", EndReason.QUORUM_LOST);
        answer.set(Future.succeededFuture());
        cluster.grant("main");
        await().until(() -> pointed.stream().anyMatch(line -> line.endsWith("epoch 2")));
        int failedBefore = pointed.size();
        // The retry of the first grant would have come before that of the second one.
        answer.set(Future.failedFuture("forbidden"));
        cluster.end("main", EndReason.QUORUM_LOST);
        cluster.grant("main");
        await().until(() ->
                pointed.stream().filter(line -> line.endsWith("epoch 3")).count() == 2);

        assertThat(pointed.subList(failedBefore, pointed.size())).allMatch(line -> line.endsWith("epoch 3"));
        assertThat(opened).extracting(Grant::epoch).containsExactly(1L, 2L, 3L);
    }

    @Test
    void rolesThatWereGivenBackAreNotTakenAgain() throws Exception {
        cluster.grant("main");
        await().until(() -> !listeners.addresses().isEmpty());

        roles.handOver().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(listeners.addresses()).isEmpty();
        assertThat(cluster.grants()).isEmpty();
        roles.apply(config.listeners());
        assertThat(listeners.addresses()).isEmpty();
    }

    private void opened(Grant grant) {
        assertThat(listeners.isOpen(grant.role())).isTrue();
        opened.add(grant);
    }

    private Future<Void> point(String service, int port, long epoch) {
        pointed.add(service + " " + port + " epoch " + epoch);
        return answer.get();
    }

    private int port() {
        return listeners.addresses().get("main").getPort();
    }

    private ListenerServices services() {
        Bans bans = new Bans(Clock.systemUTC(), cluster.bans());
        return new ListenerServices(
                config,
                loops,
                new UdpTransport(new UdpSettings(1 << 20, 1 << 20, 0, true)),
                new StreamDirectory(
                        loops.vertx(),
                        cluster.streams(),
                        new StreamSettings(1 << 20, false, 0, 0, 0, 0, 10, 10, false),
                        1),
                new ConnectionDirectory(10, new HistoryMemory(0)),
                new SocketDirectory(),
                new AttemptLog(10),
                new ConnectionEvents(),
                new AccessControl(loops.vertx(), config, bans, new OneShotIds(Clock.systemUTC(), cluster.oneShotIds())),
                new Notifications(loops.vertx(), config.access().notifications()),
                LocalCluster.alone(NodeIdentity.alone("a")));
    }
}
