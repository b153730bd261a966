package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.net.PortReservation;
import io.millrace.srt.connection.CloseReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@Tag("any-jdk")
class RelayReloadTest {
    @TempDir
    Path directory;

    private Path file;
    private TestRelay relay;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("millrace.yaml");
        write("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                """);
        relay = TestRelay.startWith(file);
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void rulesApplyToNewCallersAndLeaveOthersConnected() throws IOException {
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();

        JsonObject outcome = reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                access:
                  otherwise: deny
                  rules:
                    - {name: viewers, action: request, stream: live}
                """);

        assertThat(outcome)
                .isEqualTo(new JsonObject()
                        .put("changed", new JsonArray().add("access.otherwise").add("access.rules"))
                        .put("needRestart", new JsonArray()));
        assertThat(relay.publish("other").refusal()).isEqualTo(2403);
        relay.request("live").opened();
        publisher.publish("payload", 0, 9);
        assertThat(subscriber.texts(10)).hasSize(10).endsWith("payload9");
    }

    @Test
    void fileThatChangesIsReadByItself() throws IOException {
        relay.publish("before").opened();

        write("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                access: {otherwise: deny}
                """);

        await().until(() -> relay.publish("after").refusedOrOpen() == 2403);
    }

    @Test
    void fileBehindALinkThatIsPointedElsewhereIsReadByItself() throws IOException {
        // As Kubernetes mounts a ConfigMap: the file is a link through a directory that is a link.
        Path mounted = directory.resolve("mounted");
        Files.createDirectory(mounted);
        Path link = mounted.resolve("..data");
        Files.createSymbolicLink(link, version("1", "allow"));
        Path config = mounted.resolve("millrace.yaml");
        Files.createSymbolicLink(config, link.resolve("millrace.yaml"));
        try (TestRelay onKubernetes = TestRelay.startWith(config)) {
            onKubernetes.publish("before").opened();

            Path next = mounted.resolve("..data_tmp");
            Files.createSymbolicLink(next, version("2", "deny"));
            Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);

            await().until(() -> onKubernetes.publish("after").refusedOrOpen() == 2403);
        }
    }

    @Test
    void listenersAreAddedAndRemovedWithoutTouchingOthers() throws IOException {
        TestCall onMain = relay.publish("live").opened();

        JsonObject added = reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                  - {name: second, host: 127.0.0.1, port: 0}
                """);
        assertThat(added.getJsonArray("changed")).containsExactly("listeners");
        InetSocketAddress second = relay.listener(1);
        TestCall onSecond = relay.caller(second).call(second, "#!::r=live").opened();
        assertThat(relay.get("/health/ready").body()).contains("second");

        reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                """);

        assertThat(onSecond.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        assertThat(onMain.isOpen()).isTrue();
        relay.request("live").opened();
        assertThat(relay.sockets())
                .allMatch(socket -> socket.getString("listener").equals("main"));
    }

    @Test
    void listenerThatMovesToAnotherAddressIsOpenedThere() throws IOException {
        TestCall old = relay.publish("live").opened();

        reload("""
                listeners:
                  - {name: main, host: 127.0.0.2, port: 0}
                """);

        assertThat(old.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
        assertThat(relay.listener().getAddress().getHostAddress()).isEqualTo("127.0.0.2");
        relay.publish("live").opened();
    }

    @Test
    void listenerThatIsRenamedMakesRoomForItself() throws Exception {
        int port;
        try (PortReservation free = PortReservation.of(new InetSocketAddress("127.0.0.1", 0))) {
            port = free.address().getPort();
        }
        write("listeners: [{name: main, host: 127.0.0.1, port: " + port + "}]");
        try (TestRelay fixed = TestRelay.startWith(file)) {
            write("listeners: [{name: renamed, host: 127.0.0.1, port: " + port + "}]");

            assertThat(post(fixed).statusCode()).isEqualTo(200);

            fixed.publish("live").opened();
            assertThat(fixed.sockets())
                    .allMatch(socket -> socket.getString("listener").equals("renamed"));
        }
    }

    @Test
    void listenersPassphraseAndAddressesApplyToNewCallers() throws IOException {
        TestCall clear = relay.publish("clear").opened();

        reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0, passphrase: "correct horse"}
                """);
        assertThat(relay.publish("other").refusal()).isEqualTo(1011);
        relay.call("#!::r=other,m=publish", "correct horse").opened();

        reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0, deny: [127.0.0.1]}
                """);
        TestCall denied = relay.publish("denied");
        await().until(() -> relay.sockets().stream()
                .anyMatch(socket -> socket.getJsonObject("discarded").getLong("DENIED_ADDRESS") > 0));
        assertThat(denied.isDecided()).isFalse();
        assertThat(clear.isOpen()).isTrue();
    }

    @Test
    void limitsApplyToNewCallers() throws IOException {
        TestCall first = relay.publish("live").opened();
        TestCall second = relay.request("live").opened();

        reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                limits: {connections: 1}
                """);

        assertThat(relay.request("live").refusal()).isEqualTo(2402);
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void streamsGoByTheirNewSettings() throws IOException {
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();

        reload("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                streams: {publisherGraceMillis: 0}
                """);
        publisher.hangUp();

        assertThat(subscriber.ended()).isEqualTo(CloseReason.PEER_SHUTDOWN);
    }

    @Test
    void fileWithErrorsChangesNothingAndSaysWhy() throws IOException {
        write("""
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                access: {otherwise: perhaps}
                limits: {connections: 0}
                """);

        HttpResponse<String> answer = post(relay);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(new JsonObject(answer.body()).getString("detail"))
                .contains("millrace.yaml:3: access.otherwise: found perhaps; allowed: ")
                .contains("millrace.yaml:4: limits.connections: found 0; allowed: ");
        relay.publish("live").opened();
    }

    @Test
    void listenerThatCannotBeOpenedLeavesEverythingAsItWas() throws Exception {
        TestCall publisher = relay.publish("live").opened();
        try (PortReservation taken = PortReservation.of(new InetSocketAddress("127.0.0.1", 0))) {
            write("""
                    listeners:
                      - {name: other, host: 127.0.0.1, port: 0}
                      - {name: second, host: 127.0.0.1, port: %d}
                    access: {otherwise: deny}
                    """.formatted(taken.address().getPort()));

            HttpResponse<String> answer = post(relay);

            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(new JsonObject(answer.body()).getString("detail")).contains("listeners[1].port", "in use");
        }
        relay.request("live").opened();
        assertThat(publisher.isOpen()).isTrue();
        assertThat(relay.sockets())
                .allMatch(socket -> socket.getString("listener").equals("main"));
    }

    @Test
    void whatNeedsARestartIsNamedUntilThereIsOne() throws IOException {
        String changed = """
                listeners:
                  - {name: main, host: 127.0.0.1, port: 0}
                transport: {eventLoops: 7}
                limits: {historyMebibytes: 1}
                """;

        assertThat(reload(changed))
                .isEqualTo(new JsonObject()
                        .put("changed", new JsonArray())
                        .put(
                                "needRestart",
                                new JsonArray().add("limits.historyMebibytes").add("transport.eventLoops")));
        assertThat(reload(changed).getJsonArray("needRestart"))
                .containsExactly("limits.historyMebibytes", "transport.eventLoops");
    }

    private JsonObject reload(String yaml) throws IOException {
        write(yaml);
        HttpResponse<String> answer = post(relay);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static HttpResponse<String> post(TestRelay relay) {
        return relay.post("/api/v1/config/reload", "", "Content-Type", "application/json");
    }

    private Path version(String name, String otherwise) throws IOException {
        Path version = Files.createDirectory(directory.resolve(name));
        Files.writeString(
                version.resolve("millrace.yaml"),
                "listeners: [{name: main, host: 127.0.0.1, port: 0}]\naccess: {otherwise: " + otherwise + "}\n");
        return version;
    }

    private void write(String yaml) throws IOException {
        Files.writeString(file, yaml);
    }
}
