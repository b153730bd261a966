package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.Scrape.Sample;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a relay tells Prometheus. */
@Timeout(60)
@Tag("any-jdk")
class RelayMetricsTest {
    private TestRelay relay;

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void mediaIsCountedOnItsWayInAndOut() {
        start();
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        publisher.publish("payload", 0, 99);
        subscriber.received(100);

        await().untilAsserted(() -> {
            Scrape scrape = scrape();
            assertThat(scrape.value("millrace_received_packets_total")).isEqualTo(100);
            assertThat(scrape.value("millrace_received_bytes_total")).isGreaterThan(100 * 44);
            assertThat(scrape.value("millrace_sent_packets_total")).isGreaterThanOrEqualTo(100);
            assertThat(scrape.value("millrace_stream_received_packets_total", "stream", "live"))
                    .isEqualTo(100);
            assertThat(scrape.value("millrace_streams", "state", "published")).isEqualTo(1);
            assertThat(scrape.value("millrace_stream_up", "stream", "live")).isEqualTo(1);
            assertThat(scrape.value("millrace_stream_subscribers", "stream", "live"))
                    .isEqualTo(1);
            assertThat(scrape.value("millrace_stream_latency_seconds", "stream", "live"))
                    .isEqualTo(0.12);
            assertThat(scrape.value("millrace_connections", "role", "publisher", "encryption", "none"))
                    .isEqualTo(1);
            assertThat(scrape.value("millrace_connections", "role", "subscriber", "encryption", "none"))
                    .isEqualTo(1);
            assertThat(scrape.value("millrace_connection_rtt_seconds_count", "role", "publisher"))
                    .isPositive();
            assertThat(scrape.value("millrace_forwarding_seconds_count")).isPositive();
            assertThat(scrape.value("millrace_datagrams_received_total", "listener", "main"))
                    .isGreaterThan(100);
        });
    }

    @Test
    void closedConnectionsStayInTheTotals() {
        start();
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        publisher.publish("payload", 0, 9);
        subscriber.received(10);
        publisher.hangUp();
        subscriber.hangUp();
        relay.awaitConnections(0);

        Scrape scrape = scrape();
        assertThat(scrape.value("millrace_received_packets_total")).isEqualTo(10);
        assertThat(scrape.value("millrace_sent_packets_total")).isGreaterThanOrEqualTo(10);
        assertThat(scrape.value("millrace_connections", "role", "publisher")).isZero();

        relay.publish("live").opened().publish("payload", 0, 4);
        await().untilAsserted(() ->
                assertThat(scrape().value("millrace_received_packets_total")).isEqualTo(15));
    }

    @Test
    void encryptedConnectionsAreToldFromOthers() {
        start("listeners[0].passphrase=correct horse");
        relay.call("#!::r=live,m=publish", "correct horse").opened();

        assertThat(scrape().value("millrace_connections", "role", "publisher", "encryption", "AES-128 CTR"))
                .isEqualTo(1);
    }

    @Test
    void callersAreCountedByWhatCameOfThem() {
        start("listeners[0].name=studio");
        relay.publish("live").opened();
        relay.publish("live").refusal();
        relay.request("nothing").refusal();

        Scrape scrape = scrape();
        assertThat(scrape.value("millrace_attempts_accepted_total", "listener", "studio", "action", "publish"))
                .isEqualTo(1);
        assertThat(scrape.value("millrace_attempts_refused_total", "listener", "studio", "reason", "conflict"))
                .isEqualTo(1);
        assertThat(scrape.value("millrace_attempts_refused_total", "listener", "studio", "reason", "not_found"))
                .isEqualTo(1);
        assertThat(scrape.value("millrace_attempts_refused_total", "listener", "studio", "reason", "overload"))
                .isZero();
    }

    @Test
    void noiseIsCountedByReason() throws Exception {
        start();
        try (DatagramSocket stranger = new DatagramSocket()) {
            byte[] noise = {1, 2, 3};
            stranger.send(new DatagramPacket(noise, noise.length, relay.listener()));
        }

        await().untilAsserted(() -> assertThat(
                        scrape().value("millrace_datagrams_malformed_total", "listener", "main", "reason", "too_short"))
                .isEqualTo(1));
    }

