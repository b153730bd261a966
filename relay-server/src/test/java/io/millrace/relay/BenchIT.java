package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged load generator against the packaged relay. */
@Timeout(120)
class BenchIT {
    @Test
    void everythingArrivesOverACleanNetwork() throws Exception {
        JsonObject report = measure("--subscribers", "5", "--streams", "2");

        assertNothingIsMissing(report, 10);
        assertThat(report.getJsonObject("impairment")).isNull();
    }

    @Test
    void everythingArrivesOverABadNetworkByRetransmissions() throws Exception {
        JsonObject report = measure("--subscribers", "5", "--loss", "2", "--delay", "50", "--latency", "400");

        assertNothingIsMissing(report, 5);
        assertThat(report.getJsonObject("payloads").getLong("retransmittedPackets"))
                .isPositive();
        assertThat(report.getJsonObject("impairment").getLong("lostDatagrams")).isPositive();
        // One way is 50 ms; what was lost took a round trip more.
        assertThat(report.getJsonObject("latencyMillis").getDouble("p50")).isGreaterThanOrEqualTo(50);
        assertThat(report.getJsonObject("latencyMillis").getDouble("max")).isGreaterThanOrEqualTo(150);
    }

    private static JsonObject measure(String... options) throws Exception {
        try (PackagedProgram relay = PackagedProgram.start("--listen", "127.0.0.1:0", "--http", "127.0.0.1:0")) {
            Matcher row = relay.awaitLine("^  SRT +main +(127\\.0\\.0\\.1:\\d+)/udp$");
            List<String> arguments = new ArrayList<>(List.of("bench", "--server", "srt://" + row.group(1), "--json"));
            arguments.addAll(List.of("--megabits", "2", "--seconds", "2", "--warm-up", "1", "--drain", "1"));
            arguments.addAll(List.of(options));
            try (PackagedProgram bench = PackagedProgram.start(arguments.toArray(String[]::new))) {
                assertThat(bench.exitCode(Duration.ofSeconds(60)))
                        .as("%s%n%s", bench.output(), bench.errors())
                        .isZero();
                assertThat(bench.errors()).anyMatch(line -> line.startsWith("measuring, 2 of 2 s: "));
                assertThat(bench.output()).hasSize(1);
                return new JsonObject(bench.output().get(0));
            }
        }
    }

    private static void assertNothingIsMissing(JsonObject report, int subscribers) {
        JsonObject payloads = report.getJsonObject("payloads");
        assertThat(payloads.getLong("expected")).isPositive();
        assertThat(payloads.getLong("delivered")).isEqualTo(payloads.getLong("expected"));
        assertThat(payloads.getLong("missing")).isZero();
        assertThat(payloads.getInteger("imperfectSubscribers")).isZero();
        assertThat(report.getJsonObject("connections").getInteger("joinedSubscribers"))
                .isEqualTo(subscribers);
    }
}
