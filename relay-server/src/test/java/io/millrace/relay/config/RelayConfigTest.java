package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.AccessConfig.Otherwise;
import io.millrace.relay.config.AccessConfig.Source;
import io.millrace.relay.config.AccessRuleConfig.Action;
import io.millrace.relay.config.ListenerConfig.Mode;
import io.millrace.relay.config.LogConfig.Level;
import io.millrace.relay.config.NotificationsConfig.Event;
import io.millrace.relay.config.SrtConfig.CryptoMode;
import io.millrace.relay.config.StreamsConfig.Holes;
import io.millrace.relay.config.StreamsConfig.OnMissing;
import io.millrace.relay.config.WebhookConfig.WhenDown;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class RelayConfigTest {
    @Test
    void defaultsAreThoseOfTheDocumentation() {
        assertThat(RelayConfig.defaults())
                .isEqualTo(new RelayConfig(
                        List.of(new ListenerConfig(
                                "main",
                                "::",
                                8890,
                                null,
                                true,
                                List.of(),
                                List.of(),
                                List.of(),
                                null,
                                Mode.REQUEST,
                                RoleConfig.EVERY_NODE)),
                        new HttpConfig("127.0.0.1", 8080, List.of(), List.of(), 10),
                        new SrtConfig(120, 5_000, 16_384, 1_500, -1, 0, 25, 100, CryptoMode.AUTO, 1 << 24, 1 << 12),
                        new StreamsConfig(
                                SubscriberLatency.MAX,
                                Holes.FORWARD,
                                JoinMode.NEWEST,
                                0,
                                10_000,
                                3_000,
                                OnMissing.REJECT,
                                10_000,
                                64,
                                true),
                        new AccessConfig(
                                List.of(Source.RULES, Source.WEBHOOK, Source.JWT),
                                Otherwise.ALLOW,
                                List.of(),
                                new WebhookConfig(null, null, 2_000, WhenDown.DENY, 8, 256, 0),
                                new NotificationsConfig(
                                        null,
                                        null,
                                        2_000,
                                        3,
                                        1_000,
                                        List.of(Event.PUBLISH, Event.UNPUBLISH, Event.REQUEST, Event.CLOSE)),
                                new JwtConfig(null, 300, null, List.of(JwtAlgorithm.values()), null, null, 30, null)),
                        new LimitsConfig(10_000, 1_000, 10_000, 1_024, 60, 200, 128, 50, 100, 20_000, 60),
                        new ClusterConfig(
                                ClusterConfig.Mode.NONE,
                                "millrace",
                                null,
                                null,
                                "127.0.0.1",
                                5_701,
                                8_891,
                                List.of(),
                                null,
                                3,
                                0,
                                8,
                                20),
                        new TransportConfig(true, 0, 4_194_304, 4_194_304),
                        new MetricsConfig(true, true, 200),
                        new LogConfig(Level.INFO, LogConfig.Format.TEXT)));
    }

    @Test
    void everyKeyReachesItsOwnComponent() throws Exception {
        RelayConfig config = YamlText.load("""
                listeners:
                  - name: a
                    host: 192.0.2.7
                    port: 1
                    passphrase: correct horse
                    enforceEncryption: false
                    allow: [192.0.2.0/24, "2001:db8::/32"]
                    deny: [192.0.2.66]
                    withoutStreamId:
                      - {address: 192.0.2.17, stream: studio}
                      - {passphrase: battery staple, stream: van, mode: request}
                    stream: live
                    mode: publish
                    role:
                      exclusive: true
                      preferred: [n1, n2]
                      address: 192.0.2.9
                      command: [/bin/move, up]
                      service: vip
                  - {name: b, host: "::1", port: 2, stream: null, mode: request}
                http:
                  host: "::"
                  port: 3
                  tokens:
                    - {name: anna, token: "0123456789abcdef", scope: admin}
                  compatibility: [openirl, sls]
                  maximumLiveViewers: 6
                srt:
                  latencyMillis: 4
                  peerIdleTimeoutMillis: 2005
                  flowWindowPackets: 512
                  mss: 1307
                  maxBandwidth: 80000000000
                  inputBandwidth: 90000000000
                  overheadPercent: 10
                  retransmitPercent: 11
                  cryptoMode: gcm
                  kmRefreshRate: 5000
                  kmPreAnnounce: 28
                streams:
                  latency: max+12
                  holes: hold
                  join: next
                  aggregationMillis: 7
                  publisherGraceMillis: 13
                  publisherProbationMillis: 14
                  onMissing: wait
                  waitMillis: 15
                  bufferMebibytes: 16
                  analysis: false
                access:
                  order: [jwt, rules]
                  otherwise: deny
                  rules:
                    - name: crew
                      listener: a
                      action: publish
                      stream: live/*
                      user: anna
                      address: [192.0.2.0/25]
                      allow: true
                      passphrase: another one of them
                      password: s3cret
                      join: live
                      limits: {subscribers: 22, bitRate: 23, durationSeconds: 24, latencyMillis: 25}
                    - {name: rest, allow: false}
                  webhook:
                    url: "https://example.org/a?b=c"
                    secret: "0123456789abcdef"
                    timeoutMillis: 122
                    whenDown: next
                    maxConnections: 23
                    maxQueued: 24
                    cacheSeconds: 25
                  notifications:
                    url: "http://[::1]:26/"
                    secret: "fedcba9876543210"
                    timeoutMillis: 127
                    retries: 8
                    maxQueued: 29
                    events: [close]
                  jwt:
                    jwksUrl: https://issuer.example/keys
                    refreshSeconds: 22
                    key: null
                    algorithms: [ES256, EdDSA]
                    issuer: me
                    audience: relay
                    leewaySeconds: 23
                    streamIdKey: jwt
                limits:
                  connections: 17
                  publishers: 18
                  subscribersPerStream: 19
                  pendingCallers: 20
                  delayMillis: 34
                  attempts: 23
                  historyMebibytes: 29
                  callersPerSecondPerAddress: 30
                  callerBurstPerAddress: 31
                  inductionsPerSecond: 32
                  wrongPassphrasesPerMinute: 33
                cluster:
                  mode: static
                  name: east
                  nodeId: n7
                  secret: correct horse
                  host: 192.0.2.1
                  port: 41
                  mediaPort: 42
                  members: [192.0.2.2, "b.example:43"]
                  serviceDns: a.b.svc
                  nodes: 5
                  quorum: 4
                  pullsPerStream: 44
                  drainSeconds: 45
                transport: {native: false, eventLoops: 21, receiveBufferBytes: 65536, sendBufferBytes: 65537}
                metrics: {enabled: false, streams: false, maxStreams: 35}
                log: {level: debug}
                """);

        assertThat(config)
                .isEqualTo(new RelayConfig(
                        List.of(
                                new ListenerConfig(
                                        "a",
                                        "192.0.2.7",
                                        1,
                                        SecretReference.of("correct horse"),
                                        false,
                                        List.of(range("192.0.2.0/24"), range("2001:db8::/32")),
                                        List.of(range("192.0.2.66")),
                                        List.of(
                                                new UnnamedCallerConfig(
                                                        range("192.0.2.17"), null, "studio", Mode.PUBLISH),
                                                new UnnamedCallerConfig(
                                                        null,
                                                        SecretReference.of("battery staple"),
                                                        "van",
                                                        Mode.REQUEST)),
                                        "live",
                                        Mode.PUBLISH,
                                        new RoleConfig(
                                                true,
                                                List.of("n1", "n2"),
                                                "192.0.2.9",
                                                List.of("/bin/move", "up"),
                                                "vip")),
                                new ListenerConfig(
                                        "b",
                                        "::1",
                                        2,
                                        null,
                                        true,
                                        List.of(),
                                        List.of(),
                                        List.of(),
                                        null,
                                        Mode.REQUEST,
                                        RoleConfig.EVERY_NODE)),
                        new HttpConfig(
                                "::",
                                3,
                                List.of(new ApiTokenConfig(
                                        "anna", SecretReference.of("0123456789abcdef"), ApiScope.ADMIN)),
                                List.of(Compatibility.OPENIRL, Compatibility.SLS),
                                6),
                        new SrtConfig(
                                4,
                                2_005,
                                512,
                                1_307,
                                80_000_000_000L,
                                90_000_000_000L,
                                10,
                                11,
                                CryptoMode.GCM,
                                5_000,
                                28),
                        new StreamsConfig(
                                new SubscriberLatency(SubscriberLatency.Base.MAX, 12),
                                Holes.HOLD,
                                JoinMode.NEXT,
                                7,
                                13,
                                14,
                                OnMissing.WAIT,
                                15,
                                16,
                                false),
                        new AccessConfig(
                                List.of(Source.JWT, Source.RULES),
                                Otherwise.DENY,
                                List.of(
                                        new AccessRuleConfig(
                                                "crew",
                                                "a",
                                                Action.PUBLISH,
                                                glob("live/*"),
                                                glob("anna"),
                                                List.of(range("192.0.2.0/25")),
                                                true,
                                                SecretReference.of("another one of them"),
                                                SecretReference.of("s3cret"),
                                                JoinMode.LIVE,
                                                new AccessLimitsConfig(22, 23, 24, 25)),
                                        new AccessRuleConfig(
                                                "rest",
                                                null,
                                                Action.ANY,
                                                Glob.EVERYTHING,
                                                null,
                                                List.of(),
                                                false,
                                                null,
                                                null,
                                                null,
                                                AccessLimitsConfig.NONE)),
                                new WebhookConfig(
                                        URI.create("https://example.org/a?b=c"),
                                        SecretReference.of("0123456789abcdef"),
                                        122,
                                        WhenDown.NEXT,
                                        23,
                                        24,
                                        25),
                                new NotificationsConfig(
                                        URI.create("http://[::1]:26/"),
                                        SecretReference.of("fedcba9876543210"),
                                        127,
                                        8,
                                        29,
                                        List.of(Event.CLOSE)),
                                new JwtConfig(
                                        URI.create("https://issuer.example/keys"),
                                        22,
                                        null,
                                        List.of(JwtAlgorithm.ES256, JwtAlgorithm.ED_DSA),
                                        "me",
                                        "relay",
                                        23,
                                        "jwt")),
                        new LimitsConfig(17, 18, 19, 20, 34, 23, 29, 30, 31, 32, 33),
                        new ClusterConfig(
                                ClusterConfig.Mode.STATIC,
                                "east",
                                "n7",
                                SecretReference.of("correct horse"),
                                "192.0.2.1",
                                41,
                                42,
                                List.of("192.0.2.2", "b.example:43"),
                                "a.b.svc",
                                5,
                                4,
                                44,
                                45),
                        new TransportConfig(false, 21, 65_536, 65_537),
                        new MetricsConfig(false, false, 35),
                        new LogConfig(Level.DEBUG, LogConfig.Format.TEXT)));
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
    void listOfRangesOrRulesWithoutContentIsEmpty() throws Exception {
        assertThat(YamlText.load("listeners:\n  - allow:\n    withoutStreamId:\naccess:\n  rules:\n"))
                .isEqualTo(RelayConfig.defaults());
    }

    @Test
    void blanksAroundAPassphraseAreWarnedOf() throws Exception {
        RelayConfig config = YamlText.load("""
                listeners:
                  - name: a
                    passphrase: " correct horse"
                    withoutStreamId:
                      - {passphrase: "battery staple", stream: s}
                      - {passphrase: "battery staple\\t", stream: s}
                access:
                  rules:
                    - {name: inside, passphrase: "correct horse"}
                    - {name: after, passphrase: "correct horse ", password: " x "}
                """);

        String advice = " begins or ends with a blank; remove it if it was not meant";
        assertThat(config.warnings())
                .containsExactly(
                        "listeners[0].passphrase" + advice,
                        "listeners[0].withoutStreamId[1].passphrase" + advice,
                        "access.rules[1].passphrase" + advice);
        assertThat(RelayConfig.defaults().warnings()).isEmpty();
    }

    @Test
    void apiThatListensToTheNetworkWithoutTokensIsWarnedOf() throws Exception {
        String tokens = ", tokens: [{name: a, token: 0123456789abcdef}]";
        assertThat(YamlText.load("http: {host: \"::\"}").warnings())
                .containsExactly(
                        "http.host is ::, and http.tokens is empty: the API answers only callers on this machine; add"
                                + " a token for others");
        assertThat(YamlText.load("http: {host: \"::\"" + tokens + "}").warnings())
                .isEmpty();
        assertThat(YamlText.load("http: {host: \"::1\"}").warnings()).isEmpty();
        assertThat(YamlText.load("http: {host: 127.0.0.2}").warnings()).isEmpty();
    }

    private static AddressRange range(String text) {
        return AddressRange.parse(text).orElseThrow();
    }

    private static Glob glob(String text) {
        return Glob.parse(text).orElseThrow();
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
