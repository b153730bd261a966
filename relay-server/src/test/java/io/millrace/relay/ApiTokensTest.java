package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the API answers. */
@Timeout(60)
class ApiTokensTest {
    private static final String READ = "read-token-0123456789";
    private static final String OPERATE = "operate-token-0123456789";
    private static final String ADMIN = "admin-token-0123456789==";
    private static final String IDS = "/api/v1/ids";
    private static final String ID_ORDER = "{\"stream\":\"live\",\"action\":\"publish\"}";

    private static TestRelay relay;
    private static TestRelay withoutTokens;

    @BeforeAll
    static void start() {
        relay = TestRelay.start(
                "http.tokens[0].name=read",
                "http.tokens[0].token=" + READ,
                "http.tokens[1].name=operate",
                "http.tokens[1].token=" + OPERATE,
                "http.tokens[1].scope=operate",
                "http.tokens[2].name=admin",
                "http.tokens[2].token=" + ADMIN,
                "http.tokens[2].scope=admin");
        withoutTokens = TestRelay.start();
    }

    @AfterAll
    static void stop() {
        relay.close();
        withoutTokens.close();
    }

    @ParameterizedTest
    @CsvSource({
        "read,    GET,    /api/v1/streams,       200",
        "read,    GET,    /api/v1/bans,          200",
        "read,    POST,   /api/v1/ids,           403",
        "read,    DELETE, /api/v1/connections/1, 403",
        "read,    GET,    /api/v1/config,        403",
        "operate, GET,    /api/v1/streams,       200",
        "operate, POST,   /api/v1/ids,           201",
        "operate, DELETE, /api/v1/connections/1, 404",
        "operate, GET,    /api/v1/config,        403",
        "admin,   GET,    /api/v1/streams,       200",
        "admin,   POST,   /api/v1/ids,           201",
        "admin,   GET,    /api/v1/config,        200",
    })
    void scopeIncludesThoseBelow(String name, String method, String path, int status) {
        String body = method.equals("POST") ? ID_ORDER : null;

        HttpResponse<String> response = relay.send(
                method, path, body, "Authorization", "Bearer " + token(name), "Content-Type", "application/json");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    @Test
    void scopeThatIsMissingIsNamed() {
        HttpResponse<String> response = relay.send(
                "POST", IDS, ID_ORDER, "Authorization", "Bearer " + READ, "Content-Type", "application/json");

        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"millrace\", error=\"insufficient_scope\", scope=\"operate\"");
        assertProblem(
                response,
                403,
                "this takes scope operate, and the token of read has read; send another token, or raise its scope");
    }