    @Test
    void configuredLimitsAndGrantedBuffersAreTold() {
        start("limits.connections=17", "limits.delayMillis=50", "transport.eventLoops=2");

        Scrape scrape = scrape();
        assertThat(scrape.value("millrace_limit_connections")).isEqualTo(17);
        assertThat(scrape.value("millrace_limit_send_wait_seconds")).isEqualTo(0.05);
        assertThat(scrape.value("millrace_socket_receive_buffer_wanted_bytes")).isEqualTo(4_194_304);
        assertThat(scrape.value("millrace_socket_receive_buffer_bytes", "listener", "main"))
                .isBetween(65_536.0, 4_194_304.0 * 2);
        assertThat(scrape.all("millrace_loop_busy_seconds_total")).hasSize(2);
        assertThat(scrape.value("millrace_build_info", "version", "development"))
                .isEqualTo(1);
    }

    @Test
    void notificationsAreCountedByWhatBecameOfThem() {
        start();

        assertThat(scrape().all("millrace_notifications_total"))
                .extracting(sample -> sample.labels().get("result"))
                .containsExactlyInAnyOrder("sent", "failed", "dropped");
    }

    @Test
    void streamsBeyondTheMaximumShareTheirSeries() {
        start("metrics.maxStreams=3");
        IntStream.range(0, 10).forEach(i -> relay.publish("live/" + i).opened().publish("payload", 0, 9));
        relay.publish("(others)").opened().publish("payload", 0, 9);

        await().untilAsserted(() -> {
            Scrape scrape = scrape();
            assertThat(scrape.all("millrace_stream_up")).hasSize(3);
            assertThat(scrape.all("millrace_stream_received_packets_total")).hasSize(4);
            assertThat(scrape.value("millrace_stream_received_packets_total", "stream", "(others)"))
                    .isEqualTo(80);
        });
    }

    @Test
    void streamThatEndsTakesItsSeriesAlong() {
        start("streams.publisherGraceMillis=0");
        TestCall publisher = relay.publish("live").opened();
        await().untilAsserted(() ->
                assertThat(scrape().all("millrace_stream_up", "stream", "live")).hasSize(1));

        publisher.hangUp();

        await().untilAsserted(() -> assertThat(scrape().samples())
                .noneMatch(sample -> "live".equals(sample.labels().get("stream"))));
    }

    @Test
    void nameOfAStreamMayHoldAnything() {
        start();
        relay.publish("a\"b\\\\{c}").opened();

        await().untilAsserted(() -> assertThat(scrape().all("millrace_stream_up"))
                .extracting(sample -> sample.labels().get("stream"))
                .containsExactly("a\\\"b\\\\\\\\{c}"));
    }

    @Test
    void namesOfStreamsAreNotToldWhereThatIsSwitchedOff() {
        start("metrics.streams=false");
        relay.publish("live").opened();

        assertThat(scrape().names())
                .contains("millrace_streams")
                .noneMatch(name -> name.startsWith("millrace_stream_"));
    }

    @Test
    void thereIsNothingWhereMetricsAreSwitchedOff() {
        start("metrics.enabled=false");

        assertThat(relay.get("/metrics").statusCode()).isEqualTo(404);
        assertThat(relay.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void requestsToTheApiAreCountedByRouteAndCode() throws Exception {
        start();
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 20; i++) {
            HttpRequest odd = HttpRequest.newBuilder(URI.create(relay.url("/api/v1/" + i)))
                    .method("ODD" + i, HttpRequest.BodyPublishers.noBody())
                    .timeout(Duration.ofSeconds(10))
                    .build();
            client.send(odd, HttpResponse.BodyHandlers.discarding());
        }
        relay.get("/api/v1/streams");

        await().untilAsserted(() -> {
            Scrape scrape = scrape();
            assertThat(scrape.value("vertx_http_server_requests_total", "code", "200", "route", "/api/v1/streams"))
                    .isPositive();
            assertThat(scrape.all("vertx_http_server_requests_total"))
                    .as("neither method nor path makes a series")
                    .hasSizeLessThan(6);
        });
    }

    @Test
    void contentIsPrometheusTextAndEveryMetricIsExplained() {
        start();
        relay.publish("live").opened();

        assertThat(relay.get("/metrics").headers().firstValue("Content-Type"))
                .contains("text/plain; version=0.0.4; charset=utf-8");
        Scrape scrape = scrape();
        assertThat(scrape.names())
                .contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "process_cpu_seconds_total")
                .contains("process_uptime_seconds", "process_files_open_files", "vertx_pool_queue_pending");
        assertThat(scrape.samples().stream().map(Sample::name).filter(name -> name.startsWith("millrace_")))
                .allSatisfy(name -> assertThat(scrape.helped())
                        .contains(name.replaceFirst("(?<=_seconds)_(bucket|sum|count)$", "")));
    }

    private void start(String... settings) {
        relay = TestRelay.start(settings);
    }

    private Scrape scrape() {
        HttpResponse<String> response = relay.get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        return Scrape.of(response.body());
    }
}
