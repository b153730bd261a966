package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.NodeIdentity;
import io.millrace.relay.http.HttpVerticle;
import io.millrace.relay.listener.ListenerSupervisor;
import io.millrace.relay.listener.SocketSurgery;
import io.millrace.relay.net.UdpBindException;
import io.millrace.relay.role.Membership;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** A relay in this process on ports that are free, and its callers. */
public final class TestRelay implements AutoCloseable {
    private final RelayServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<TestCaller> callers = new CopyOnWriteArrayList<>();

    private TestRelay(RelayServer server) {
        this.server = server;
    }

    /** On 127.0.0.1 unless the settings say otherwise. */
    public static TestRelay start(String... settings) {
        return start(false, settings);
    }

    /** A node of a cluster. */
    static TestRelay startIn(Function<NodeIdentity, Cluster> cluster, String nodeId, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "listeners[0].host=127.0.0.1",
                "cluster.mode=host",
                "cluster.nodeId=" + nodeId,
                "cluster.secret=correct horse battery"));
        all.addAll(List.of(settings));
        return startIn(cluster, TestConfig.launch(false, all.toArray(String[]::new)));
    }

    /** A node of a cluster, by a file, which says where the listeners are. */
    static TestRelay startIn(Function<NodeIdentity, Cluster> cluster, Path file) {
        return startIn(cluster, TestConfig.launch(file));
    }

    private static TestRelay startIn(Function<NodeIdentity, Cluster> cluster, LaunchOptions options) {
        try {
            return new TestRelay(RelayServer.start(options, Membership.in(cluster, options.config())));
        } catch (RelayServer.StartException | UdpBindException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By a file, which says where the listeners are. */
    static TestRelay startWith(Path file) {
        return start(TestConfig.launch(file));
    }

    /** With the stream "demo", which is being published unless the API asks for a token, which hides that. */
    public static TestRelay startWithDemo(String... settings) {
        TestRelay relay = start(true, settings);
        if (relay.get("/api/v1/streams").statusCode() == 200) {
            relay.awaitPublished("demo");
        }
        return relay;
    }

    private static TestRelay start(boolean demo, String... settings) {
        List<String> all = new ArrayList<>(List.of("listeners[0].host=127.0.0.1"));
        all.addAll(List.of(settings));
        return start(TestConfig.launch(demo, all.toArray(String[]::new)));
    }

    private static TestRelay start(LaunchOptions options) {
        try {
            return new TestRelay(RelayServer.start(options));
        } catch (RelayServer.StartException e) {
            throw new IllegalStateException(e);
        }
    }

    public InetSocketAddress listener() {
        return listener(0);
    }

    InetSocketAddress listener(int index) {
        return server.listenerAddresses().get(index);
    }

    /** What opens and closes its listeners. */
    ListenerSupervisor listeners() {
        return server.listeners();
    }

    /** How many listeners are open. */
    int listenerCount() {
        return server.listenerAddresses().size();
    }

    /** The first listener's sockets for one of its local addresses, on each loop, to be cut into. */
    List<SocketSurgery> loops(InetSocketAddress local) {
        return SocketSurgery.onLoops(server.listeners(), local);
    }

    /** What the API shows of each open socket. */
    List<JsonObject> sockets() {
        return list("/api/v1/listeners");
    }

    /** A caller with an address of its own. */
    TestCaller caller() {
        return caller(listener());
    }

    TestCaller caller(InetSocketAddress listener) {
        TestCaller caller = TestCaller.towards(listener);
        callers.add(caller);
        return caller;
    }

    /** A caller with an address of its own, on another one of this machine's addresses. */
    TestCaller callerFrom(String address) {
        TestCaller caller = TestCaller.from(address);
        callers.add(caller);
        return caller;
    }

    public TestCall call(String streamId) {
        return caller().call(listener(), streamId);
    }

    TestCall call(String streamId, String passphrase) {
        return caller().call(listener(), streamId, passphrase);
    }

    public TestCall publish(String stream) {
        return call("#!::r=" + stream + ",m=publish");
    }

    public TestCall request(String stream) {
        return call("#!::r=" + stream);
    }

    public int httpPort() {
        return server.httpAddress().getPort();
    }

    /** Where the API serves a path. */
    public String url(String path) {
        return "http://127.0.0.1:" + httpPort() + path;
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(url(path))));
    }

    /** @param headers names and values in turn */
    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url(path))).POST(HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /**
     * @param body null for none
     * @param headers names and values in turn
     */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** The side that serves the API. */
    HttpVerticle http() {
        return server.http();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    public List<JsonObject> streams() {
        return list("/api/v1/streams");
    }

    public List<JsonObject> connections() {
        return list("/api/v1/connections");
    }

    /** What the attempt log has, newest first; the query may be empty. */
    List<JsonObject> attempts(String query) {
        return list("/api/v1/attempts" + query);
    }

    /** Waits until the API shows a stream like this. */
    public void awaitStream(String name, Predicate<JsonObject> like) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> streams().stream()
                        .anyMatch(stream -> stream.getString("name").equals(name) && like.test(stream)));
    }

    /** Waits until somebody publishes a stream. */
    public void awaitPublished(String name) {
        awaitStream(name, stream -> stream.getString("publisher") != null);
    }

    /** Waits until nobody publishes a stream that is still there. */
    void awaitWithoutPublisher(String name) {
        awaitStream(name, stream -> stream.getValue("publisher") == null);
    }

    /** Waits until there are so many connections. */
    public void awaitConnections(int count) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> connections().size() == count);
    }

    private List<JsonObject> list(String path) {
        return new JsonArray(get(path).body())
                .stream().map(JsonObject.class::cast).toList();
    }

    /** Begins to send its callers away. */
    void drain() {
        assertThat(send("POST", "/api/v1/drain", null).statusCode()).isEqualTo(202);
    }

    /** Stops the relay while its callers are there. */
    public void stopServer() {
        server.close();
    }

    @Override
    public void close() {
        callers.forEach(TestCaller::close);
        server.close();
    }
}
