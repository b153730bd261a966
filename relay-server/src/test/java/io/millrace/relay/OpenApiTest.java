package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.relay.http.DeclaredRoute;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The document of the API and the API say the same. */
@Timeout(60)
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete", "head", "options");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRelay relay;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        relay = TestRelay.start(
                "http.compatibility[0]=sls",
                "http.compatibility[1]=openirl",
                "http.compatibility[2]=belabox",
                "http.compatibility[3]=nimble");
        document = JSON.readTree(relay.get("/api/v1/openapi.json").body());
        relay.publish("live/cam1").opened().publish("payload", 0, 9);
        relay.request("live/cam1").opened();
        relay.request("nobody").refusal();
        relay.post("/api/v1/bans", "{\"user\":\"x\",\"seconds\":60}", "Content-Type", "application/json");
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void everyRouteIsDocumented() {
        assertThat(DeclaredRoute.of(relay.http()).stream().map(DeclaredRoute::operation))
                .as("routes that are missing in openapi.yaml")
                .isSubsetOf(operations().keySet());
    }

    @Test
    void everyDocumentedOperationHasARoute() {
        assertThat(operations().keySet())
                .as("operations of openapi.yaml without a route")
                .isSubsetOf(DeclaredRoute.of(relay.http()).stream()
                        .map(DeclaredRoute::operation)
                        .toList());
    }

    @Test
    void scopeOfEachRouteIsTheDocumentedOne() {
        for (DeclaredRoute route : DeclaredRoute.of(relay.http())) {
            JsonNode operation = operations().get(route.operation());
            if (operation == null) {
                continue;
            }
            if (route.scope() == null) {
                assertThat(operation.path("security")).as(route.operation()).hasToString("[]");
            } else {
                assertThat(operation.path("x-scope").asText())
                        .as(route.operation())
                        .isEqualTo(route.scope());
                assertThat(operation.has("security")).as(route.operation()).isFalse();
            }
        }
    }

    @Test
    void onlyHealthThePagesAndTheDocumentTakeNoScope() {
        assertThat(DeclaredRoute.of(relay.http()).stream()
                        .filter(route -> route.scope() == null)
                        .map(DeclaredRoute::operation))
                .containsExactlyInAnyOrder(
                        "GET /health/live",
                        "GET /health/ready",
                        "GET /",
                        "GET /api",
                        "GET /api/page/api.js",
                        "GET /api/page/api.css",
                        "GET /api/v1/openapi.json",
                        "GET /api/v1/openapi.yaml");
    }

    @Test
    void everyReferenceOfTheDocumentLeadsSomewhere() {
        List<String> references = document.findValuesAsText("$ref");

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void everyOperationHasItsOwnIdASummaryAndATagOfTheDocument() {
        Set<String> tags = new TreeSet<>(document.get("tags").findValuesAsText("name"));
        List<String> ids = new ArrayList<>();
        operations().forEach((name, operation) -> {
            ids.add(operation.path("operationId").asText());
            assertThat(operation.path("summary").asText()).as(name).isNotBlank();
            assertThat(operation.path("tags")).as(name).hasSize(1);
            assertThat(tags).as(name).contains(operation.path("tags").get(0).asText());
        });

        assertThat(ids).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void yamlAndJsonSayTheSame() throws Exception {
        HttpResponse<String> yaml = relay.get("/api/v1/openapi.yaml");

        assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(JSON.readTree(JSON.writeValueAsString(new YAMLMapper().readValue(yaml.body(), Object.class))))
                .isEqualTo(document);
        assertThat(document.get("openapi").asText()).isEqualTo("3.1.0");
    }

    static Stream<String> operationsThatAnswerJsonWithoutParameters() {
        return operations().entrySet().stream()
                .filter(operation -> operation.getKey().startsWith("GET ")
                        && !operation.getKey().contains("{")
                        && operation.getValue().at("/responses/200/content").has("application/json"))
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("operationsThatAnswerJsonWithoutParameters")
    void whatIsAnsweredIsWhatIsDocumented(String operation) throws Exception {
        if (operation.equals("GET /api/v1/openapi.json")) {
            return;
        }
        assertDocumented(operation, "200", relay.get(operation.substring("GET ".length())));
    }

    @Test
    void whatBelongsToOneThingIsAnsweredAsDocumented() throws Exception {
        long id = relay.connections().get(0).getLong("id");
        String json = "application/json";

        assertDocumented("GET /api/v1/streams/{name}", "200", relay.get("/api/v1/streams/live%2Fcam1"));
        assertDocumented("GET /api/v1/streams/{name}/ts", "200", relay.get("/api/v1/streams/live%2Fcam1/ts"));
        assertDocumented("GET /api/v1/connections/{id}", "200", relay.get("/api/v1/connections/" + id));
        assertDocumented(
                "PATCH /api/v1/connections/{id}",
                "200",
                relay.send("PATCH", "/api/v1/connections/" + id, "{\"label\":\"a\"}", "Content-Type", json));
        for (String what : List.of("statistics", "history")) {
            assertDocumented(
                    "GET /api/v1/connections/{id}/" + what, "200", relay.get("/api/v1/connections/" + id + "/" + what));
        }
        assertDocumented(
                "POST /api/v1/connections/{id}/mark",
                "200",
                relay.send("POST", "/api/v1/connections/" + id + "/mark", null));
        await().untilAsserted(() -> assertDocumented(
                "GET /api/v1/streams/{name}/history", "200", relay.get("/api/v1/streams/live%2Fcam1/history")));
        assertDocumented(
                "POST /api/v1/streams/{name}/mark",
                "200",
                relay.send("POST", "/api/v1/streams/live%2Fcam1/mark", null));
        for (String query : List.of("", "?legacy=1")) {
            assertDocumented("GET /stats/{stream}", "200", relay.get("/stats/live%2Fcam1" + query));
            assertDocumented("GET /stats/{stream}", "200", relay.get("/stats/none" + query));
        }
        HttpResponse<String> ban =
                relay.post("/api/v1/bans", "{\"address\":\"192.0.2.0/24\",\"seconds\":9}", "Content-Type", json);
        assertDocumented("POST /api/v1/bans", "201", ban);
        assertDocumented(
                "DELETE /api/v1/bans/{id}",
                "200",
                relay.send("DELETE", "/api/v1/bans/" + JSON.readTree(ban.body()).get("id"), null));
        assertDocumented(
                "POST /api/v1/ids",
                "201",
                relay.post("/api/v1/ids", "{\"stream\":\"a\",\"action\":\"publish\"}", "Content-Type", json));
    }

    @Test
    void whatIsKickedIsAnsweredAsDocumented() throws Exception {
        try (TestRelay other = TestRelay.start()) {
            other.publish("live").opened();
            assertDocumented(
                    "DELETE /api/v1/streams/{name}/publisher",
                    "200",
                    other.send("DELETE", "/api/v1/streams/live/publisher", null));
            other.awaitConnections(0);
            other.publish("next").opened();
            long id = other.connections().get(0).getLong("id");
            assertDocumented(
                    "DELETE /api/v1/connections/{id}",
                    "200",
                    other.send("DELETE", "/api/v1/connections/" + id + "?banSeconds=5", null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/streams/none", "/api/v1/connections/99999", "/api/v1/attempts?limit=0"})
    void problemIsAnsweredAsDocumented(String path) throws Exception {
        HttpResponse<String> response = relay.get(path);

        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(DocumentedShape.faults(
                        document, document.at("/components/schemas/Problem"), JSON.readTree(response.body())))
                .isEmpty();
    }

    @Test
    void listsThatAreComparedHaveEntries() {
        for (String path : List.of("streams", "connections", "listeners", "loops", "attempts", "bans", "nodes")) {
            await().untilAsserted(() -> assertThat(
                            JSON.readTree(relay.get("/api/v1/" + path).body()))
                    .as(path)
                    .isNotEmpty());
        }
    }

    @Test
    void pageLoadsOnlyWhatTheRelayServes() {
        HttpResponse<String> page = relay.get("/api");

        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .doesNotContain("http:", "https:", "<style", " style=", " onclick=", "javascript:")
                .doesNotContainPattern("<script[^>]*>[^<]");
        assertThat(relay.get("/api/page/api.js").headers().firstValue("Content-Type"))
                .contains("text/javascript; charset=utf-8");
        assertThat(relay.get("/api/page/api.js").body()).doesNotContain("innerHTML", "http://", "https://", "eval");
        assertThat(relay.get("/api/page/api.css").headers().firstValue("Content-Type"))
                .contains("text/css; charset=utf-8");
        assertThat(relay.get("/api/page/api.css").body()).doesNotContain("url(", "@import");
    }

    private static void assertDocumented(String operation, String status, HttpResponse<String> response)
            throws Exception {
        assertThat(response.statusCode()).as(response.body()).hasToString(status);
        JsonNode schema = operations()
                .get(operation)
                .path("responses")
                .path(status)
                .path("content")
                .path("application/json")
                .path("schema");
        assertThat(DocumentedShape.faults(document, schema, JSON.readTree(response.body())))
                .as(operation)
                .isEmpty();
    }

    /** The document's operations by method and path. */
    private static Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new HashMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(member -> {
                    if (METHODS.contains(member.getKey())) {
                        operations.put(
                                member.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), member.getValue());
                    }
                }));
        return operations;
    }
}
