package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node says of the others. */
@Timeout(60)
@Tag("any-jdk")
class ClusterApiTest {
    private static final String[] ROLE = {
        "cluster.nodes=2",
        "listeners[1].name=main2",
        "listeners[1].host=127.0.0.1",
        "listeners[1].port=0",
        "listeners[1].role.exclusive=true"
    };

    private final TestCluster cluster = new TestCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nodeThatIsAloneIsAClusterOfOne() {
        try (TestRelay relay = TestRelay.start()) {
            relay.publish("live").opened();

            JsonObject json = new JsonObject(relay.get("/api/v1/cluster").body());

            assertThat(json.getMap())
                    .containsEntry("mode", "none")
                    .containsEntry("self", "local")
                    .containsEntry("configured", 1)
                    .containsEntry("quorum", 1)
                    .containsEntry("hasQuorum", true);
            assertThat(json.getJsonArray("nodes")).hasSize(1);
            assertThat(json.getJsonArray("streams"))
                    .containsExactly(new JsonObject()
                            .put("name", "live")
                            .put("node", "local")
                            .put("pulls", new JsonArray()));
            soon(() -> assertThat(node(relay, "local").getMap()).containsEntry("publishers", 1));
        }
    }

    @Test
    void everyNodeIsListedTheAskedOneFirst() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");

        List<JsonObject> nodes = list(b, "/api/v1/nodes");

