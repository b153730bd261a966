package io.millrace.relay.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.millrace.kubernetes.ApiModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * An API server that keeps objects as the real one does, with resource versions, and the files of a service account for it.
 * Over TLS, since a pod has nothing else.
 */
final class MockApi implements AutoCloseable {
    static final String NAMESPACE = "live";
    static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/" + NAMESPACE + "/endpointslices";

    private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();
    private final Map<HttpMethod, Queue<Supplier<MockResponse>>> before = new HashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final KubernetesMockServer server;
    private final Path account;

    /** A request as the server got it. */
    record Asked(String method, String path, String authorization, String body) {}

    /** @param account directory for the account's files */
    MockApi(Path account) throws IOException {
        this.account = account;
        for (HttpMethod method : HttpMethod.values()) {
            before.put(method, new ConcurrentLinkedQueue<>());
        }
        MockWebServer web = new MockWebServer();
        server = new KubernetesMockServer(
                new Context(),
                web,
                new HashMap<>(),
                new Dispatcher() {
                    @Override
                    public MockResponse dispatch(RecordedRequest request) {
                        return answer(request);
                    }
                },
                true);
        server.init(InetAddress.getLoopbackAddress(), 0);
        Files.copy(Path.of(web.getSelfSignedCertificate().certificatePath()), account.resolve("ca.crt"));
        Files.writeString(account.resolve("namespace"), NAMESPACE);
        setToken("first");
    }

    void setToken(String token) throws IOException {
        Files.writeString(account.resolve("token"), token);
    }

    /** Of a process in a pod. */
    Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                "localhost",
                "KUBERNETES_SERVICE_PORT",
                String.valueOf(server.getPort()),
                "KUBERNETES_POD_NAME",
                "millrace-0",
                "KUBERNETES_NODE_NAME",
                "worker-7");
    }

    EndpointSlices client(Vertx vertx) {
        return EndpointSlices.inCluster(vertx, environment(), account).orElseThrow();
    }

    /** The next request of a method is answered with this instead; or as ever, after this has run, if it returns null. */
    void next(HttpMethod method, Supplier<MockResponse> instead) {
        before.get(method).add(instead);
    }

    void refuse(HttpMethod method, int status, String message) {
        String body = new JsonObject()
                .put("kind", "Status")
                .put("code", status)
                .put("message", message)
                .encode();
        next(method, () -> new MockResponse().setResponseCode(status).setBody(body));
    }

    private MockResponse answer(RecordedRequest request) {
        asked.add(new Asked(
                request.getMethod(),
                request.getPath(),
                request.getHeader("Authorization"),
                new String(request.getBody().getBytes(), UTF_8)));
        Supplier<MockResponse> instead = before.get(request.method()).poll();
        MockResponse answer = instead == null ? null : instead.get();
        return answer == null ? objects.dispatch(request) : answer;
    }

    /** What was asked so far. */
    List<Asked> asked() {
        return asked;
    }

    List<String> methods() {
        return asked.stream().map(Asked::method).toList();
    }

    /** As at the start: no objects, nothing asked. */
    void reset() throws IOException {
        objects.reset();
        asked.clear();
        before.values().forEach(Queue::clear);
        setToken("first");
    }

    /** The slice of a service as it is stored; null if there is none. */
    EndpointSlice slice(String service) {
        MockResponse stored = aside(HttpMethod.GET, SLICES + "/" + service + "-millrace", "");
        return stored.code() == 404
                ? null
                : (EndpointSlice) ApiModel.strictly(new String(stored.getBody().getBytes(), UTF_8));
    }

    /** What another pod does meanwhile. */
    void write(HttpMethod method, String path, JsonObject slice) {
        int status = aside(method, path, slice.encode()).code();
        if (status >= 300) {
            throw new AssertionError(method + " " + path + ": " + status);
        }
    }

    void delete(String service) {
        aside(HttpMethod.DELETE, SLICES + "/" + service + "-millrace", "");
    }

    private MockResponse aside(HttpMethod method, String path, String body) {
        return objects.dispatch(new RecordedRequest(
                "HTTP/1.1", method, path, Headers.builder().build(), new Buffer(body.getBytes(UTF_8))));
    }

    @Override
    public void close() {
        server.destroy();
    }
}
