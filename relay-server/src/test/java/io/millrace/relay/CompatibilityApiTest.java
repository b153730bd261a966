package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.relay.SwitcherView.BelaboxPublisher;
import io.millrace.relay.SwitcherView.BelaboxStatistics;
import io.millrace.relay.SwitcherView.NimbleApplication;
import io.millrace.relay.SwitcherView.NimbleReceiver;
import io.millrace.relay.SwitcherView.NimbleReceivers;
import io.millrace.relay.SwitcherView.OpenIrlPublisher;
import io.millrace.relay.SwitcherView.OpenIrlStatistics;
import io.millrace.relay.SwitcherView.SlsPublisher;
import io.millrace.relay.SwitcherView.SlsStatistics;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs find that take the relay for another server. */
@Timeout(60)
@Tag("any-jdk")
class CompatibilityApiTest {
    private static final String TOKEN = "switcher-token+0123456789";
    private static final String RECEIVERS = "/manage/srt_receiver_stats";
    private static final String STREAMS = "/manage/rtmp_status";
    private static final List<String> PATHS = List.of("/stats", "/stats/live", RECEIVERS, STREAMS);

    private static TestRelay withToken;

    private final ScheduledExecutorService encoder = Executors.newSingleThreadScheduledExecutor();

    @BeforeAll
    static void startRelayWithToken() {
        withToken = TestRelay.start(
                "http.compatibility[0]=sls",
                "http.compatibility[1]=openirl",
                "http.compatibility[2]=nimble",
                "http.tokens[0].name=switcher",
                "http.tokens[0].token=" + TOKEN);
    }

    @AfterAll
    static void stopRelayWithToken() {
        withToken.close();
    }

    @AfterEach
    void stopEncoder() {
        encoder.shutdownNow();
    }

    @Test
    void nothingOfItIsThereByDefault() {
        try (TestRelay relay = TestRelay.start()) {
            for (String path : PATHS) {
                HttpResponse<String> response = relay.get(path);

                assertThat(response.statusCode()).as(path).isEqualTo(404);
                assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
            }
            assertThat(new JsonObject(relay.get("/stats").body()).getString("detail"))
                    .isEqualTo("this is there while http.compatibility has sls or belabox");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sls,     200, 404, 404",
        "belabox, 200, 404, 404",
        "openirl, 404, 200, 404",
        "nimble,  404, 404, 200",
    })
    void eachIsThereAlone(String server, int all, int one, int nimble) {
        try (TestRelay relay = relay(server)) {
            assertThat(relay.get("/stats").statusCode()).isEqualTo(all);
            assertThat(relay.get("/stats/live").statusCode()).isEqualTo(one);
            assertThat(relay.get(RECEIVERS).statusCode()).isEqualTo(nimble);
            assertThat(relay.get(STREAMS).statusCode()).isEqualTo(nimble);
        }
    }

