package io.millrace.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alert rules and the board that are shipped, against Prometheus' own tool and a relay that a stream runs through,
 * and another one that it takes from a second node.
 * Needs promtool of the Debian package prometheus.
 */
@Tag("untimed")
@Timeout(120)
class MonitoringIT {
    private static final Path ALERTS = Path.of("..", "conf", "prometheus", "alerts.yaml");
    private static final Path ALERTS_TEST = Path.of("..", "conf", "prometheus", "alerts-test.yaml");
    private static final Path BOARD = Path.of("..", "conf", "grafana", "millrace.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:millrace|vertx|jvm|process|system)_\\w+");

    private static final TestCluster CLUSTER = new TestCluster();

    private static TestRelay relay;
    private static Scrape scrape;

    @TempDir
    private Path directory;

    @BeforeAll
    static void scrapeARelayWithAStream() {
        relay = CLUSTER.start(
                "a",
                "listeners[1].name=backup",
                "listeners[1].host=127.0.0.1",
                "listeners[1].port=0",
                "listeners[1].role.exclusive=true");
        TestRelay other = CLUSTER.start("b");
        other.publish("far").opened().publish("payload", 0, 99);
        relay.request("far").opened();
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        publisher.publish("payload", 0, 99);
        subscriber.received(100);
        // Its metrics begin with the first pause.
        System.gc();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            scrape = Scrape.of(relay.get("/metrics").body());
            assertThat(scrape.names())
                    .contains("jvm_gc_pause_seconds_sum", "millrace_stream_rtt_seconds", "millrace_pull_lost_ratio");
            assertThat(scrape.all("millrace_stream_received_bytes_total", "stream", "live"))
                    .hasSize(1);
        });
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    @Test
    void metricsAreAsPrometheusWantsThem() throws Exception {
        Path text = Files.writeString(
                directory.resolve("metrics"), relay.get("/metrics").body());

        assertThat(promtool(text, "check", "metrics")).isEmpty();
    }

    @Test
    void alertRulesAreValid() throws Exception {
        assertThat(promtool(null, "check", "rules", ALERTS.toString())).contains("SUCCESS");
    }

    @Test
    void alertRulesFindWhatTheyShould() throws Exception {
        assertThat(promtool(null, "test", "rules", ALERTS_TEST.toString())).contains("SUCCESS");
    }

    @Test
    void everyAlertRuleIsTested() throws Exception {
        String tests = Files.readString(ALERTS_TEST);

        assertThat(new YAMLMapper().readTree(ALERTS.toFile()).findValuesAsText("alert"))
                .hasSizeGreaterThan(10)
                .allSatisfy(alert -> assertThat(tests).contains(alert));
    }

    @Test
    void everyMetricOfTheAlertRulesAndTheirTestsIsExported() throws Exception {
        assertThat(metrics(new YAMLMapper().readTree(ALERTS.toFile()).findValuesAsText("expr")))
                .isNotEmpty()
                .isSubsetOf(scrape.names());
        assertThat(metrics(new YAMLMapper().readTree(ALERTS_TEST.toFile()).findValuesAsText("series")))
                .isNotEmpty()
                .isSubsetOf(scrape.names());
    }

    @Test
    void everyMetricOfTheBoardIsExported() throws Exception {
        JsonNode board = new ObjectMapper().readTree(BOARD.toFile());
        List<String> queries = new ArrayList<>(board.findValuesAsText("expr"));
        board.findValues("query").forEach(query -> queries.add(query.asText()));

        assertThat(metrics(queries)).hasSizeGreaterThan(40).isSubsetOf(scrape.names());
    }

    private static Set<String> metrics(List<String> expressions) {
        Set<String> names = new TreeSet<>();
        for (String expression : expressions) {
            METRIC.matcher(expression).results().map(MatchResult::group).forEach(names::add);
        }
        return names;
    }

    /** What it says, if all is well. */
    private String promtool(Path input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        String said = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
