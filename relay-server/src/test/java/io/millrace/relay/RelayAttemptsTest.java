package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a relay tells of those who tried to connect. */
@Timeout(60)
class RelayAttemptsTest {
    private TestRelay relay = TestRelay.start("listeners[0].name=studio");

    @AfterEach
    void stop() {
        relay.close();
    }

    @Test
    void refusedCallerIsShownWithWhyAndWhatToDo() {
        TestCaller caller = relay.caller();
        Instant before = Instant.now();
        caller.call(relay.listener(), "#!::r=news,u=bob").refusal();

        JsonObject attempt = single("");

        assertThat(attempt.getMap())
                .containsEntry("result", "refused")
                .containsEntry("count", 1)
                .containsEntry("listener", "studio")
                .containsEntry("peer", "127.0.0.1:" + caller.address().getPort())
                .containsEntry("local", "127.0.0.1:" + relay.listener().getPort())
                .containsEntry("streamId", "#!::r=news,u=bob")
                .containsEntry("action", "request")
                .containsEntry("stream", "news")
                .containsEntry("user", "bob")
                .containsEntry("encrypted", false)
                .containsEntry("srtVersion", "1.5.5")
                .containsEntry("code", 1404)
                .containsEntry("reason", "NOT_FOUND")
                .containsEntry(
                        "advice",
                        "nobody publishes \"news\"; start the publisher, check the name, or set streams.onMissing: wait")
                .doesNotContainKeys("source", "connection");
        assertThat(Instant.parse(attempt.getString("firstTime")))
                .isBetween(before, Instant.now())
                .isEqualTo(Instant.parse(attempt.getString("lastTime")));
    }

    @Test
    void acceptedCallerIsShownWithItsConnection() {
        relay.call("#!::r=live,m=publish,u=bob,s=secret").opened();

        JsonObject attempt = single("");

        assertThat(attempt.getMap())
                .containsEntry("result", "accepted")
                .containsEntry("listener", "studio")
                .containsEntry("streamId", "#!::r=live,m=publish,u=bob,s=***")
                .containsEntry("action", "publish")
                .containsEntry("stream", "live")
                .containsEntry("user", "bob")
                .containsEntry("encrypted", false)
                .containsEntry("srtVersion", "1.5.5")
                .containsEntry("source", "access.otherwise")
                .containsEntry("connection", relay.connections().get(0).getInteger("id"))
                .doesNotContainKeys("code", "reason", "advice");
    }

    @Test
    void callerThatComesBackIsOneEntry() {
        TestCaller last = relay.caller();
        relay.request("news").refusal();
        relay.request("news").refusal();
        last.call(relay.listener(), "#!::r=news").refusal();

        JsonObject attempt = single("");

        assertThat(attempt.getInteger("count")).isEqualTo(3);
        assertThat(attempt.getString("peer"))
                .isEqualTo("127.0.0.1:" + last.address().getPort());
        assertThat(Instant.parse(attempt.getString("firstTime")))
                .isBefore(Instant.parse(attempt.getString("lastTime")));
    }

    @Test
    void handshakeThatIsRefusedWithoutAskingIsShown() throws Exception {
        new RawHandshake().streamId("live").brokenKeyMaterial().answerOf(relay.listener());
        new RawHandshake().streamId("live").fileCongestionControl().answerOf(relay.listener());

        List<JsonObject> attempts = awaited("", 2);

        assertThat(attempts.get(0).getString("reason")).isEqualTo("CONGESTION");
        assertThat(attempts.get(0).getString("advice")).contains("file mode", "transtype=live");
        assertThat(attempts.get(0).getMap()).containsEntry("encrypted", null).containsEntry("srtVersion", null);
        assertThat(attempts.get(1).getString("reason")).isEqualTo("ROGUE");
        assertThat(attempts.get(1).getMap())
                .containsEntry("streamId", "live")
                .containsEntry("stream", "live")
                .containsEntry("action", "request");
    }

    @Test
    void callerWithoutStreamIdIsToldWhereToMapIt() {
        relay.call("").refusal();

        JsonObject attempt = single("");

        assertThat(attempt.getString("streamId")).isEmpty();
        assertThat(attempt.getMap()).containsEntry("stream", null).containsEntry("action", null);
        assertThat(attempt.getString("advice"))
                .contains("sends no stream id", "listeners[].withoutStreamId or listeners[].stream");
    }

    @Test
    void listIsNewestFirstAndCanBeFiltered() {
        relay.request("first").refusal();
        relay.publish("live").opened();
        relay.request("second").refusal();

        assertThat(awaited("", 3))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("second", "live", "first");
        assertThat(awaited("?result=refused", 2))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("second", "first");
        assertThat(awaited("?result=accepted&listener=studio", 1))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("live");
        assertThat(awaited("?limit=1", 1))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("second");
        assertThat(awaited("?limit=1&result=accepted", 1))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("live");
        assertThat(awaited("?stream=first", 1))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("first");
    }

    @Test
    void asManyAreKeptAsAreConfigured() {
        relay.close();
        relay = TestRelay.start("limits.attempts=2");
        relay.request("first").refusal();
        relay.request("second").refusal();
        relay.request("third").refusal();

        await().untilAsserted(() -> assertThat(relay.attempts(""))
                .extracting(attempt -> attempt.getString("stream"))
                .containsExactly("third", "second"));
    }

