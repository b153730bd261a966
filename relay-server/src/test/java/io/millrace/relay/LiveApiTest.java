package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.ts.TsAnalyser;
import io.millrace.relay.ts.TsJournal;
import io.millrace.relay.ts.TsPacket;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that are sent over HTTP. */
@Timeout(60)
@Tag("any-jdk")
class LiveApiTest {
    private static final int MORE_THAN_SOCKETS_TAKE = 12 << 20;
    private static final String LIVE = "/api/v1/streams/live/live.ts";

    private final HttpClient http = HttpClient.newHttpClient();
    private TestRelay relay;

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void demoBeginsWithItsTablesAndARandomAccessPointAndIsWhole() throws IOException {
        relay = TestRelay.startWithDemo();
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        new JsonObject(relay.get("/api/v1/streams/demo/ts").body()).getValue("randomAccess") != null);

        HttpResponse<InputStream> response = watch("/api/v1/streams/demo/live.ts");
        byte[] ts;
        try (InputStream body = response.body()) {
            ts = body.readNBytes(3_000 * TsPacket.LENGTH);
        }

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("video/mp2t");
        assertThat(TsPacket.pid(ts, 0)).isZero();
        assertThat(TsPacket.startsUnit(ts, TsPacket.LENGTH)).isTrue();
        assertThat(TsPacket.isRandomAccess(ts, 2 * TsPacket.LENGTH)).isTrue();
        TsAnalyser analyser = new TsAnalyser(new TsJournal(), point -> {});
        analyser.take(ts, 0, 0);
        assertThat(analyser.snapshot().continuityErrors()).isZero();
    }

    @Test
    void bytesAreThoseThatWerePublished() throws IOException {
        relay = TestRelay.start();
        TestCall publisher = relay.publish("live").opened();
        try (InputStream body = watch(LIVE).body()) {
            publisher.publish("payload", 0, 99);
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i <= 99; i++) {
                expected.append("payload").append(i);
            }

            assertThat(new String(body.readNBytes(expected.length()), StandardCharsets.UTF_8))
                    .isEqualTo(expected.toString());
        }
    }

    @Test
    void viewerIsCountedAndForgottenWhenItLeaves() throws IOException {
        relay = TestRelay.start();
        relay.publish("live").opened().publish("payload", 0, 9);
        try (InputStream body = watch(LIVE).body()) {
            relay.awaitStream("live", stream -> stream.getInteger("httpViewers") == 1);
            assertThat(scrape().value("millrace_http_viewers")).isEqualTo(1);
        }
        relay.awaitStream("live", stream -> stream.getInteger("httpViewers") == 0);
    }

    @Test
    void moreThanTheMostAreRefusedUntilOneLeaves() throws IOException {
        relay = TestRelay.start("http.maximumLiveViewers=2");
        relay.publish("live").opened().publish("payload", 0, 9);
        InputStream first = watch(LIVE).body();
        InputStream second = watch(LIVE).body();
        HttpResponse<String> third = relay.get(LIVE);

        assertThat(third.statusCode()).isEqualTo(503);
        assertThat(third.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(third.body()).contains("http.maximumLiveViewers");

        first.close();
        relay.awaitStream("live", stream -> stream.getInteger("httpViewers") == 1);
        assertThat(watch(LIVE).statusCode()).isEqualTo(200);
        second.close();
    }

    @Test
    void responseEndsWhenThePublisherIsGone() throws IOException {
        relay = TestRelay.start();
        TestCall publisher = relay.publish("live").opened();
        // It keeps the stream itself.
        TestCall subscriber = relay.request("live").opened();
        try (InputStream body = watch(LIVE).body()) {
            publisher.publish("last", 0, 0);
            subscriber.received(1);
            publisher.hangUp();

            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("last0");
        }
        relay.awaitStream("live", stream -> stream.getInteger("httpViewers") == 0);
        HttpResponse<String> again = relay.get(LIVE);
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(again.body()).contains("nobody publishes");
    }

    @Test
    void clientThatReadsNothingHarmsNobody() throws IOException {
        relay = TestRelay.start();
        TestCall publisher = relay.publish("live").opened();
        TestCall subscriber = relay.request("live").opened();
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(1 << 16);
            slow.setSoTimeout(50);
            slow.connect(new InetSocketAddress("127.0.0.1", relay.httpPort()));
            OutputStream request = slow.getOutputStream();
            request.write(("GET " + LIVE + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            relay.awaitStream("live", stream -> stream.getInteger("httpViewers") == 1);
            byte[] payload = new byte[1_316];
            int count = 0;
            while (count * payload.length < MORE_THAN_SOCKETS_TAKE) {
                for (int i = 0; i < 500; i++) {
                    publisher.publish(payload);
                }
                count += 500;
                assertThat(subscriber.received(count)).hasSize(count);
            }
            // Longer than the stream's log lasts: what it has not read is gone.
            await().pollDelay(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        publisher.publish(payload);
                        drain(slow);
                        return scrape().value("millrace_http_viewer_skips_total") > 0;
                    });
        }
        relay.awaitStream("live", stream -> stream.getInteger("httpViewers") == 0);
    }

    @Test
    void whoMayNotReadSeesNothing() {
        relay = TestRelay.start("http.tokens[0].name=a", "http.tokens[0].token=0123456789abcdef0123");
        relay.publish("live").opened().publish("payload", 0, 9);

        assertThat(relay.get(LIVE).statusCode()).isEqualTo(401);
        assertThat(watch(LIVE, "Authorization", "Bearer 0123456789abcdef0123").statusCode())
                .isEqualTo(200);
    }

    @Test
    void streamThatIsNotThereIsAProblem() {
        relay = TestRelay.start();
        HttpResponse<String> answer = relay.get(LIVE);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    /** Reads until nothing more comes. */
    private static void drain(Socket socket) throws IOException {
        byte[] some = new byte[1 << 16];
        try {
            while (socket.getInputStream().read(some) > 0) {
                // What it is doesn't matter.
            }
        } catch (SocketTimeoutException nothing) {
            // So it is.
        }
    }

    private Scrape scrape() {
        return Scrape.of(relay.get("/metrics").body());
    }

    private HttpResponse<InputStream> watch(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(relay.url(path)));
        try {
            return http.send(
                    (headers.length == 0 ? request : request.headers(headers)).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
