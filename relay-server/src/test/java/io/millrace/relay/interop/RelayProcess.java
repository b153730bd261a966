package io.millrace.relay.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged relay as a process of its own, on ports of 127.0.0.1 that were free. */
final class RelayProcess implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern SRT_PORT = Pattern.compile(" 127\\.0\\.0\\.1:(\\d+)/udp");
    private static final Pattern HTTP_PORT = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");
    /** In the first line of the table that follows the listeners' lines. */
    private static final String STARTED = "/api/v1/streams";

    private final ProgramProcess process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final URI api;

    private RelayProcess(ProgramProcess process) {
        this.process = process;
        process.awaitConnected(START_TIMEOUT);
        port = found(SRT_PORT);
        api = URI.create("http://127.0.0.1:" + found(HTTP_PORT) + "/api/v1/");
    }

    /** @param settings for {@code --set} */
    static RelayProcess start(String... settings) {
        List<String> options = new ArrayList<>();
        for (String setting : settings) {
            options.addAll(List.of("--set", setting));
        }
        return startWith(options);
    }

    /** @param configuration a file */
    static RelayProcess start(Path configuration) {
        return startWith(List.of("--config", configuration.toString()));
    }

    private static RelayProcess startWith(List<String> options) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("env", "JAVA_HOME=" + System.getProperty("java.home")));
        command.addAll(List.of("MILLRACE_JAR=" + System.getProperty("millrace.jar"), "bin/millrace"));
        command.addAll(List.of("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"));
        command.addAll(options);
        ProgramProcess process = ProgramProcess.start(command, "none, it is ours", Redirect.PIPE, STARTED);
        try {
            return new RelayProcess(process);
        } catch (AssertionError e) {
            process.close();
            throw e;
        }
    }

    /** Where callers reach it. */
    int port() {
        return port;
    }

    /** A publisher's address; the port is that of the relay or of a proxy before it. */
    static SrtAddress publishing(int port, String stream, int latencyMillis) {
        return SrtAddress.caller(port, "#!::r=" + stream + ",m=publish", latencyMillis);
    }

    /** A subscriber's address; the port is that of the relay or of a proxy before it. */
    static SrtAddress requesting(int port, String stream, int latencyMillis) {
        return SrtAddress.caller(port, "#!::r=" + stream, latencyMillis);
    }

    /** Waits until a stream has this many subscribers. */
    void awaitSubscribers(String stream, int number) {
        await().atMost(ANSWER_TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> connections(stream, "subscriber").size() == number);
    }

    /** The only publisher of a stream, as the API shows it. */
    JsonObject publisher(String stream) {
        List<JsonObject> publishers = connections(stream, "publisher");
        if (publishers.size() != 1) {
            throw process.failure("has " + publishers.size() + " publishers of " + stream);
        }
        return publishers.get(0);
    }

    /** The subscribers of a stream, as the API shows them, in the order in which they came. */
    List<JsonObject> subscribers(String stream) {
        return connections(stream, "subscriber");
    }

    /** Waits until an attempt on a stream was refused for this reason, so many times. */
    void awaitRefusals(String stream, String reason, int number) {
        await().atMost(ANSWER_TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() ->
                        assertThat(refusals(stream, reason)).as(lastMessages()).isEqualTo(number));
    }

    private int refusals(String stream, String reason) {
        return get("attempts").stream()
                .map(JsonObject.class::cast)
                .filter(attempt -> stream.equals(attempt.getString("stream")))
                .filter(attempt -> reason.equals(attempt.getString("reason")))
                .mapToInt(attempt -> attempt.getInteger("count"))
                .sum();
    }

    /** Asks it to end, as Ctrl+C or a service manager does, and returns its exit code. */
    int terminate(Duration timeout) {
        process.terminate();
        return process.awaitExit(timeout);
    }

    /** What it wrote last: its log. */
    String lastMessages() {
        return process.lastMessages();
    }

    @Override
    public void close() {
        process.close();
    }

    /** Waits until a place is known in a stream at which a decoder may begin. */
    void awaitRandomAccess(String stream) {
        await().atMost(ANSWER_TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> body("streams/" + stream + "/ts").contains("\"randomAccess\":{"));
    }

    private List<JsonObject> connections(String stream, String role) {
        List<JsonObject> found = new ArrayList<>();
        for (Object element : get("connections")) {
            JsonObject connection = (JsonObject) element;
            if (connection.getString("stream").equals(stream)
                    && connection.getString("role").equals(role)) {
                found.add(connection);
            }
        }
        return found;
    }

    private JsonArray get(String resource) {
        return new JsonArray(body(resource));
    }

    private String body(String resource) {
        try {
            HttpRequest request = HttpRequest.newBuilder(api.resolve(resource))
                    .timeout(ANSWER_TIMEOUT)
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw process.failure("was asked when the test was interrupted");
        }
    }

    private int found(Pattern pattern) {
        Matcher matcher = pattern.matcher(process.lastMessages());
        if (!matcher.find()) {
            throw process.failure("did not say " + pattern);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