    @Test
    void whatIsSwitchedOnInTheFileIsThereWithoutARestart(@TempDir Path directory) throws Exception {
        String start = "listeners: [{host: 127.0.0.1, port: 0}]\nhttp: {port: 0";
        Path file = Files.writeString(directory.resolve("relay.yaml"), start + "}");
        try (TestRelay relay = TestRelay.startWith(file)) {
            assertThat(relay.get("/stats").statusCode()).isEqualTo(404);

            Files.writeString(file, start + ", compatibility: [sls]}");
            relay.send("POST", "/api/v1/config/reload", null);

            assertThat(relay.get("/stats").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void switchersOfEveryServerReadThePublishersRate() {
        try (TestRelay relay = relay("sls", "belabox", "openirl", "nimble")) {
            publishAMegabit(relay.publish("live/feed1"));

            awaitMegabit(() -> sls(relay, "live/feed1").bitrate());
            awaitMegabit(() -> belabox(relay, "live/feed1").bitrate());
            awaitMegabit(() -> (long) openIrl(relay, "live%2Ffeed1").publisher().bitrate());
            awaitMegabit(() -> nimbleBits(relay, "live", "feed1") / 1024);

            assertThat(sls(relay, "publish/live/feed1").mbpsRecvRate()).isBetween(0.5, 2.0);
            assertThat(sls(relay, "live/feed1").uptime()).isBetween(1L, 60L);
            OpenIrlPublisher openIrl = openIrl(relay, "publish%2Flive%2Ffeed1").publisher();
            assertThat(openIrl.latency()).isEqualTo(120);
            assertThat(openIrl.uptime()).isBetween(1L, 60L);
            NimbleReceiver receiver = SwitcherView.read(NimbleReceivers.class, relay.get(RECEIVERS))
                    .find("[live/feed1]");
            assertThat(receiver.state()).isEqualTo("connected");
            assertThat(receiver.id()).startsWith("127.0.0.1:" + relay.listener().getPort());
            assertThat(receiver.stats().recv().packetsReceived()).isPositive();
            assertThat(receiver.stats().time()).isPositive();
        }
    }

    @Test
    void lossesAndRoundTripAreThoseOfTheConnection() {
        try (TestRelay relay = relay("sls", "openirl")) {
            publishAMegabit(relay.publish("live"));
            await().untilAsserted(() -> assertThat(sls(relay, "live").bitrate()).isPositive());

            await().untilAsserted(() -> {
                JsonObject own = relay.connections().get(0);
                SlsPublisher publisher = sls(relay, "live");
                assertThat(publisher.rtt()).isEqualTo(own.getDouble("msRTT"));
                assertThat(publisher.mbpsBandwidth()).isEqualTo(own.getDouble("mbpsBandwidth"));
                assertThat(publisher.pktRcvLoss()).isEqualTo(own.getInteger("pktRcvLossTotal"));
                assertThat(publisher.pktRcvDrop()).isEqualTo(own.getInteger("pktRcvDropTotal"));
            });
        }
    }

    @Test
    void publisherThatSendsNothingHasTheRateThatSaysSoToEach() {
        try (TestRelay relay = relay("sls")) {
            relay.publish("live").opened();
            await().untilAsserted(() -> assertThat(sls(relay, "live").uptime()).isGreaterThan(2));

            assertThat(sls(relay, "live").bitrate()).isZero();
        }
        try (TestRelay relay = relay("belabox", "openirl", "nimble")) {
            relay.publish("live").opened();
            List<Long> rates = new ArrayList<>();
            await().until(() -> {
                rates.add(belabox(relay, "live").bitrate());
                return rates.get(rates.size() - 1) == 0;
            });

            assertThat(rates).as("not known, which is 1, and then nothing").isSubsetOf(1L, 0L);
            await().untilAsserted(() ->
                    assertThat(openIrl(relay, "live").publisher().bitrate()).isZero());
            assertThat(SwitcherView.read(NimbleReceivers.class, relay.get(RECEIVERS))
                            .receivers())
                    .hasSize(1);
            assertThat(SwitcherView.read(NimbleApplication[].class, relay.get(STREAMS)))
                    .isEmpty();
        }
    }

    @Test
    void streamThatNobodyPublishesIsNotThere() {
        try (TestRelay relay = relay("sls", "belabox", "openirl", "nimble")) {
            TestCall publisher = relay.publish("live").opened();
            relay.request("live").opened();
            publisher.hangUp();
            relay.awaitWithoutPublisher("live");

            assertThat(relay.get("/stats").body()).isEqualTo("{\"publishers\":{},\"status\":\"ok\"}");
            assertThat(relay.get("/stats?publisher=live").body()).isEqualTo("{\"publishers\":{},\"status\":\"ok\"}");
            assertThat(relay.get("/stats/live").body())
                    .isEqualTo("{\"status\":\"ok\",\"message\":\"nobody publishes this stream\"}");
            assertThat(relay.get("/stats/live?legacy=1").body())
                    .isEqualTo("{\"status\":\"ok\",\"publishers\":{},\"message\":\"nobody publishes this stream\"}");
            assertThat(relay.get(RECEIVERS).body()).isEqualTo("{\"SrtReceivers\":[]}");
            assertThat(relay.get(STREAMS).body()).isEqualTo("[]");
        }
    }

    @Test
    void onePublisherIsAnsweredUnderTheNameItWasAskedForBy() {
        try (TestRelay relay = relay("sls", "openirl")) {
            relay.publish("live/a").opened();
            relay.publish("live/b").opened();

            for (String key : List.of("live/a", "publish/live/a")) {
                assertThat(SwitcherView.read(SlsStatistics.class, relay.get("/stats?publisher=" + key))
                                .publishers())
                        .containsOnlyKeys(key);
            }
            assertThat(SwitcherView.read(SlsStatistics.class, relay.get("/stats/live%2Fa?legacy=1"))
                            .publishers())
                    .containsOnlyKeys("live");
        }
    }

    @Test
    void noStreamCanBeTakenForAnotherOne() {
        try (TestRelay relay = relay("sls", "openirl", "nimble")) {
            relay.publish("publish/live/a").opened();
            relay.publish("x[live/a]").opened();
            relay.publish("127.0.0.1:9000[live/a").opened();

            assertThat(slsAll(relay).publishers()).doesNotContainKeys("live/a", "publish/live/a");
            assertThat(slsAll(relay).publishers()).containsKey("publish/publish/live/a");
            assertThat(new JsonObject(relay.get("/stats/live%2Fa").body()).getMap())
                    .doesNotContainKey("publisher");
            assertThat(new JsonObject(relay.get("/stats/publish%2Flive%2Fa").body()).getMap())
                    .doesNotContainKey("publisher");
            assertThat(SwitcherView.read(NimbleReceivers.class, relay.get(RECEIVERS))
                            .find("[live/a]"))
                    .isNull();
        }
    }

    @Test
    void namesOfStreamsMayBeAnything() {
        List<String> names =
                List.of("a\"b", "__proto__", "a\\b", "<script>", "\u00fc/\ud83d\ude00", "status", "%2F", "a b+c");
        try (TestRelay relay = relay("sls", "belabox", "openirl", "nimble")) {
            names.forEach(name -> relay.publish(name).opened());

            assertThat(slsAll(relay).publishers())
                    .containsOnlyKeys(names.stream()
                            .flatMap(name -> Stream.of(name, "publish/" + name))
                            .toList());
            for (String name : names) {
                String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
                assertThat(SwitcherView.read(SlsStatistics.class, relay.get("/stats?publisher=" + encoded))
                                .publishers())
                        .containsOnlyKeys(name);
                assertThat(openIrl(relay, encoded).publisher()).isNotNull();
            }
            assertThat(SwitcherView.read(NimbleReceivers.class, relay.get(RECEIVERS))
                            .receivers())
                    .hasSameSizeAs(names);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                      '',                  401",
        "key=" + TOKEN + ",       '',                  200",
        "key=switcher-token%2B0123456789, '',          200",
        "key=" + TOKEN + "0,      '',                  401",
        "key=,                    '',                  401",
        "key=" + TOKEN + "&key=x, '',                  401",
        "'',                      Bearer " + TOKEN + ", 200",
        "'',                      " + TOKEN + ",       200",
        "'',                      Bearer x,            401",
        "key=" + TOKEN + ",       Bearer x,            401",
        "'',                      Basic !,             401",
        "'',                      Basic OjpA,          401",
    })
    void tokenMayComeInAnyForm(String query, String header, int status) {
        String[] headers = header.isEmpty() ? new String[0] : new String[] {"Authorization", header};

        for (String path : PATHS) {
            assertThat(withToken.send("GET", path + "?" + query, null, headers).statusCode())
                    .as(path)
                    .isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"any:" + TOKEN + ", 200", TOKEN + ":, 200", TOKEN + ", 401", TOKEN + ":wrong, 401"})
    void tokenMayBeThePasswordOfTheUrl(String pair, int status) {
        String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));

        assertThat(withToken
                        .send("GET", RECEIVERS, null, "Authorization", basic)
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void tokenInTheQueryIsForThesePathsAndForNobodysEyes() {
        try (LoggedLines log = new LoggedLines("io.millrace.relay.http")) {
            assertThat(withToken.get("/stats?key=" + TOKEN).statusCode()).isEqualTo(200);
            assertThat(withToken.get("/api/v1/streams?key=" + TOKEN).statusCode())
                    .isEqualTo(401);
            assertThat(withToken.get("/stats?key=wrong-" + TOKEN).body()).doesNotContain(TOKEN);
            withToken.send("DELETE", "/stats?key=" + TOKEN, null);

            assertThat(log.lines()).noneMatch(line -> line.contains(TOKEN));
        }
    }

    private static TestRelay relay(String... servers) {
        String[] settings = new String[servers.length];
        for (int i = 0; i < servers.length; i++) {
            settings[i] = "http.compatibility[" + i + "]=" + servers[i];
        }
        return TestRelay.start(settings);
    }

    /** Ten payloads of 1250 bytes each tenth of a second. */
    private void publishAMegabit(TestCall publisher) {
        publisher.opened();
        byte[][] payloads = new byte[10][1250];
        encoder.scheduleAtFixedRate(() -> publisher.publish(payloads), 0, 100, TimeUnit.MILLISECONDS);
    }

    private static void awaitMegabit(Callable<Long> kilobits) {
        await().atMost(Duration.ofSeconds(20)).until(kilobits, found -> found >= 900 && found <= 1_100);
    }

    private static SlsStatistics slsAll(TestRelay relay) {
        return SwitcherView.read(SlsStatistics.class, relay.get("/stats"));
    }

    private static SlsPublisher sls(TestRelay relay, String key) {
        return slsAll(relay).publishers().get(key);
    }

    private static BelaboxPublisher belabox(TestRelay relay, String key) {
        return SwitcherView.read(BelaboxStatistics.class, relay.get("/stats"))
                .publishers()
                .get(key);
    }

    private static OpenIrlStatistics openIrl(TestRelay relay, String key) {
        return SwitcherView.read(OpenIrlStatistics.class, relay.get("/stats/" + key));
    }

    /** As a switcher finds it: the application first, and then the stream in it; 0 if it isn't there. */
    private static long nimbleBits(TestRelay relay, String application, String key) {
        for (NimbleApplication one : SwitcherView.read(NimbleApplication[].class, relay.get(STREAMS))) {
            if (one.app().equals(application)) {
                return one.streams().stream()
                        .filter(stream -> stream.strm().equals(key))
                        .mapToLong(stream -> Long.parseUnsignedLong(stream.bandwidth()))
                        .findFirst()
                        .orElse(0);
            }
        }
        return 0;
    }
}
