package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.relay.access.WebhookAnswer.Unusable;
import io.millrace.relay.access.WebhookAnswer.Usable;
import io.millrace.relay.config.JoinMode;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAnswerReaderTest {
    static final AccessRequest REQUEST = new AccessRequest(
            "main",
            new StreamRequest("cam7", Mode.REQUEST, null, null, "battery staple", Map.of()),
            new InetSocketAddress("192.0.2.7", 5000),
            new InetSocketAddress("192.0.2.1", 8890),
            false,
            "1.5.4");

    private static final int DEFAULT_TTL_SECONDS = 5;

    @ParameterizedTest
    @CsvSource({"401, UNAUTHORIZED", "403, FORBIDDEN", "404, NOT_FOUND", "409, CONFLICT"})
    void statusMayRefuse(int status, RejectReason reason) {
        assertThat(read(status, "ignored"))
                .isEqualTo(new Usable(new Refusal(reason, "the webhook refused it with HTTP status " + status), 5_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 201, 202, 206, 301, 400, 402, 405, 429, 500, 502, 503, 504})
    void otherStatusIsNoAnswer(int status) {
        assertThat(read(status, "{\"allow\": true}"))
                .isEqualTo(new Unusable("answers with HTTP status " + status, false));
    }

    @Test
    void noContentAllows() {
        assertThat(read(204, "")).isInstanceOfSatisfying(Usable.class, usable -> {
            assertThat(usable.decision()).isInstanceOfSatisfying(Grant.class, grant -> {
                assertThat(grant.stream()).isEqualTo("cam7");
                assertThat(grant.passphrase()).isNull();
                assertThat(grant.limits()).isEqualTo(GrantLimits.NONE);
            });
            assertThat(usable.ttlMillis()).isEqualTo(5_000);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'allow': true}",
                "{'allow': true, 'passphrase': null, 'stream': null, 'limits': null, 'reason': null}",
                "{'allow': true, 'limits': {}, 'reason': 'a friend'}",
                "{'allow': true, 'limits': {'subscribers': 0, 'bitRate': null}, 'unknown': null}",
                " {'allow': true, 'stream': '/cam7/'} ",
            })
    void whatIsNotSaidHasNoBounds(String answer) {
        assertThat(decision(answer)).isInstanceOfSatisfying(Grant.class, grant -> {
            assertThat(grant.stream()).isEqualTo("cam7");
            assertThat(grant.passphrase()).isNull();
            assertThat(grant.limits()).isEqualTo(GrantLimits.NONE);
        });
    }

    @Test
    void valuesUpToTheirBoundsAreTaken() {
        String longest = "p".repeat(79);

        assertThat(decision("{'allow': true, 'passphrase': '" + longest + "', 'limits': {'subscribers': 1000000,"
                        + " 'bitRate': 1000000000000, 'durationSeconds': 1000000000, 'latencyMillis': 60000}}"))
                .isInstanceOfSatisfying(Grant.class, grant -> {
                    assertThat(grant.passphrase()).isEqualTo(Passphrase.of(longest));
                    assertThat(grant.limits())
                            .isEqualTo(new GrantLimits(1_000_000, 1_000_000_000_000L, 1_000_000_000, 60_000));
                });
    }

    @Test
    void whereASubscriberBeginsIsTaken() {
        assertThat(decision("{'allow': true, 'join': 'next'}"))
                .isInstanceOfSatisfying(
                        Grant.class, grant -> assertThat(grant.join()).isEqualTo(JoinMode.NEXT));
        assertThat(read(200, json("{'allow': true, 'join': 'soon'}")))
                .isEqualTo(
                        new Unusable("gives an answer that can't be used: join must be newest, next or live", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'allow': null}", "{'reason': 'who is that?', 'ttlSeconds': 5}"})
    void answerWithoutYesAndNoIsNoOpinion(String answer) {
        assertThat(decision(answer)).isEqualTo(NoOpinion.NO_OPINION);
    }

    @ParameterizedTest
    @CsvSource({
        "1400, BAD_REQUEST",
        "1404, NOT_FOUND",
        "1507, NO_ROOM",
        "1000, FALLBACK",
        "\"conflict\", CONFLICT",
        "\"NOT_FOUND\", NOT_FOUND",
        "1408, FORBIDDEN",
        "2999, FORBIDDEN",
        "null, FORBIDDEN"
    })
    void rejectCodeIsANumberOrAName(String code, RejectReason reason) {
        assertThat(decision("{'allow': false, 'rejectCode': " + code + "}"))
                .isEqualTo(new Refusal(reason, "the webhook refused it and gave no reason"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"rejectCode\": 999}          | rejectCode must be a name or a whole number from 1000 to 2999",
                "{\"rejectCode\": 3000}         | rejectCode must be a name or a whole number from 1000 to 2999",
                "{\"rejectCode\": 1403.0}       | rejectCode must be a name or a whole number from 1000 to 2999",
                "{\"rejectCode\": 4294968699}   | rejectCode must be a name or a whole number from 1000 to 2999",
                "{\"rejectCode\": true}         | rejectCode must be a name or a whole number from 1000 to 2999",
                "{\"rejectCode\": \"BAD_SECRET\"} | rejectCode is a name that is not known",
                "{\"reason\": 5}                | reason must be a text",
                "{\"ttlSeconds\": -1}           | ttlSeconds must be a whole number from 0",
                "{\"because\": 1}               | because is a key that is not known or not of use here",
            })
    void refusalThatCantBeUsedStillRefuses(String answer, String fault) {
        assertThat(read(200, answer.replaceFirst("\\{", "{\"allow\": false, ")))
                .isEqualTo(new Unusable("gives an answer that can't be used: " + fault, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'passphrase': 'too short'       | a passphrase has 10 to 79 bytes, not 9",
                "'passphrase': ''                | a passphrase has 10 to 79 bytes, not 0",
                "'passphrase': 1234567890        | passphrase must be a text",
                "'passphrase': '\\ud800abcdefghijk' | a passphrase is Unicode text",
                "'stream': ''                    | the stream's name is empty",
                "'stream': 'a/../b'              | the stream's name has \"..\" as a path segment",
                "'stream': 'a\\u0000b'           | the stream's name holds a control character",
                "'stream': ['a']                 | stream must be a text",
                "'limits': 5                     | limits must be an object",
                "'limits': {'subscribers': -1}   | subscribers must be a whole number from 0 to 1000000",
                "'limits': {'subscribers': 1000001} | subscribers must be a whole number from 0 to 1000000",
                "'limits': {'bitRate': 1e9}      | bitRate must be a whole number from 0 to 1000000000000",
                "'limits': {'bitRate': '5'}      | bitRate must be a whole number from 0 to 1000000000000",
                "'limits': {'latencyMillis': 99999999999999999999} | latencyMillis must be a whole number from 0 to 60000",
                "'limits': {'latency': 1}        | latency is a key that is not known or not of use here",
                "'passfrase': 'correct horse'    | passfrase is a key that is not known or not of use here",
            })
    void grantThatCantBeUsedIsNoAnswer(String member, String fault) {
        assertThat(read(200, json("{'allow': true, " + member + "}")))
                .isEqualTo(new Unusable("gives an answer that can't be used: " + fault, false));
    }

    @Test
    void passphraseWithoutAYesIsNoAnswer() {
        assertThat(read(200, "{\"passphrase\": \"correct horse\"}"))
                .isEqualTo(new Unusable(
                        "gives an answer that can't be used: passphrase is a key that is not known or not of use here",
                        false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "true",
                "[]",
                "null",
                "<html>",
                "{\"allow\": true",
                "{\"allow\": true} {}",
                "{\"allow\": false, \"allow\": true}",
                "{\"allow\": yes}",
                "{\"allow\": \"true\"}",
                "{\"allow\": 1}",
                "{\"allow\": \"\u0001\"}"
            })
    void garbageIsNoAnswer(String answer) {
        assertThat(read(200, answer)).isInstanceOfSatisfying(Unusable.class, unusable -> {
            assertThat(unusable.fault()).startsWith("gives an answer that ");
            assertThat(unusable.refused()).isFalse();
        });
    }

    @Test
    void deepNestingIsNoAnswer() {
        assertThat(read(200, "[".repeat(60_000))).isInstanceOf(Unusable.class);
    }

    @Test
    void answerHoldsADayAtMost() {
        assertThat(read(200, "{\"allow\": true, \"ttlSeconds\": 9223372036854775807}"))
                .isInstanceOfSatisfying(
                        Usable.class, usable -> assertThat(usable.ttlMillis()).isEqualTo(86_400_000));
        assertThat(read(200, "{\"allow\": true, \"ttlSeconds\": 0}"))
                .isInstanceOfSatisfying(
                        Usable.class, usable -> assertThat(usable.ttlMillis()).isZero());
    }

    @Test
    void reasonIsOneLineOfBoundedLengthWithoutTheCallersSecret() {
        String reason = "battery staple\\n" + "x".repeat(1_000);

        assertThat(decision("{'allow': false, 'reason': '" + reason + "'}"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.explanation())
                                .startsWith("the webhook says: ***\\u000axxx")
                                .hasSizeLessThan(250));
    }

    private static AccessDecision decision(String answer) {
        WebhookAnswer read = read(200, json(answer));
        assertThat(read).isInstanceOf(Usable.class);
        return ((Usable) read).decision();
    }

    /** Quotes are easier to read this way. */
    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static WebhookAnswer read(int status, String body) {
        return new WebhookAnswerReader(DEFAULT_TTL_SECONDS).read(status, body.getBytes(UTF_8), REQUEST);
    }
}
