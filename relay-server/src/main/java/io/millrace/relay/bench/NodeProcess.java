package io.millrace.relay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A relay as a process of its own, which can be ended in every way and started again. */
final class NodeProcess implements AutoCloseable {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
    private static final int SHOWN_LINES = 40;
    /** Little, and soon running: what a node does here is no load. */
    private static final List<String> JVM_OPTIONS =
            List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData");

    private final Place place;
    private final List<String> command = new ArrayList<>();
    private final Path log;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            // The other one would have a node that is just starting do more.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_TIMEOUT)
            .build();

    private @Nullable Process process;

    /**
     * Where a node is.
     *
     * @param id what it is called in the cluster
     * @param prefix command that the node's own is given to, such as one that leads into a namespace; empty for none
     * @param role where its exclusive listener is, when it has the role
     * @param own where its listener is that it always has
     * @param api where its API is
     */
    record Place(
            String id, List<String> prefix, InetSocketAddress role, InetSocketAddress own, InetSocketAddress api) {}

    /**
     * Starts nothing yet.
     *
     * @param classPath of the program
     * @param directory gets its configuration and its log
     * @param token of the API, which the configuration has too
     */
    NodeProcess(Place place, String classPath, Path directory, String configuration, String token) throws IOException {
        this.place = place;
        this.token = token;
        Path file = Files.writeString(directory.resolve(place.id() + ".yaml"), configuration);
        log = directory.resolve(place.id() + ".log");
        command.addAll(place.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", classPath, "io.millrace.relay.Main", "--config", file.toString()));
    }

    Place place() {
        return place;
    }

    void start() throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(new File("/dev/null"))
                .start();
    }

    /** Ends it at once, as the loss of its power would, but for the system, which says that its ports are closed. */
    void kill() {
        running().destroyForcibly();
        running().onExit().join();
    }

    /** Asks it to end. */
    void terminate() {
        running().destroy();
    }

    /** Has it stand still: it says nothing more, and nobody is told. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Has it go on. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Waits until it has ended; returns whether it has. */
    boolean awaitEnd(Duration timeout) throws InterruptedException {
        return running().waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    int exitCode() {
        return running().exitValue();
    }

    /** Whether callers may be sent there, as it says itself. */
    boolean isReady() throws InterruptedException {
        return get("/health/ready") != null;
    }

    /** Whether its exclusive listener is open. */
    boolean servesRole() throws InterruptedException {
        return list("/api/v1/listeners", "listener").contains(NodeCluster.ROLE);
    }

    /** The ids of the nodes that it knows; itself is one. */
    List<String> knownNodes() throws InterruptedException {
        return list("/api/v1/nodes", "id");
    }

    /** The answer's body; null unless it answers, and that with 200. */
    @Nullable
    String get(String path) throws InterruptedException {
        URI uri = URI.create("http://" + NodeCluster.text(place.api()) + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER_TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : null;
        } catch (IOException e) {
            return null;
        }
    }

    private List<String> list(String path, String key) throws InterruptedException {
        String body = get(path);
        try {
            return body == null
                    ? List.of()
                    : new JsonArray(body)
                            .stream()
                                    .map(element -> (JsonObject) element)
                                    .map(element -> element.getString(key))
                                    .toList();
        } catch (DecodeException e) {
            return List.of();
        }
    }

    /** All that it has written since its first start. */
    List<String> log() throws IOException {
        return Files.exists(log)
                ? new String(Files.readAllBytes(log), UTF_8).lines().toList()
                : List.of();
    }

    /** What it wrote last, for whoever looks for the reason of a failure. */
    String lastLines() throws IOException {
        List<String> lines = log();
        return place.id() + ":\n    "
                + String.join("\n    ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(running().pid()))
                .start()
                .waitFor();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(place.id() + " was not started");
        }
        return process;
    }
}
