package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.config.ListenerConfig.Mode;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
    @Test
    void defaultsAreWrittenAsSomebodyWouldTypeThem() {
        assertThat(RelayConfig.defaults().toYaml()).isEqualTo("""
                        listeners:
                          - name: main
                            host: "::"
                            port: 8890
                            passphrase: null
                            enforceEncryption: true
                            allow: []
                            deny: []
                            withoutStreamId: []
                            stream: null
                            mode: request
                            role:
                              exclusive: false
                              preferred: []
                              address: null
                              command: []
                              service: null
                        http:
                          host: 127.0.0.1
                          port: 8080
                          tokens: []
                          compatibility: []
                          maximumLiveViewers: 10
                        srt:
                          latencyMillis: 120
                          peerIdleTimeoutMillis: 5000
                          flowWindowPackets: 16384
                          mss: 1500
                          maxBandwidth: -1
                          inputBandwidth: 0
                          overheadPercent: 25
                          retransmitPercent: 100
                          cryptoMode: auto
                          kmRefreshRate: 16777216
                          kmPreAnnounce: 4096
                        streams:
                          latency: max
                          holes: forward
                          join: newest
                          aggregationMillis: 0
                          publisherGraceMillis: 10000
                          publisherProbationMillis: 3000
                          onMissing: reject
                          waitMillis: 10000
                          bufferMebibytes: 64
                          analysis: true
                        access:
                          order:
                            - rules
                            - webhook
                            - jwt
                          otherwise: allow
                          rules: []
                          webhook:
                            url: null
                            secret: null
                            timeoutMillis: 2000
                            whenDown: deny
                            maxConnections: 8
                            maxQueued: 256
                            cacheSeconds: 0
                          notifications:
                            url: null
                            secret: null
                            timeoutMillis: 2000
                            retries: 3
                            maxQueued: 1000
                            events:
                              - publish
                              - unpublish
                              - request
                              - close
                          jwt:
                            jwksUrl: null
                            refreshSeconds: 300
                            key: null
                            algorithms:
                              - HS256
                              - HS384
                              - HS512
                              - RS256
                              - RS384
                              - RS512
                              - PS256
                              - PS384
                              - PS512
                              - ES256
                              - ES384
                              - EdDSA
                            issuer: null
                            audience: null
                            leewaySeconds: 30
                            streamIdKey: null
                        limits:
                          connections: 10000
                          publishers: 1000
                          subscribersPerStream: 10000
                          pendingCallers: 1024
                          delayMillis: 60
                          attempts: 200
                          historyMebibytes: 128
                          callersPerSecondPerAddress: 50
                          callerBurstPerAddress: 100
                          inductionsPerSecond: 20000
                          wrongPassphrasesPerMinute: 60
                        cluster:
                          mode: none
                          name: millrace
                          nodeId: null
                          secret: null
                          host: 127.0.0.1
                          port: 5701
                          mediaPort: 8891
                          members: []
                          serviceDns: null
                          nodes: 3
                          quorum: 0
                          pullsPerStream: 8
                          drainSeconds: 20
                        transport:
                          native: true
                          eventLoops: 0
                          receiveBufferBytes: 4194304
                          sendBufferBytes: 4194304
                        metrics:
                          enabled: true
                          streams: true
                          maxStreams: 200
                        log:
                          level: info
                          format: text
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "live",
                "null",
                "~",
                "true",
                "no",
                "007",
                "0x1F",
                "1_000",
                "1e3",
                ".inf",
                "12:30",
                "2026-01-01",
                "<<",
                "=",
                "#a",
                "a #b",
                "a: b",
                "a:",
                "::",
                "- a",
                "-",
                "?",
                "!x",
                "&x",
                "*x",
                "@x",
                "%x",
                "|",
                ">",
                "'x'",
                "\"x\"",
                "\"",
                "[x]",
                "{x}",
                ",",
                " x ",
                "a\\nb",
                "\u00e9\u4e2d",
                "\ud83d\ude00",
                "\u00a0",
                "a\ufeffb",
                "#!::r=a,m=publish"
            })
    void anyTextReadsBackAsItWas(String stream) throws Exception {
        RelayConfig defaults = RelayConfig.defaults();
        RelayConfig config = new RelayConfig(
                List.of(new ListenerConfig(
                        "1.5",
                        "::1",
                        0,
                        null,
                        true,
                        List.of(),
                        List.of(),
                        List.of(),
                        stream,
                        Mode.PUBLISH,
                        RoleConfig.EVERY_NODE)),
                defaults.http(),
                defaults.srt(),
                defaults.streams(),
                defaults.access(),
                defaults.limits(),
                defaults.cluster(),
                defaults.transport(),
                defaults.metrics(),
                defaults.log());

        assertThat(YamlText.load(config.toYaml())).isEqualTo(config);
    }

    @Test
    void secretsAreHiddenAndTheirAbsenceIsNot() {
        record Access(
                String user,
                @Secret String passphrase,
                @Secret String apiKey) {}

        assertThat(YamlWriter.write(new Access("alice", "correct horse", null)))
                .isEqualTo("user: alice\npassphrase: '***'\napiKey: null\n");
    }

    @Test
    void queryOfAUrlIsHidden() {
        record Hooks(URI with, URI without) {}

        assertThat(YamlWriter.write(
                        new Hooks(URI.create("https://a.example/b?token=c"), URI.create("https://a.example/b"))))
                .isEqualTo("with: https://a.example/b?***\nwithout: https://a.example/b\n");
    }
}