        assertThat(nodes).extracting(node -> node.getString("id")).containsExactly("b", "a");
        assertThat(nodes).extracting(node -> node.getBoolean("self")).containsExactly(true, false);
        assertThat(nodes.get(0).fieldNames()).contains("version", "listeners", "heap", "srtAddress");
        assertThat(nodes.get(1).fieldNames())
                .contains("outBitRate", "srtAddress")
                .doesNotContain("heap", "listeners");
        assertThat(list(a, "/api/v1/nodes")).hasSize(2);
    }

    @Test
    void streamIsShownWithTheNodesThatTakeIt() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestRelay c = cluster.start("c");
        a.publish("live").opened().publish("payload", 0, 9);
        b.request("live").opened();

        soon(() -> {
            JsonObject stream = streams(c).get(0);
            assertThat(stream.getString("name")).isEqualTo("live");
            assertThat(stream.getString("node")).isEqualTo("a");
            assertThat(stream.getJsonArray("pulls")).singleElement().satisfies(pull -> {
                assertThat(((JsonObject) pull).getString("node")).isEqualTo("b");
                assertThat(((JsonObject) pull).getString("from")).isEqualTo("a");
                assertThat(((JsonObject) pull).getDouble("rttMillis")).isPositive();
                assertThat(((JsonObject) pull).getDouble("lostPercent")).isZero();
            });
        });
        soon(() -> {
            assertThat(node(c, "a").getMap())
                    .containsEntry("published", 1)
                    .containsEntry("served", 1)
                    .containsEntry("publishers", 1)
                    .containsEntry("subscribers", 0);
            assertThat(node(c, "b").getMap())
                    .containsEntry("published", 0)
                    .containsEntry("pulls", 1)
                    .containsEntry("publishers", 0)
                    .containsEntry("subscribers", 1);
        });
    }

    @Test
    void nodesStreamsSayWhereTheyComeFrom() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        a.publish("live").opened().publish("payload", 0, 9);
        b.request("live").opened();

        b.awaitStream("live", stream -> "a".equals(stream.getString("pulledFrom")));
        a.awaitStream("live", stream -> stream.getInteger("nodes") == 1);
        assertThat(a.streams().get(0).getValue("pulledFrom")).isNull();
        assertThat(b.streams().get(0).getInteger("nodes")).isZero();
    }

    @Test
    void streamOfAnotherNodeIsSentOverHttp() throws Exception {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        TestCall publisher = a.publish("live").opened();
        publisher.publish("early", 0, 0);

        try (InputStream body = watch(b, "live")) {
            publisher.publish("late", 0, 4);

            String expected = "late0late1late2late3late4";
            String got = new String(body.readNBytes(expected.length()), StandardCharsets.UTF_8);
            assertThat(got.replaceFirst("^early0", "") + new String(body.readNBytes(got.startsWith("early0") ? 6 : 0)))
                    .isEqualTo(expected);
            b.awaitStream(
                    "live", stream -> stream.getInteger("httpViewers") == 1 && stream.getInteger("subscribers") == 0);
        }
        assertThat(b.get("/api/v1/streams/none/live.ts").statusCode()).isEqualTo(404);
    }

    @Test
    void roleIsHandedOverToTheNodeThatIsNamed() throws Exception {
        TestRelay a = startWithRole("a");
        TestRelay b = startWithRole("b");
        soon(() -> assertThat(role(b).getString("owner")).isEqualTo("a"));
        long epoch = role(b).getLong("epoch");

        HttpResponse<String> answer = handOver(b, "{\"node\":\"b\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertDocumented(b, "/api/v1/roles/{name}/owner", "post", "202", answer);
        soon(() -> assertThat(role(a).getString("owner")).isEqualTo("b"));
        assertThat(role(a).getLong("epoch")).isGreaterThan(epoch);
        assertThat(node(a, "b").getJsonArray("roles")).containsExactly("main2");
    }

    @Test
    void roleIsNotHandedOverToWhoIsNotThere() {
        TestRelay a = startWithRole("a");
        startWithRole("b");
        soon(() -> assertThat(role(a).getString("owner")).isEqualTo("a"));

        assertProblem(handOver(a, "{\"node\":\"x\"}"), 409, "those that do: a, b");
        assertProblem(handOver(a, "{}"), 400, "\"node\" must be the id of a node");
        assertProblem(
                a.post("/api/v1/roles/main/owner", "{\"node\":\"b\"}", "Content-Type", "application/json"),
                404,
                "no listener of this name has an exclusive role");
        cluster.seenBy("b").nodes().draining(true);
        assertProblem(handOver(a, "{\"node\":\"b\"}"), 409, "those that do: a");
    }

    @Test
    void nodeThatIsGoneIsMissed() {
        TestRelay a = cluster.start("a", "cluster.nodes=2");
        cluster.start("b", "cluster.nodes=2");
        cluster.seenBy("b").leave();

        soon(() -> assertThat(clusterAt(a).getJsonArray("absent"))
                .singleElement()
                .satisfies(node -> {
                    assertThat(((JsonObject) node).getString("id")).isEqualTo("b");
                    assertThat(((JsonObject) node).getBoolean("drained")).isFalse();
                }));
    }

    @Test
    void whatIsAnsweredOfOtherNodesIsDocumented() throws Exception {
        TestRelay a = startWithRole("a");
        TestRelay b = startWithRole("b");
        a.publish("live").opened().publish("payload", 0, 9);
        b.request("live").opened();
        soon(() -> assertThat(streams(a).get(0).getJsonArray("pulls")).isNotEmpty());

        for (String path : List.of("/api/v1/cluster", "/api/v1/nodes", "/api/v1/roles", "/api/v1/streams")) {
            assertDocumented(b, path, "get", "200", b.get(path));
        }
    }

    @Test
    void metricsTellOfNodesRolesAndPulls() {
        TestRelay a = startWithRole("a");
        TestRelay b = startWithRole("b");
        a.publish("live").opened().publish("payload", 0, 9);
        b.request("live").opened();

        soon(() -> {
            Scrape scrape = Scrape.of(b.get("/metrics").body());
            assertThat(scrape.value("millrace_cluster_nodes")).isEqualTo(2);
            assertThat(scrape.value("millrace_cluster_nodes_configured")).isEqualTo(2);
            assertThat(scrape.value("millrace_cluster_quorum")).isEqualTo(1);
            assertThat(scrape.value("millrace_cluster_streams", "node", "a")).isEqualTo(1);
            assertThat(scrape.value("millrace_cluster_streams", "node", "b")).isZero();
            assertThat(scrape.value("millrace_streams", "state", "pulled")).isEqualTo(1);
            assertThat(scrape.value("millrace_streams", "state", "published")).isZero();
            assertThat(scrape.value("millrace_pulls", "from", "a")).isEqualTo(1);
            assertThat(scrape.value("millrace_pull_rtt_seconds", "from", "a")).isBetween(0.0, 1.0);
            assertThat(scrape.value("millrace_pull_lost_ratio", "from", "a")).isZero();
            assertThat(scrape.value("millrace_role_held", "role", "main2")).isZero();
            assertThat(scrape.value("millrace_role_epoch", "role", "main2")).isPositive();
            assertThat(scrape.value("millrace_connections", "role", "publisher", "peer", "node"))
                    .isEqualTo(1);
            assertThat(scrape.value("millrace_connections", "role", "publisher", "peer", "caller"))
                    .isZero();
            assertThat(scrape.value("millrace_connections", "role", "subscriber", "peer", "caller"))
                    .isEqualTo(1);
        });
        Scrape scrape = Scrape.of(a.get("/metrics").body());
        assertThat(scrape.value("millrace_pulls_served", "to", "b")).isEqualTo(1);
        assertThat(scrape.value("millrace_role_held", "role", "main2")).isEqualTo(1);
    }

    @Test
    void bansAndOneShotIdsHoldAtAllNodes() {
        TestRelay a = cluster.start("a");
        TestRelay b = cluster.start("b");
        String[] json = {"Content-Type", "application/json"};
        String streamId = new JsonObject(a.post("/api/v1/ids", "{\"stream\":\"live\",\"action\":\"publish\"}", json)
                        .body())
                .getString("streamId");

        b.caller().call(b.listener(), streamId).opened();
        assertThat(a.caller().call(a.listener(), streamId).refusal()).isEqualTo(2401);

        JsonObject ban = new JsonObject(a.post("/api/v1/bans", "{\"stream\":\"bad\",\"seconds\":60}", json)
                .body());
        assertThat(b.publish("bad").refusal()).isEqualTo(2403);
        assertThat(b.send("DELETE", "/api/v1/bans/" + ban.getInteger("id"), null)
                        .statusCode())
                .isEqualTo(200);
        a.publish("bad").opened();
    }

    /** A node whose second listener has an exclusive role. */
    private TestRelay startWithRole(String nodeId) {
        return cluster.start(nodeId, ROLE);
    }

    private static HttpResponse<String> handOver(TestRelay relay, String body) {
        return relay.post("/api/v1/roles/main2/owner", body, "Content-Type", "application/json");
    }

    private static JsonObject role(TestRelay relay) {
        return list(relay, "/api/v1/roles").get(0);
    }

    private static JsonObject clusterAt(TestRelay relay) {
        return new JsonObject(relay.get("/api/v1/cluster").body());
    }

    private static List<JsonObject> streams(TestRelay relay) {
        return clusterAt(relay).getJsonArray("streams").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static JsonObject node(TestRelay relay, String nodeId) {
        return clusterAt(relay).getJsonArray("nodes").stream()
                .map(JsonObject.class::cast)
                .filter(node -> node.getString("id").equals(nodeId))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonObject> list(TestRelay relay, String path) {
        return new JsonArray(relay.get(path).body())
                .stream().map(JsonObject.class::cast).toList();
    }

    private static InputStream watch(TestRelay relay, String stream) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(relay.url("/api/v1/streams/" + stream + "/live.ts")))
                .build();
        HttpResponse<InputStream> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("detail")).contains(words);
    }

    private static void assertDocumented(
            TestRelay relay, String path, String method, String status, HttpResponse<String> answer)
            throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode document = json.readTree(relay.get("/api/v1/openapi.json").body());
        JsonNode schema = document.get("paths")
                .path(path)
                .path(method)
                .path("responses")
                .path(status)
                .path("content")
                .path("application/json")
                .path("schema");
        assertThat(DocumentedShape.faults(document, schema, json.readTree(answer.body())))
                .as(path)
                .isEmpty();
    }

    private static void soon(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(assertion);
    }
}