    @Test
    void whoSendsNoTokenIsToldHow() {
        HttpResponse<String> response = relay.get("/api/v1/streams");

        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"millrace\"");
        assertProblem(response, 401, "send a token of http.tokens, as the header Authorization: Bearer TOKEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer " + READ + "0",
                "Bearer read-token-012345678",
                "Bearer ",
                "Bearer",
                "Basic " + READ,
                READ,
                "Bearer READ-TOKEN-0123456789",
                "Bearer " + READ + " " + READ
            })
    void wrongTokenIsRefused(String header) {
        assertThat(relay.send("GET", "/api/v1/streams", null, "Authorization", header)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void nameOfTheSchemeHasNoCase() {
        assertThat(relay.send("GET", "/api/v1/streams", null, "Authorization", "bearer " + READ)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void healthAndTheDocumentTakeNoToken() {
        for (String path : List.of("/health/live", "/health/ready", "/api", "/api/v1/openapi.json")) {
            assertThat(relay.get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void tokenOfAFileCountsAsTheFileIsNow(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "first-token-0123456789\n");
        try (TestRelay other = TestRelay.start(
                "http.tokens[0].name=a", "http.tokens[0].token=file:" + file, "http.tokens[0].scope=operate")) {
            assertThat(streams(other, "first-token-0123456789")).isEqualTo(200);

            Files.writeString(file, "another-token-0123456789-longer\n");

            assertThat(streams(other, "first-token-0123456789")).isEqualTo(401);
            assertThat(streams(other, "another-token-0123456789-longer")).isEqualTo(200);

            Files.writeString(file, "");

            assertThat(streams(other, "another-token-0123456789-longer")).isEqualTo(401);
            assertThat(other.send("GET", "/api/v1/streams", null, "Authorization", "Bearer ")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void bodyArrivesAlsoWhereTheTokenIsLookedUpFirst() {
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> response = relay.send(
                    "POST",
                    IDS,
                    ID_ORDER + " ".repeat(i * 300),
                    "Authorization",
                    "Bearer " + OPERATE,
                    "Content-Type",
                    "application/json");
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        }
    }

    @Test
    void whoChangesWhatIsLoggedAndWhoLooksIsNot() {
        try (LoggedLines log = new LoggedLines("io.millrace.relay.http.ApiGuard")) {
            String bearer = "Bearer " + OPERATE;
            relay.send("GET", "/api/v1/streams", null, "Authorization", bearer);
            relay.send("POST", IDS, ID_ORDER, "Authorization", bearer, "Content-Type", "application/json");
            relay.send("DELETE", "/api/v1/connections/7?banSeconds=9", null, "Authorization", bearer);
            relay.send("DELETE", "/api/v1/connections/7", null);

            assertThat(log.lines())
                    .containsExactly(
                            "POST /api/v1/ids by operate from 127.0.0.1: 201",
                            "DELETE /api/v1/connections/7 by operate from 127.0.0.1: 404");
        }
    }

    @Test
    void withoutTokensOnlyThisMachineIsAnswered() throws Exception {
        Optional<InetAddress> own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        assumeThat(own).as("an address of this machine that others could call").isPresent();
        try (TestRelay other = TestRelay.start("http.host=0.0.0.0")) {
            assertThat(other.get("/api/v1/streams").statusCode()).isEqualTo(200);
            String elsewhere = "http://" + own.get().getHostAddress() + ":" + other.httpPort();

            assertProblem(
                    get(elsewhere + "/api/v1/streams"),
                    403,
                    "without http.tokens only callers on this machine are answered; add a token to the configuration,"
                            + " and send it as the header Authorization: Bearer TOKEN");
            assertThat(get(elsewhere + "/api/v1/openapi.json").statusCode()).isEqualTo(403);
            assertThat(get(elsewhere + "/health/live").statusCode()).isEqualTo(200);
        }
        try (TestRelay other =
                TestRelay.start("http.host=0.0.0.0", "http.tokens[0].name=a", "http.tokens[0].token=" + READ)) {
            String elsewhere = "http://" + own.get().getHostAddress() + ":" + other.httpPort() + "/api/v1/streams";
            HttpRequest request = HttpRequest.newBuilder(URI.create(elsewhere))
                    .header("Authorization", "Bearer " + READ)
                    .build();

            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get(elsewhere).statusCode()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,              200",
        "LOCALHOST:8080,         200",
        "127.0.0.1:8080,         200",
        "127.8.8.8,              200",
        "[::1]:8080,             200",
        "rebound.example,        403",
        "rebound.example:8080,   403",
        "127.0.0.1.evil.example, 403",
        "localhost.evil.example, 403",
        "192.0.2.7:8080,         403",
    })
    void nameThatMayBeMadeToPointHereIsNotAnsweredWithoutTokens(String host, int status) throws Exception {
        assertThat(raw(withoutTokens, "GET /api/v1/streams HTTP/1.1\r\nHost: " + host))
                .startsWith("HTTP/1.1 " + status);
        assertThat(raw(relay, "GET /api/v1/streams HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + READ))
                .startsWith("HTTP/1.1 200");
    }

    private static String raw(TestRelay relay, String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", relay.httpPort())) {
            socket.getOutputStream()
                    .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int streams(TestRelay relay, String token) {
        return relay.send("GET", "/api/v1/streams", null, "Authorization", "Bearer " + token)
                .statusCode();
    }

    private static String token(String name) {
        return switch (name) {
            case "read" -> READ;
            case "operate" -> OPERATE;
            default -> ADMIN;
        };
    }

    private static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(response.body()).getString("detail")).isEqualTo(detail);
    }
}
