package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.LocalCluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.cluster.RoleLeases.EndReason;
import io.millrace.relay.net.PortReservation;
import io.millrace.srt.connection.CloseReason;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that one node at a time opens. */
@Timeout(60)
@Tag("any-jdk")
class RelayRolesTest {
    private static final String EXCLUSIVE = "listeners[0].role.exclusive=true";
    private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);

    @TempDir
    Path directory;

    private final List<TestRelay> relays = new ArrayList<>();
    private final LoggedLines logged = new LoggedLines("io.millrace.relay.role");
    private final LocalCluster first = LocalCluster.alone(NodeIdentity.alone("first"));
    private final LocalCluster second = first.joinedBy(NodeIdentity.alone("second"));

    @AfterEach
    void stop() {
        relays.forEach(TestRelay::close);
        logged.close();
    }

    @Test
    void portMovesToTheOtherNodeWhenItsOwnerStops() throws Exception {
        InetSocketAddress port = freePort();
        String setting = "listeners[0].port=" + port.getPort();
        TestRelay owner = started(TestRelay.startIn(id -> first, "first", EXCLUSIVE, setting));
        awaitOpen(owner);
        TestRelay other = started(TestRelay.startIn(id -> second, "second", EXCLUSIVE, setting));
        TestCall publisher = owner.publish("live").opened();

        assertThat(ready(owner).getJsonObject("listeners")).isEqualTo(new JsonObject().put("main", "ready"));
        assertThat(ready(other).getString("status")).isEqualTo("ready");
        assertThat(ready(other).containsKey("listeners")).isFalse();

        owner.stopServer();

        assertThat(publisher.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        awaitOpen(other);
        other.caller(port).call(port, "#!::r=live,m=publish").opened();
        assertThat(logged.lines())
                .anyMatch(line -> line.matches("role main: this node serves it now, at " + text(port) + ", epoch \\d+"))
                .anyMatch(line -> line.matches("role main: no longer served here, epoch \\d+: handed over; its"
                        + " connections were closed, and their peers told: 1"));
    }

    @Test
    void roleThatIsHandedOverByRequestCanComeBack() {
        TestRelay owner = started(TestRelay.startIn(id -> first, "first", EXCLUSIVE));
        awaitOpen(owner);
        TestRelay other = started(TestRelay.startIn(id -> second, "second", EXCLUSIVE));

        first.roles().handOver("main", "second");
        awaitOpen(other);
        assertThat(roleSockets(owner)).isEmpty();

        first.roles().handOver("main", "first");
        awaitOpen(owner);
        owner.publish("live").opened();
    }

    @Test
    void nodeThatIsAloneHasItsRolesFromTheStart() {
        TestRelay alone = started(TestRelay.start(EXCLUSIVE));

        alone.publish("live").opened();
        assertThat(ready(alone).getJsonObject("listeners")).isEqualTo(new JsonObject().put("main", "ready"));
    }

    @Test
    void nodeThatIsAloneDoesNotStartWithoutThePortOfARole() throws Exception {
        try (PortReservation taken = PortReservation.of(ANY)) {
            String setting = "listeners[0].port=" + taken.address().getPort();

            assertThatThrownBy(() -> started(TestRelay.start(EXCLUSIVE, setting)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("listeners[0].port: UDP port " + text(taken.address())
                            + " already in use; allowed: a port that is free");
        }
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void fencedOwnerKeepsItsConnectionsAndIgnoresNewcomersUntilItIsGrantedTheRoleAgain() throws Exception {
        HandDrivenCluster cluster = new HandDrivenCluster();
        TestRelay relay = startedOnItsOwnHost(cluster);
        cluster.grant("main");
        awaitOpen(relay);
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        relay.awaitConnections(2);
        assertThat(cluster.isIdle("main")).isFalse();

        assertThat(cluster.end("main", EndReason.QUORUM_LOST)).isDone();
        TestCall newcomer = relay.request("live");
        awaitIgnored(relay);

        publisher.publish("payload", 0, 9);
        assertThat(subscriber.texts(10)).hasSize(10).endsWith("payload9");
        assertThat(newcomer.isDecided()).isFalse();
        assertThat(publisher.isOpen()).isTrue();
        assertThat(logged.lines())
                .contains("role main: no longer served here, epoch 1: this node hears fewer nodes than cluster.quorum,"
                        + " and may be cut off; new callers are ignored, connections that go on: 2");

        cluster.grant("main");
        relay.request("live").opened();
        assertThat(publisher.isOpen()).isTrue();
    }

    @Test
    void fencedOwnersListenerIsClosedWhenItsLastConnectionHasEnded() throws Exception {
        HandDrivenCluster cluster = new HandDrivenCluster();
        TestRelay relay = startedOnItsOwnHost(cluster);
        cluster.grant("main");
        awaitOpen(relay);
        TestCall publisher = relay.publish("live").opened();

        cluster.end("main", EndReason.NOT_RENEWED);
        publisher.hangUp();

        await().atMost(Duration.ofSeconds(10)).until(() -> roleSockets(relay).isEmpty());
        assertThat(cluster.isIdle("main")).isTrue();
        cluster.grant("main");
        awaitOpen(relay);
        relay.publish("live").opened();
    }

    @Test
    void fencedOwnerOnOneHostLeavesThePortToTheNextAndTellsItsPeers() throws Exception {
        HandDrivenCluster cluster = new HandDrivenCluster();
        TestRelay relay = started(TestRelay.startIn(id -> cluster, "node", EXCLUSIVE));
        cluster.grant("main");
        awaitOpen(relay);
        TestCall publisher = relay.publish("live").opened();
        InetSocketAddress port = relay.listener();

        cluster.end("main", EndReason.STALLED).get(10, TimeUnit.SECONDS);

        assertThat(publisher.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        PortReservation.of(port).close();
    }

    @Test
    void nodeThatCannotOpenThePortGivesTheRoleToAnotherAndSaysSo() throws Exception {
        try (PortReservation taken = PortReservation.of(ANY)) {
            TestRelay blocked = started(TestRelay.startIn(
                    id -> first,
                    "first",
                    EXCLUSIVE,
                    "listeners[0].port=" + taken.address().getPort(),
                    "listeners[0].role.preferred=[first]"));
            TestRelay other = started(TestRelay.startIn(id -> second, "second", EXCLUSIVE));

            awaitOpen(other);

            other.publish("live").opened();
            assertThat(roleSockets(blocked)).isEmpty();
            assertThat(logged.lines())
                    .contains("role main: this node can't serve it: UDP port " + text(taken.address())
                            + " already in use; see by \"ss -ulpn\" which program has the port, and stop it. Another node"
                            + " may take it; this one tries again in 1 s");
        }
    }

    @Test
    void nodeWithoutOthersTriesAgainUntilThePortIsFree() throws Exception {
        TestRelay relay;
        try (PortReservation taken = PortReservation.of(ANY)) {
            relay = started(TestRelay.startIn(
                    id -> first,
                    "first",
                    EXCLUSIVE,
                    "listeners[0].port=" + taken.address().getPort()));
            await().until(() -> logged.lines().stream().anyMatch(line -> line.contains("can't serve it")));
        }

        awaitOpen(relay);
        relay.publish("live").opened();
    }

    @Test
    void floatingAddressIsBoundWhenItsCommandHasEnded() throws Exception {
        Path started = directory.resolve("started");
        Path go = directory.resolve("go");
        HandDrivenCluster cluster = new HandDrivenCluster();
        TestRelay relay = started(TestRelay.startIn(
                id -> cluster,
                "node",
                EXCLUSIVE,
                "listeners[0].role.address=127.0.0.3",
                command("echo $MILLRACE_EVENT $MILLRACE_ADDRESS $MILLRACE_EPOCH $MILLRACE_NODE >> " + started
                        + "; while [ ! -e " + go + " ]; do sleep 0.01; done")));

        cluster.grant("main");
        await().until(() -> Files.exists(started));
        assertThat(roleSockets(relay)).isEmpty();
        Files.createFile(go);
        awaitOpen(relay);

        assertThat(relay.listener().getAddress().getHostAddress()).isEqualTo("127.0.0.3");
        cluster.end("main", EndReason.HANDED_OVER).get(10, TimeUnit.SECONDS);
        assertThat(Files.readAllLines(started)).containsExactly("granted 127.0.0.3 1 node", "ended 127.0.0.3 1 node");
        assertThat(roleSockets(relay)).isEmpty();
    }

    @Test
    void grantThatEndsWhileItsCommandRunsOpensNothing() throws Exception {
        Path started = directory.resolve("started");
        HandDrivenCluster cluster = new HandDrivenCluster();
        TestRelay relay = started(TestRelay.startIn(
                id -> cluster,
                "node",
                EXCLUSIVE,
                "listeners[0].role.address=127.0.0.3",
                command("echo $MILLRACE_EVENT >> " + started + "; [ $MILLRACE_EVENT = ended ] || exec sleep 60")));
        cluster.grant("main");
        await().until(() -> Files.exists(started));

        cluster.end("main", EndReason.HANDED_OVER).get(4, TimeUnit.SECONDS);

        assertThat(Files.readAllLines(started)).containsExactly("granted", "ended");
        assertThat(roleSockets(relay)).isEmpty();
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void rolesAreAddedChangedAndRemovedByAReload() throws Exception {
        Path file = directory.resolve("millrace.yaml");
        Files.writeString(file, "listeners: [{name: main, host: 127.0.0.1, port: 0}]");
        TestRelay relay = started(TestRelay.startWith(file));
        TestCall onMain = relay.publish("live").opened();

        reload(relay, file, "{name: role, host: 127.0.0.1, port: 0, role: {exclusive: true}}");
        InetSocketAddress here = relay.listener(1);
        TestCall onRole = relay.caller(here).call(here, "#!::r=live").opened();

        reload(relay, file, "{name: role, host: 127.0.0.1, port: 0, role: {exclusive: true}, deny: [127.0.0.9]}");
        assertThat(relay.listener(1)).isEqualTo(here);
        assertThat(onRole.isOpen()).isTrue();

        reload(relay, file, "{name: role, host: 127.0.0.2, port: 0, role: {exclusive: true}}");
        assertThat(onRole.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        InetSocketAddress there = relay.listener(1);
        assertThat(there.getAddress().getHostAddress()).isEqualTo("127.0.0.2");
        onRole = relay.caller(there).call(there, "#!::r=live").opened();

        reload(relay, file, "{name: role, host: 127.0.0.2, port: 0}");
        assertThat(onRole.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        InetSocketAddress always = relay.listener(1);
        onRole = relay.caller(always).call(always, "#!::r=live").opened();

        reload(relay, file, "{name: role, host: 127.0.0.2, port: 0, role: {exclusive: true}}");
        assertThat(onRole.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        there = relay.listener(1);
        onRole = relay.caller(there).call(there, "#!::r=live").opened();

        reload(relay, file, "");
        assertThat(onRole.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        assertThat(roleSockets(relay))
                .allMatch(socket -> socket.getString("listener").equals("main"));
        assertThat(onMain.isOpen()).isTrue();
    }

    @Test
    void reloadWithAPortThatIsTakenLeavesTheRolesAsTheyWere() throws Exception {
        Path file = directory.resolve("millrace.yaml");
        Files.writeString(file, "listeners: [{name: main, host: 127.0.0.1, port: 0, role: {exclusive: true}}]");
        TestRelay relay = started(TestRelay.startWith(file));
        TestCall publisher = relay.publish("live").opened();

        try (PortReservation taken = PortReservation.of(ANY)) {
            Files.writeString(file, """
                    listeners:
                      - {name: main, host: 127.0.0.1, port: 0, role: {exclusive: true}}
                      - {name: second, host: 127.0.0.1, port: %d, role: {exclusive: true}}
                    """.formatted(taken.address().getPort()));

            assertThat(new JsonObject(post(relay)).getString("detail")).contains("listeners[1].port", "in use");
        }
        relay.request("live").opened();
        assertThat(publisher.isOpen()).isTrue();
        assertThat(relay.sockets())
                .allMatch(socket -> socket.getString("listener").equals("main"));
    }

    @Test
    void nodeThatIsPreferredByAReloadGetsAnIdleRole() throws Exception {
        Path file = directory.resolve("millrace.yaml");
        String text = """
                listeners: [{host: 127.0.0.1, port: 0, role: {exclusive: true, preferred: [%s]}}]
                cluster: {mode: host, secret: secret of the nodes}
                """;
        Files.writeString(file, text.formatted("first"));
        TestRelay owner = started(TestRelay.startIn(id -> first, file));
        awaitOpen(owner);
        TestRelay other =
                started(TestRelay.startIn(id -> second, "second", EXCLUSIVE, "listeners[0].role.preferred=[second]"));
        TestCall publisher = owner.publish("live").opened();

        Files.writeString(file, text.formatted("second"));
        post(owner);
        TestCall subscriber = owner.request("live").opened();
        assertThat(publisher.isOpen()).isTrue();

        subscriber.hangUp();
        publisher.hangUp();
        owner.awaitConnections(0);
        Files.writeString(file, text.formatted("second, first"));
        post(owner);

        awaitOpen(other);
        await().until(() -> roleSockets(owner).isEmpty());
    }

    /** Where the next owner of a role is on another machine. */
    private TestRelay startedOnItsOwnHost(HandDrivenCluster cluster) throws Exception {
        return started(TestRelay.startIn(
                id -> cluster,
                "node",
                EXCLUSIVE,
                "cluster.mode=static",
                "cluster.members=[127.0.0.1]",
                "cluster.mediaPort=" + freePort().getPort()));
    }

    private TestRelay started(TestRelay relay) {
        relays.add(relay);
        return relay;
    }

    private void reload(TestRelay relay, Path file, String second) throws IOException {
        String more = second.isEmpty() ? "" : ", " + second;
        Files.writeString(file, "listeners: [{name: main, host: 127.0.0.1, port: 0}" + more + "]");
        assertThat(new JsonObject(post(relay)).getJsonArray("needRestart")).isEmpty();
    }

    private static String post(TestRelay relay) {
        return relay.post("/api/v1/config/reload", "", "Content-Type", "application/json")
                .body();
    }

    private static String command(String script) {
        return "listeners[0].role.command=[sh, -c, \"" + script + "\"]";
    }

    private static JsonObject ready(TestRelay relay) {
        return new JsonObject(relay.get("/health/ready").body());
    }

    private static void awaitOpen(TestRelay relay) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> relay.listenerCount() > 0);
    }

    private static void awaitIgnored(TestRelay relay) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> relay.sockets().stream()
                        .anyMatch(socket -> socket.getJsonObject("discarded").getLong("UNEXPECTED_HANDSHAKE") > 0));
    }

    /** Without those that other nodes call. */
    private static List<JsonObject> roleSockets(TestRelay relay) {
        return relay.sockets().stream()
                .filter(socket -> !socket.getString("listener").startsWith("("))
                .toList();
    }

    private static InetSocketAddress freePort() throws Exception {
        try (PortReservation free = PortReservation.of(ANY)) {
            return free.address();
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
