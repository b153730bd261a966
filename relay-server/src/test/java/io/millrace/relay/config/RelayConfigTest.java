package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.AccessConfig.Otherwise;
import io.millrace.relay.config.AccessConfig.Source;
import io.millrace.relay.config.ListenerConfig.Mode;
import io.millrace.relay.config.LogConfig.Level;
import io.millrace.relay.config.StreamsConfig.Holes;
import io.millrace.relay.config.StreamsConfig.OnMissing;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayConfigTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        assertThat(RelayConfig.defaults())
                .isEqualTo(new RelayConfig(
                        List.of(new ListenerConfig("main", "::", 8890, null, Mode.REQUEST)),
                        new HttpConfig("127.0.0.1", 8080),
                        new SrtConfig(120, 5_000, 16_384, 1_500, -1, 0, 25, 100),
                        new StreamsConfig(
                                SubscriberLatency.MAX, Holes.FORWARD, 10_000, 3_000, OnMissing.REJECT, 10_000, 64),
                        RelayConfig.defaults().access(),
                        new LimitsConfig(10_000, 1_000, 10_000, 1_024),
                        new TransportConfig(true, 0, 4_194_304, 4_194_304),
                        new LogConfig(Level.INFO)));
    }

    @Test
    void everyKeyReachesItsOwnComponent() throws Exception {
        RelayConfig config = YamlText.load("""
                listeners:
                  - {name: a, host: 192.0.2.7, port: 1, stream: live, mode: publish}
                  - {name: b, host: "::1", port: 2, stream: null, mode: request}
                http: {host: "::", port: 3}
                srt:
                  latencyMillis: 4
                  peerIdleTimeoutMillis: 2005
                  flowWindowPackets: 512
                  mss: 1307
                  maxBandwidth: 80000000000
                  inputBandwidth: 90000000000
                  overheadPercent: 10
                  retransmitPercent: 11
                streams:
                  latency: max+12
                  holes: hold
                  publisherGraceMillis: 13
                  publisherProbationMillis: 14
                  onMissing: wait
                  waitMillis: 15
                  bufferMebibytes: 16
                access:
                  order: [jwt, rules]
                  otherwise: deny
                  jwt:
                    jwksUrl: https://issuer.example/keys
                    refreshSeconds: 22
                    key: null
                    algorithms: [ES256, EdDSA]
                    issuer: me
                    audience: relay
                    leewaySeconds: 23
                    streamIdKey: jwt
                limits: {connections: 17, publishers: 18, subscribersPerStream: 19, pendingCallers: 20}
                transport: {native: false, eventLoops: 21, receiveBufferBytes: 65536, sendBufferBytes: 65537}
                log: {level: debug}
                """);

        assertThat(config)
                .isEqualTo(new RelayConfig(
                        List.of(
                                new ListenerConfig("a", "192.0.2.7", 1, "live", Mode.PUBLISH),
                                new ListenerConfig("b", "::1", 2, null, Mode.REQUEST)),
                        new HttpConfig("::", 3),
                        new SrtConfig(4, 2_005, 512, 1_307, 80_000_000_000L, 90_000_000_000L, 10, 11),
                        new StreamsConfig(
                                new SubscriberLatency(SubscriberLatency.Base.MAX, 12),
                                Holes.HOLD,
                                13,
                                14,
                                OnMissing.WAIT,
                                15,
                                16),
                        new AccessConfig(
                                List.of(Source.JWT, Source.RULES),
                                Otherwise.DENY,
                                new JwtConfig(
                                        "https://issuer.example/keys",
                                        22,
                                        null,
                                        List.of(JwtAlgorithm.ES256, JwtAlgorithm.ED_DSA),
                                        "me",
                                        "relay",
                                        23,
                                        "jwt")),
                        new LimitsConfig(17, 18, 19, 20),
                        new TransportConfig(false, 21, 65_536, 65_537),
                        new LogConfig(Level.DEBUG)));
    }

    @Test
    void keysThatAreNotInTheFileHaveTheirDefaults() throws Exception {
        assertThat(YamlText.load("")).isEqualTo(RelayConfig.defaults());
        assertThat(YamlText.load("# nothing but this\n")).isEqualTo(RelayConfig.defaults());
        assertThat(YamlText.load("srt: {}\nlisteners:\n  - port: 8890\n")).isEqualTo(RelayConfig.defaults());
    }

    @Test
    void sectionsAndListsWithoutContentHaveTheirDefaults() throws Exception {
        assertThat(YamlText.load("srt:\n  # latencyMillis: 200\nlisteners:\n")).isEqualTo(RelayConfig.defaults());
    }

    @Test
    void severalListenersMayTakeAnyFreePort() throws Exception {
        assertThat(YamlText.load("listeners:\n  - {name: a, port: 0}\n  - {name: b, port: 0}\n")
                        .listeners())
                .hasSize(2);
    }

    @Test
    void addressOfAListenerIsNotLookedUp() throws Exception {
        assertThat(YamlText.load("listeners: [{host: \"2001:db8::7\", port: 5}]")
                        .listeners()
                        .get(0)
                        .address())
                .hasToString("/[2001:db8:0:0:0:0:0:7]:5");
    }

    @Test
    void streamMayLookLikeANumber() throws Exception {
        assertThat(YamlText.load("listeners: [{stream: 007}]").listeners().get(0).stream())
                .isEqualTo("007");
    }

    @Test
    void latencyRuleHasThreeForms() throws Exception {
        assertThat(latency("max")).isEqualTo(SubscriberLatency.MAX);
        assertThat(latency("max+60000")).isEqualTo(new SubscriberLatency(SubscriberLatency.Base.MAX, 60_000));
        assertThat(latency("sum")).isEqualTo(new SubscriberLatency(SubscriberLatency.Base.SUM, 0));
    }

    private static SubscriberLatency latency(String text) throws ConfigurationException {
        return YamlText.load("streams: {latency: " + text + "}").streams().latency();
    }
}