    @Test
    void countersAreByListenerActionAndReason() {
        assertThat(relay.get("/api/v1/attempts/counters").body())
                .isEqualTo("[{\"listener\":\"studio\",\"accepted\":{\"publish\":0,\"request\":0},\"refused\":{}}]");

        relay.publish("live").opened();
        relay.request("live").opened();
        relay.request("live").opened();
        relay.request("missing").refusal();
        relay.request("missing").refusal();
        relay.call("").refusal();

        await().untilAsserted(
                        () -> assertThat(relay.get("/api/v1/attempts/counters").body())
                                .isEqualTo("[{\"listener\":\"studio\",\"accepted\":{\"publish\":1,\"request\":2},"
                                        + "\"refused\":{\"BAD_REQUEST\":1,\"NOT_FOUND\":2}}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0               | limit: found 0; allowed: a whole number from 1 to 10000",
                "limit=10001           | limit: found 10001; allowed: a whole number from 1 to 10000",
                "limit=-1              | limit: found -1; allowed: a whole number from 1 to 10000",
                "limit=%2B5            | limit: found +5; allowed: a whole number from 1 to 10000",
                "limit=99999999999     | limit: found 99999999999; allowed: a whole number from 1 to 10000",
                "limit=                | limit: found ; allowed: a whole number from 1 to 10000",
                "limit=1&limit=2       | limit: found 1, 2; allowed: one value",
                "result=Refused        | result: found Refused; allowed: accepted, refused",
                "listener=stage        | listener: found stage; allowed: studio",
                "listeners=studio      | unknown parameter listeners; allowed: listener, result, stream, limit",
            })
    void badParameterIsAProblemThatSaysWhatIsAllowed(String query, String detail) {
        HttpResponse<String> answer = relay.get("/api/v1/attempts?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(answer.body()).getMap())
                .containsEntry("status", 400)
                .containsEntry("title", "Bad Request")
                .containsEntry("detail", detail);
    }

    @Test
    void queryWhoseEncodingIsBrokenIsAProblem() throws Exception {
        // Not with an HTTP client: those take no such address.
        try (Socket socket = new Socket("127.0.0.1", relay.httpPort())) {
            socket.getOutputStream()
                    .write("GET /api/v1/attempts?limit=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .containsIgnoringCase("application/problem+json");
        }
    }

    @Test
    void secretOfARefusedCallerIsNotShown() {
        List<String> streamIds = List.of(
                "#!::s=hunter2",
                "#!:{s=hunter2",
                "#!::r=..,s=hunter2",
                "#!::r=x,m=bidirectional,s=hunter2",
                "#!::r=x,t=file,password=hunter2",
                "#!::r=x,m=publish%2Cs%3Dhunter2",
                "x,mode:s=hunter2",
                "x,token:hunter2,mode:bad",
                "publish:x:bob:a:b:hunter2",
                "srt://bob:sec/hunter2@example.com/live",
                "#!::r=x,s=hunter2",
                "#!::r=x,s=a,hunter2",
                "#!::r=x,s=a&u=hunter2",
                "#!::r=x,company_key=hunter2",
                "#!:{r=x,auth={key=hunter2}}",
                "#!::r=x%2Cs%3Dhunter2",
                "#!::r=srt://bob:hunter2@example.com/x",
                "#!::h=example.com/app/x,s=hunter2",
                "#!::bmd_uuid=1,u=x,s=hunter2,m=request",
                "%23!::r=x,s=hunter2",
                "%23%21%3A%3Ar%3Dx%2Cs%3Dhunter2",
                "r%3Dx%2Cs%3Dhunter2",
                "s%253dhunter2",
                "s%25253dhunter2",
                "x%00%2Cs%3dhunter2",
                "s=hunter2,r=x",
                "password=hunter2",
                "x,s=hunter2",
                "read:x:bob:hunter2",
                "read:x:hunter2",
                "read:x:token=hunter2",
                "read:x:a=hunter2:pw",
                "Read:x:bob:hunter2",
                "read%3Ax%3Abob%3Ahunter2",
                "read%253Ax%253Abob%253Ahunter2",
                "read/x?password=hunter2",
                "x,token:hunter2",
                "x,mode:request,token:a,hunter2",
                "x?token=hunter2",
                "live/x?a=b&c=hunter2",
                "srt://bob:hunter2@example.com/live/x",
                "srt://example.com/live/x?token=hunter2");
        TestCaller caller = relay.caller();
        for (String streamId : streamIds) {
            assertThat(caller.call(relay.listener(), streamId).refusal())
                    .as(streamId)
                    .isPositive();
        }

        await().untilAsserted(() -> assertThat(relay.attempts("").stream()
                        .mapToInt(attempt -> attempt.getInteger("count"))
                        .sum())
                .isEqualTo(streamIds.size()));
        assertThat(relay.attempts(""))
                .allSatisfy(attempt -> assertThat(attempt.encode()).doesNotContain("hunter2"));
    }

    @Test
    void secretOfAnAcceptedCallerIsNotShown() {
        relay.call("publish:one:bob:hunter2").opened();
        relay.call("two,mode:publish,token:hunter2").opened();
        relay.call("#!::r=three,m=publish,s=hunter2").opened();
        relay.call("#!::r=four%3Dhunter2,m=publish").opened();

        awaited("?result=accepted", 4);

        assertThat(relay.get("/api/v1/attempts").body()).doesNotContain("hunter2");
    }

    private JsonObject single(String query) {
        return awaited(query, 1).get(0);
    }

    /** The caller may know before the log has it. */
    private List<JsonObject> awaited(String query, int count) {
        await().untilAsserted(() -> assertThat(relay.attempts(query)).hasSize(count));
        return relay.attempts(query);
    }
}
