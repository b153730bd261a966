package io.millrace.relay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The lines that somebody reads who has got the file wrong. */
class ConfigurationErrorsTest {
    private static final String IP = "an IP address such as 0.0.0.0, \"::\" or 192.0.2.7";

    @ParameterizedTest
    @MethodSource("wrongFiles")
    void errorNamesPlaceKeyValueAndWhatIsAllowed(String yaml, String... lines) {
        assertThat(errors(yaml)).containsExactly(lines);
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                wrong(
                        "srt: {latencyMillis: 60001}",
                        "f.yaml:1: srt.latencyMillis: found 60001; allowed: a whole number from 0 to 60000"),
                wrong(
                        "srt:\n\n  latencyMillis: -1",
                        "f.yaml:3: srt.latencyMillis: found -1; allowed: a whole number from 0 to 60000"),
                wrong("http: {port: abc}", "f.yaml:1: http.port: found abc; allowed: a whole number from 0 to 65535"),
                wrong(
                        "http: {port: \"80\"}",
                        "f.yaml:1: http.port: found \"80\"; allowed: a whole number from 0 to 65535"),
                wrong("http: {port: 0x50}", "f.yaml:1: http.port: found 0x50; allowed: a whole number from 0 to 65535"),
                wrong("http: {port: 0120}", "f.yaml:1: http.port: found 0120; allowed: a whole number from 0 to 65535"),
                wrong("http: {port: 1.5}", "f.yaml:1: http.port: found 1.5; allowed: a whole number from 0 to 65535"),
                wrong(
                        "http:\n  port:\n",
                        "f.yaml:2: http.port: found nothing; allowed: a whole number from 0 to 65535"),
                wrong(
                        "http: {port: [80]}",
                        "f.yaml:1: http.port: found a list; allowed: a whole number from 0 to 65535"),
                wrong(
                        "http: {port: {a: 1}}",
                        "f.yaml:1: http.port: found a section; allowed: a whole number from 0 to 65535"),
                wrong(
                        "http: {port: 99999999999999999999999999}",
                        "f.yaml:1: http.port: found 99999999999999999999999999; allowed: a whole number from 0 to 65535"),
                wrong(
                        "srt: {flowWindowPackets: 1000}",
                        "f.yaml:1: srt.flowWindowPackets: found 1000; allowed: a power of two from 256 to 131072"),
                wrong(
                        "srt: {maxBandwidth: -2}",
                        "f.yaml:1: srt.maxBandwidth: found -2; allowed: a whole number from -1 to 1000000000000"),
                wrong(
                        "limits: {historyMebibytes: 65537}",
                        "f.yaml:1: limits.historyMebibytes: found 65537; allowed: a whole number from 0 to 65536"),
                wrong(
                        "limits: {attempts: 0}",
                        "f.yaml:1: limits.attempts: found 0; allowed: a whole number from 1 to 10000"),
                wrong(
                        "limits: {attempts: 10001}",
                        "f.yaml:1: limits.attempts: found 10001; allowed: a whole number from 1 to 10000"),
                wrong("transport: {native: yes}", "f.yaml:1: transport.native: found yes; allowed: true, false"),
                wrong(
                        "transport: {native: \"true\"}",
                        "f.yaml:1: transport.native: found \"true\"; allowed: true, false"),
                wrong(
                        "metrics: {enabled: on, streams: 0, maxStreams: 0}",
                        "f.yaml:1: metrics.enabled: found on; allowed: true, false",
                        "f.yaml:1: metrics.streams: found 0; allowed: true, false",
                        "f.yaml:1: metrics.maxStreams: found 0; allowed: a whole number from 1 to 10000"),
                wrong(
                        "metrics: {maxStreams: 10001}",
                        "f.yaml:1: metrics.maxStreams: found 10001; allowed: a whole number from 1 to 10000"),
                wrong("log: {level: INFO}", "f.yaml:1: log.level: found INFO; allowed: error, warn, info, debug"),
                wrong("log: {level: \"\"}", "f.yaml:1: log.level: found \"\"; allowed: error, warn, info, debug"),
                wrong(
                        "streams: {aggregationMillis: 11}",
                        "f.yaml:1: streams.aggregationMillis: found 11; allowed: a whole number from 0 to 10"),
                wrong("streams: {analysis: maybe}", "f.yaml:1: streams.analysis: found maybe; allowed: true, false"),
                wrong("streams: {holes: keep}", "f.yaml:1: streams.holes: found keep; allowed: forward, hold"),
                wrong("streams: {join: soon}", "f.yaml:1: streams.join: found soon; allowed: newest, next, live"),
                wrong(
                        "access: {rules: [{name: a, join: soon}]}",
                        "f.yaml:1: access.rules[0].join: found soon; allowed: newest, next or live; or null for"
                                + " streams.join"),
                wrong(
                        "access: {rules: [{name: a, allow: false, join: live}]}",
                        "f.yaml:1: access.rules[0].join: found a place to begin; allowed: nothing in a rule with allow:"
                                + " false, which lets nobody in"),
                wrong("streams: {onMissing: 1}", "f.yaml:1: streams.onMissing: found 1; allowed: reject, wait"),
                wrong(
                        "streams: {latency: max+60001}",
                        "f.yaml:1: streams.latency: found max+60001; allowed: max, max+MILLIS with 0 to 60000 ms, sum"),
                wrong(
                        "streams: {latency: 200}",
                        "f.yaml:1: streams.latency: found 200; allowed: max, max+MILLIS with 0 to 60000 ms, sum"),
                wrong("http: {host: localhost}", "f.yaml:1: http.host: found localhost; allowed: " + IP),
                wrong("http: {host: 1.2.3}", "f.yaml:1: http.host: found 1.2.3; allowed: " + IP),
                wrong("http: {host: 1.2.3.256}", "f.yaml:1: http.host: found 1.2.3.256; allowed: " + IP),
                wrong("http: {host: \"1::2::3\"}", "f.yaml:1: http.host: found 1::2::3; allowed: " + IP),
                wrong(
                        "http: {host: \"fe80::1%nowhere\"}",
                        "f.yaml:1: http.host: found fe80::1%nowhere; allowed: " + IP),
                wrong("access: {otherwise: no}", "f.yaml:1: access.otherwise: found no; allowed: allow, deny"),
                wrong(
                        "limits: {callersPerSecondPerAddress: 0, callerBurstPerAddress: -1, inductionsPerSecond: 1000001}",
                        "f.yaml:1: limits.callersPerSecondPerAddress: found 0; allowed: a whole number from 1 to 1000000",
                        "f.yaml:1: limits.callerBurstPerAddress: found -1; allowed: a whole number from 1 to 1000000",
                        "f.yaml:1: limits.inductionsPerSecond: found 1000001; allowed: a whole number from 1 to 1000000"),
                wrong("log: 5", "f.yaml:1: log: found 5; allowed: keys with values"),
                wrong("log: [a]", "f.yaml:1: log: found a list; allowed: keys with values"));
    }

    @ParameterizedTest
    @MethodSource("wrongWebhooks")
    void errorOfAWebhookNamesWhatIsAllowedAndNoSecret(String yaml, String... lines) {
        assertThat(errors(yaml)).containsExactly(lines);
    }

    static Stream<Arguments> wrongWebhooks() {
        String url = "; allowed: an http or https URL without user, password and fragment, or null";
        String secret = "; allowed: a text of 16 to 1024 bytes, or null, as it is or as env:NAME or file:/path";
        return Stream.of(
                wrong("access: {webhook: {url: there}}", "f.yaml:1: access.webhook.url: found there" + url),
                wrong("access: {webhook: {url: \"\"}}", "f.yaml:1: access.webhook.url: found \"\"" + url),
                wrong("access: {webhook: {url: \"ftp://a/b\"}}", "f.yaml:1: access.webhook.url: found ftp://a/b" + url),
                wrong(
                        "access: {webhook: {url: \"http://a:70000/\"}}",
                        "f.yaml:1: access.webhook.url: found http://a:70000/" + url),
                wrong(
                        "access: {notifications: {url: \"http://u:pass@a/\"}}",
                        "f.yaml:1: access.notifications.url: found http://***@a" + url),
                wrong(
                        "access: {webhook: {secret: short}}",
                        "f.yaml:1: access.webhook.secret: found ***, a text of 5 bytes" + secret),
                wrong(
                        "access: {notifications: {secret: \"file:/none\"}}",
                        "f.yaml:1: access.notifications.secret: found file:/none, but can't read /none" + secret),
                wrong(
                        "access: {webhook: {timeoutMillis: 99}}",
                        "f.yaml:1: access.webhook.timeoutMillis: found 99; allowed: a whole number from 100 to 30000"),
                wrong(
                        "access: {webhook: {whenDown: refuse}}",
                        "f.yaml:1: access.webhook.whenDown: found refuse; allowed: deny, allow, next"),
                wrong(
                        "access: {webhook: {maxConnections: 0}}",
                        "f.yaml:1: access.webhook.maxConnections: found 0; allowed: a whole number from 1 to 256"),
                wrong(
                        "access: {webhook: {maxQueued: -1}}",
                        "f.yaml:1: access.webhook.maxQueued: found -1; allowed: a whole number from 0 to 100000"),
                wrong(
                        "access: {webhook: {cacheSeconds: 86401}}",
                        "f.yaml:1: access.webhook.cacheSeconds: found 86401; allowed: a whole number from 0 to 86400"),
                wrong(
                        "access: {notifications: {timeoutMillis: 30001}}",
                        "f.yaml:1: access.notifications.timeoutMillis: found 30001; allowed: a whole number from 100 to"
                                + " 30000"),
                wrong(
                        "access: {notifications: {retries: 11}}",
                        "f.yaml:1: access.notifications.retries: found 11; allowed: a whole number from 0 to 10"),
                wrong(
                        "access: {notifications: {maxQueued: 0}}",
                        "f.yaml:1: access.notifications.maxQueued: found 0; allowed: a whole number from 1 to 1000000"),
                wrong(
                        "access: {notifications: {events: [play]}}",
                        "f.yaml:1: access.notifications.events: found play; allowed: one of publish, unpublish,"
                                + " request, close"),
                wrong(
                        "http: {maximumLiveViewers: 1001}",
                        "f.yaml:1: http.maximumLiveViewers: found 1001; allowed: a whole number from 0 to 1000"),
                wrong(
                        "http: {compatibility: [sls, srs]}",
                        "f.yaml:1: http.compatibility: found srs; allowed: one of sls, openirl, belabox, nimble"),
                wrong(
                        "http: {compatibility: [sls, sls]}",
                        "f.yaml:1: http.compatibility: found an entry twice; allowed: each of sls, openirl, belabox,"
                                + " nimble at most once"));
    }

    @ParameterizedTest
    @MethodSource("wrongTokens")
    void errorOfATokenNamesWhatIsAllowedAndNoSecret(String yaml, String... lines) {
        assertThat(errors(yaml)).containsExactly(lines);
    }

    static Stream<Arguments> wrongTokens() {
        String token =
                "; allowed: 16 to 1024 letters, digits and -._~+/, with equals signs only at the end, as it is or as"
                        + " env:NAME or file:/path";
        return Stream.of(
                wrong(
                        "http: {tokens: [anna]}",
                        "f.yaml:1: http.tokens[0]: found anna; allowed: keys with values",
                        "f.yaml:1: http.tokens[0].token: found nothing" + token,
                        "f.yaml:1: http.tokens[0].name: found nothing; allowed: 1 to 64 letters, digits, dots, dashes or"
                                + " underscores, a letter or digit first"),
                wrong("http: {tokens: [{name: a}]}", "f.yaml:1: http.tokens[0].token: found nothing" + token),
                wrong(
                        "http: {tokens: [{name: a, token: short}]}",
                        "f.yaml:1: http.tokens[0].token: found ***, a text of 5 bytes" + token),
                wrong(
                        "http: {tokens: [{name: a, token: \"with a blank in between\"}]}",
                        "f.yaml:1: http.tokens[0].token: found ***, a text of 23 bytes" + token),
                wrong(
                        "http: {tokens: [{name: a, token: \"file:/none\"}]}",
                        "f.yaml:1: http.tokens[0].token: found file:/none, but can't read /none" + token),
                wrong(
                        "http: {tokens: [{token: 0123456789abcdef}]}",
                        "f.yaml:1: http.tokens[0].name: found nothing; allowed: 1 to 64 letters, digits, dots, dashes or"
                                + " underscores, a letter or digit first"),
                wrong(
                        "http: {tokens: [{name: a, token: 0123456789abcdef, scope: root}]}",
                        "f.yaml:1: http.tokens[0].scope: found root; allowed: read, operate, admin"),
                wrong(
                        "http: {tokens: [{name: a, token: 0123456789abcdef}, {name: a, token: fedcba9876543210}]}",
                        "f.yaml:1: http.tokens[1].name: found a; allowed: a name that no other token has"),
                wrong(
                        "http: {tokens: [" + "{name: a, tokn: x}" + "]}",
                        "f.yaml:1: http.tokens[0].token: found nothing" + token,
                        "f.yaml:1: http.tokens[0].tokn: unknown key (did you mean token?); allowed: token, name, scope"));
    }

    @ParameterizedTest
    @MethodSource("wrongListeners")
    void errorOfAListenerNamesItsPlaceInTheList(String yaml, String... lines) {
        assertThat(errors(yaml)).containsExactly(lines);
    }

    static Stream<Arguments> wrongListeners() {
        return Stream.of(
                wrong(
                        "listeners: []",
                        "f.yaml:1: listeners: found an empty list; allowed: a list with at least one entry"),
                wrong("listeners: 5", "f.yaml:1: listeners: found 5; allowed: a list with at least one entry"),
                wrong(
                        "listeners: {port: 1}",
                        "f.yaml:1: listeners: found a section; allowed: a list with at least one entry"),
                wrong("listeners:\n  - 8890\n", "f.yaml:2: listeners[0]: found 8890; allowed: keys with values"),
                wrong("listeners:\n  -\n", "f.yaml:2: listeners[0]: found nothing; allowed: keys with values"),
                wrong(
                        "listeners: [{name: \"a b\"}]",
                        "f.yaml:1: listeners[0].name: found a b; allowed: 1 to 64 letters, digits, dots, dashes or"
                                + " underscores, a letter or digit first"),
                wrong(
                        "listeners: [{stream: \"a\\nb\"}]",
                        "f.yaml:1: listeners[0].stream: found a\\nb; allowed: a stream name of 1 to 256 bytes without"
                                + " control characters or parts that are \"..\", or null"),
                wrong(
                        "listeners: [{mode: pull}]",
                        "f.yaml:1: listeners[0].mode: found pull; allowed: publish, request"),
                wrong(
                        "listeners:\n  - name: a\n  - name: a\n    port: 1\n",
                        "f.yaml:3: listeners[1].name: found a; allowed: a name that no other listener has"),
                wrong(
                        "listeners:\n  - port: 1\n  - port: 2\n",
                        "f.yaml:3: listeners[1].name: found main; allowed: a name that no other listener has"),
                wrong(
                        "listeners:\n  - {name: a, host: \"::1\"}\n  - {name: b, host: \"0:0::1\"}\n",
                        "f.yaml:3: listeners[1].port: found [0:0::1]:8890; allowed: an address and port that no other"
                                + " listener has"),
                wrong(
                        "listeners:\n  - {name: a, port: 70000}\n  - {name: b, port: 70000}\n",
                        "f.yaml:2: listeners[0].port: found 70000; allowed: a whole number from 0 to 65535",
                        "f.yaml:3: listeners[1].port: found 70000; allowed: a whole number from 0 to 65535"));
    }

    @ParameterizedTest
    @MethodSource("wrongAccess")
    void errorOfAnAccessKeySaysWhatItNeeds(String yaml, String... lines) {
        assertThat(errors(yaml)).containsExactly(lines);
    }

    static Stream<Arguments> wrongAccess() {
        String names = "1 to 64 letters, digits, dots, dashes or underscores, a letter or digit first";
        String passphrases = "10 to 79 bytes of UTF-8, as it is or as env:NAME or file:/path";
        String nobody = "nothing in a rule with allow: false, which lets nobody in";
        String addresses = "an IP address such as 192.0.2.7 or \"2001:db8::7\", or a range of them such as 192.0.2.0/24"
                + " or \"2001:db8::/32\"";
        return Stream.of(
                wrong(
                        "listeners: [{passphrase: too short}]",
                        "f.yaml:1: listeners[0].passphrase: found ***, a text of 9 bytes; allowed: " + passphrases),
                wrong(
                        "listeners: [{passphrase: \"env:MILLRACE_HAS_NO_SUCH\"}]",
                        "f.yaml:1: listeners[0].passphrase: found env:MILLRACE_HAS_NO_SUCH, but the environment has no"
                                + " MILLRACE_HAS_NO_SUCH; allowed: " + passphrases),
                wrong(
                        "listeners: [{allow: [192.0.2.7/24]}]",
                        "f.yaml:1: listeners[0].allow: found 192.0.2.7/24; allowed: 192.0.2.0/24 for all that begins so,"
                                + " or 192.0.2.7 for this address alone"),
                wrong(
                        "listeners: [{deny: [example.org]}]",
                        "f.yaml:1: listeners[0].deny: found example.org; allowed: " + addresses),
                wrong(
                        "listeners: [{deny: 192.0.2.7}]",
                        "f.yaml:1: listeners[0].deny: found 192.0.2.7; allowed: a list, each entry " + addresses),
                wrong(
                        "listeners: [{deny: [" + "192.0.2.7, ".repeat(1_000) + "\"2001:db8::/32\"]}]",
                        "f.yaml:1: listeners[0].deny: found 1001 addresses and ranges; allowed: at most 1000 of them, since"
                                + " every caller is compared with each; leave longer lists to a firewall"),
                wrong(
                        "listeners: [{stream: a/../b}]",
                        "f.yaml:1: listeners[0].stream: found a/../b; allowed: a stream name of 1 to 256 bytes without"
                                + " control characters or parts that are \"..\", or null"),
                wrong(
                        "listeners: [{withoutStreamId: [{stream: s}]}]",
                        "f.yaml:1: listeners[0].withoutStreamId[0].address: found neither address nor passphrase;"
                                + " allowed: one of them in an entry"),
                wrong(
                        "listeners: [{withoutStreamId: [{address: 192.0.2.7, passphrase: 0123456789, stream: s}]}]",
                        "f.yaml:1: listeners[0].withoutStreamId[0].address: found both address and passphrase;"
                                + " allowed: one of them in an entry"),
                wrong(
                        "listeners: [{withoutStreamId: [{address: 192.0.2.7}]}]",
                        "f.yaml:1: listeners[0].withoutStreamId[0].stream: found nothing; allowed: a stream name of 1 to"
                                + " 256 bytes without control characters or parts that are \"..\""),
                wrong(
                        "listeners: [{withoutStreamId: ["
                                + "{passphrase: 0123456789, stream: s}, ".repeat(17)
                                + "{address: 192.0.2.7, stream: s}]}]",
                        "f.yaml:1: listeners[0].withoutStreamId: found 17 entries with a passphrase; allowed: at most 16"
                                + " of them, since a caller costs a key derivation for each"),
                wrong(
                        "access: {rules: [{allow: true}]}",
                        "f.yaml:1: access.rules[0].name: found nothing; allowed: " + names),
                wrong("access: {rules: [{name: a b}]}", "f.yaml:1: access.rules[0].name: found a b; allowed: " + names),
                wrong(
                        "access:\n  rules:\n    - name: a\n    - name: a\n",
                        "f.yaml:4: access.rules[1].name: found a; allowed: a name that no other rule has"),
                wrong(
                        "access: {rules: [{name: a, listener: c}]}\nlisteners: [{name: a}, {name: b, port: 1}]",
                        "f.yaml:1: access.rules[0].listener: found c; allowed: the name of a listener, a or b, or null"),
                wrong(
                        "access: {rules: [{name: a, action: send}]}",
                        "f.yaml:1: access.rules[0].action: found send; allowed: publish, request, any"),
                wrong(
                        "access: {rules: [{name: a, stream: /live/*}]}",
                        "f.yaml:1: access.rules[0].stream: found /live/*; allowed: 1 to 512 characters, none of them a"
                                + " control character, with * for any but slashes and ** for any; no slashes or blanks"
                                + " around it"),
                wrong(
                        "access: {rules: [{name: a, user: \"\"}]}",
                        "f.yaml:1: access.rules[0].user: found \"\"; allowed: 1 to 512 characters, none of them a control"
                                + " character, with * for any but slashes and ** for any; or null"),
                wrong(
                        "access: {rules: [{name: a, password: \"\"}]}",
                        "f.yaml:1: access.rules[0].password: found ***, a text of 0 bytes; allowed: 1 to 512 bytes, as it"
                                + " is or as env:NAME or file:/path"),
                wrong(
                        "access: {rules: [{name: a, limits: {bitRate: -1}}]}",
                        "f.yaml:1: access.rules[0].limits.bitRate: found -1; allowed: a whole number from 0 to"
                                + " 1000000000000"),
                wrong(
                        "access:\n  rules:\n    - name: a\n      allow: false\n      passphrase: 0123456789\n"
                                + "      password: x\n      limits: {subscribers: 1}\n",
                        "f.yaml:5: access.rules[0].passphrase: found a passphrase; allowed: " + nobody,
                        "f.yaml:6: access.rules[0].password: found a password; allowed: " + nobody,
                        "f.yaml:7: access.rules[0].limits: found limits; allowed: " + nobody));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "srt: {latencyMilis: 1}        | srt.latencyMilis: unknown key (did you mean latencyMillis?)",
                "srt: {latencymillis: 1}       | srt.latencymillis: unknown key (did you mean latencyMillis?)",
                "htpp: {port: 1}               | htpp: unknown key (did you mean http?)",
                "latencyMillis: 1              | latencyMillis: unknown key (did you mean srt.latencyMillis?)",
                "port: 1                       | port: unknown key (did you mean listeners[0].port or http.port or cluster.port?)",
                "listeners: [{bind: 1}]        | listeners[0].bind: unknown key",
                "log: {<<: 1}                  | log.<<: unknown key",
                "entirelyDifferent: {a: {b: 1}}| entirelyDifferent: unknown key",
            })
    void unknownKeyIsAnErrorThatNamesTheNearestOnes(String yaml, String problem) {
        assertThat(errors(yaml)).singleElement().asString().startsWith("f.yaml:1: " + problem + "; allowed: ");
    }

    @ParameterizedTest
    @MethodSource("wrongTokenSettings")
    void errorOfTheTokenSettingsNamesItsKey(String jwt, String line) {
        assertThat(errors("access: {jwt: {" + jwt + "}}")).containsExactly("f.yaml:1: access.jwt." + line);
    }

    static Stream<Arguments> wrongTokenSettings() {
        String url = "; allowed: an http or https URL without user, password and fragment, or null";
        String key =
                "; allowed: a secret of at least 32 bytes or a public key as PEM (RSA with at least 2048 bits, P-256,"
                        + " P-384, Ed25519), as it is or as env:NAME or file:/path";
        String algorithms = "; allowed: one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256,"
                + " ES384, EdDSA";
        String secret = "key: 0123456789abcdef0123456789abcdef";
        return Stream.of(
                Arguments.of("jwksUrl: issuer.example/keys", "jwksUrl: found issuer.example/keys" + url),
                Arguments.of("jwksUrl: \"file:///keys\"", "jwksUrl: found file:///keys" + url),
                Arguments.of("jwksUrl: \"http://a:b@c/\"", "jwksUrl: found http://***@c" + url),
                Arguments.of("key: short", "key: found ***, a text of 5 bytes" + key),
                Arguments.of(
                        "key: \"-----BEGIN PUBLIC KEY-----\\nMIIB\\n-----END PUBLIC KEY-----\"",
                        "key: found ***, a text of 56 bytes" + key),
                Arguments.of(
                        "key: \"-----BEGIN PRIVATE KEY-----\\nMIIB\\n-----END PRIVATE KEY-----\"",
                        "key: found ***, a text of 58 bytes" + key),
                Arguments.of("algorithms: [none]", "algorithms: found none" + algorithms),
                Arguments.of("algorithms: [hs256]", "algorithms: found hs256" + algorithms),
                Arguments.of(
                        "algorithms: []", "algorithms: found an empty list; allowed: a list with at least one entry"),
                Arguments.of(
                        secret + ", algorithms: [ES256]",
                        "algorithms: found [ES256]; allowed: at least one that fits the key"),
                Arguments.of(
                        "jwksUrl: \"https://issuer.example\", algorithms: [HS256]",
                        "algorithms: found [HS256]; allowed: at least one that fits the key"),
                Arguments.of(
                        "jwksUrl: \"https://issuer.example\", " + secret,
                        "key: found a key beside jwksUrl; allowed: one of key and jwksUrl, and null for the other"),
                Arguments.of("refreshSeconds: 9", "refreshSeconds: found 9; allowed: a whole number from 10 to 86400"),
                Arguments.of("leewaySeconds: 601", "leewaySeconds: found 601; allowed: a whole number from 0 to 600"),
                Arguments.of("issuer: \"\"", "issuer: found \"\"; allowed: a text of 1 to 512 characters, or null"),
                Arguments.of(
                        "audience: []",
                        "audience: found an empty list; allowed: a text of 1 to 512 characters, or null"),
                Arguments.of(
                        "streamIdKey: u",
                        "streamIdKey: found u; allowed: 1 to 64 letters, digits, dots, dashes or underscores, not r, m,"
                                + " u, h or t, or null"));
    }

    @Test
    void unknownKeyNamesTheKeysOfItsSection() {
        assertThat(errors("http: {prot: 1}"))
                .containsExactly("f.yaml:1: http.prot: unknown key (did you mean port?); allowed: host, port, tokens,"
                        + " compatibility, maximumLiveViewers");
        assertThat(errors("wrong: 1"))
                .containsExactly("f.yaml:1: wrong: unknown key; allowed: listeners, http, srt, streams, access,"
                        + " limits, cluster, transport, metrics, log");
    }

    @Test
    void allErrorsAreShownInTheOrderOfTheFile() {
        assertThat(errors("log:\n  level: loud\nlimit: {}\nsrt:\n  mss: 9000\n  mtu: 1\nhttp: {port: -1}\n"))
                .containsExactly(
                        "f.yaml:2: log.level: found loud; allowed: error, warn, info, debug",
                        "f.yaml:3: limit: unknown key (did you mean limits?); allowed: listeners, http, srt, streams,"
                                + " access, limits, cluster, transport, metrics, log",
                        "f.yaml:5: srt.mss: found 9000; allowed: a whole number from 116 to 1500",
                        "f.yaml:6: srt.mtu: unknown key; allowed: latencyMillis, peerIdleTimeoutMillis,"
                                + " flowWindowPackets, mss, maxBandwidth, inputBandwidth, overheadPercent,"
                                + " retransmitPercent, cryptoMode, kmRefreshRate, kmPreAnnounce",
                        "f.yaml:7: http.port: found -1; allowed: a whole number from 0 to 65535");
    }

    @ParameterizedTest
    @MethodSource("whatIsNoConfiguration")
    void textThatIsNoConfigurationIsAnErrorWithItsLine(String yaml, String... lines) {
        assertThat(errors(yaml)).containsExactly(lines);
    }

    static Stream<Arguments> whatIsNoConfiguration() {
        String keys = "; allowed: keys with values, such as \"log: {level: info}\"";
        return Stream.of(
                wrong("just words", "f.yaml:1: found just words" + keys),
                wrong("\n- 1\n- 2", "f.yaml:2: found a list" + keys),
                wrong("\nlog: level: info", "f.yaml:2: mapping values are not allowed here; allowed: YAML"),
                wrong(
                        "log:\n\tlevel: info",
                        "f.yaml:2: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for"
                                + " indentation); allowed: YAML"),
                wrong("log: {level: info", "f.yaml:1: expected ',' or '}', but got <stream end>; allowed: YAML"),
                wrong("log: \"\u0001\"", "f.yaml:1: special characters are not allowed; allowed: YAML"),
                wrong(
                        "a: " + "[".repeat(40),
                        "f.yaml:1: found deeper nesting or a longer key than any configuration has; allowed: YAML"),
                wrong("log: {}\n---\nlog: {}\n", "f.yaml:3: found a second document; allowed: one document"),
                wrong(
                        "http: {port: 1}\nlog: {}\nhttp: {port: 2}",
                        "f.yaml:3: http: found a second time; allowed: once; it is in line 1 already"),
                wrong(
                        "http:\n  port: *other",
                        "f.yaml:2: http.port: found the alias *other; allowed: the value itself"),
                wrong(
                        "http:\n  host: !!binary abcd",
                        "f.yaml:2: http.host: found binary data; allowed: plain text or numbers"));
    }

    @Test
    void errorStaysOneLineOfBoundedLength() {
        assertThat(errors("log: {level: \"a\\nb\u202e" + "x".repeat(1000) + "\"}"))
                .containsExactly("f.yaml:1: log.level: found a\\nb\\u202e" + "x".repeat(56)
                        + "...; allowed: error, warn, info, debug");
        assertThat(errors("\"a\\nb\": 1")).singleElement().asString().startsWith("f.yaml:1: a\\nb: unknown key");
    }

    @ParameterizedTest
    @MethodSource("wrongRoles")
    void errorInARoleNamesPlaceKeyValueAndWhatIsAllowed(String keys, String... lines) {
        assertThat(errors("listeners: [{role: {" + keys + "}}]"))
                .containsExactly(Stream.of(lines)
                        .map(line -> "f.yaml:1: listeners[0].role." + line)
                        .toArray(String[]::new));
    }

    static Stream<Arguments> wrongRoles() {
        String nothing = ": found a value; allowed: nothing, unless role.exclusive is true";
        String argument = "a program or an argument of 1 to 1024 characters";
        return Stream.of(
                wrong("exclusive: perhaps", "exclusive: found perhaps; allowed: true, false"),
                wrong("preferred: [a]", "preferred" + nothing),
                wrong("address: 192.0.2.7, command: [move]", "address" + nothing, "command" + nothing),
                wrong("command: [move]", "command" + nothing),
                wrong("service: relay", "service" + nothing),
                wrong(
                        "exclusive: true, address: 192.0.2.7",
                        "command: found none; allowed: a program that brings role.address to this machine, as address is"
                                + " set"),
                wrong(
                        "exclusive: true, preferred: [a b]",
                        "preferred: found a b; allowed: 1 to 64 letters, digits, dots, dashes or underscores, a letter"
                                + " or digit first"),
                wrong(
                        "exclusive: true, address: relay.example.net, command: [move]",
                        "address: found relay.example.net; allowed: " + IP),
                wrong("exclusive: true, command: [\"\"]", "command: found \"\"; allowed: " + argument),
                wrong("exclusive: true, command: move", "command: found move; allowed: a list, each entry " + argument),
                wrong(
                        "exclusive: true, service: Relay",
                        "service: found Relay; allowed: the name of a Kubernetes service"));
    }

    @ParameterizedTest
    @MethodSource("wrongClusters")
    void errorInTheClusterNamesPlaceKeyValueAndWhatIsAllowed(String keys, String... lines) {
        assertThat(errors("cluster: {" + keys + "}"))
                .containsExactly(Stream.of(lines)
                        .map(line -> "f.yaml:1: cluster." + line)
                        .toArray(String[]::new));
    }

    static Stream<Arguments> wrongClusters() {
        String on = "mode: host, secret: \"0123456789\"";
        String secret = "10 to 79 bytes of UTF-8";
        String host = "one address of this machine, since other nodes are told to call it";
        String member = "a host such as 192.0.2.11 or relay-2.example.net, with or without :PORT";
        return Stream.of(
                wrong("mode: auto", "mode: found auto; allowed: none, host, static, kubernetes"),
                wrong("mode: host", "secret: found nothing; allowed: " + secret + ", the same on every node"),
                wrong(
                        "mode: host, secret: short",
                        "secret: found ***, a text of 5 bytes; allowed: " + secret
                                + ", as it is or as env:NAME or file:/path"),
                wrong(on + ", host: \"::\"", "host: found ::; allowed: " + host),
                wrong(on + ", host: 0.0.0.0", "host: found 0.0.0.0; allowed: " + host),
                wrong(on + ", host: relay", "host: found relay; allowed: " + IP),
                wrong(on + ", nodes: 3, quorum: 4", "quorum: found 4; allowed: at most cluster.nodes, which is 3"),
                wrong(
                        "mode: static, secret: \"0123456789\"",
                        "members: found none; allowed: the hosts of the nodes, where mode is static"),
                wrong(
                        "mode: kubernetes, secret: \"0123456789\"",
                        "serviceDns: found nothing; allowed: the full name of the headless service, where mode is"
                                + " kubernetes"),
                wrong("members: [\"a:0\"]", "members: found a:0; allowed: " + member),
                wrong("serviceDns: \"a..b\"", "serviceDns: found a..b; allowed: a DNS name"),
                wrong("port: 0", "port: found 0; allowed: a whole number from 1 to 65535"),
                wrong("mediaPort: 0", "mediaPort: found 0; allowed: a whole number from 1 to 65535"),
                wrong("nodes: 0", "nodes: found 0; allowed: a whole number from 1 to 1000"),
                wrong("quorum: -1", "quorum: found -1; allowed: a whole number from 0 to 1000"),
                wrong("pullsPerStream: 0", "pullsPerStream: found 0; allowed: a whole number from 1 to 1000"),
                wrong("drainSeconds: 3601", "drainSeconds: found 3601; allowed: a whole number from 0 to 3600"));
    }

    private static Arguments wrong(String yaml, String... lines) {
        return Arguments.of(yaml, lines);
    }

    private static List<String> errors(String yaml) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> YamlText.load(yaml));
        assertThat(e).as(yaml).isNotNull();
        return e.errors().stream().map(ConfigurationError::toString).toList();
    }
}
