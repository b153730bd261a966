package io.millrace.relay.access;

import static io.millrace.relay.access.StreamRequest.Mode.PUBLISH;
import static io.millrace.relay.access.StreamRequest.Mode.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.relay.config.JoinMode;
import io.millrace.srt.handshake.RejectReason;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRequestTest {
    private static final DefaultStream STUDIO = new DefaultStream("studio", PUBLISH);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            #!::r=live,join=newest | NEWEST
            r=live,join=next       | NEXT
            live?join=live         | LIVE
            #!::r=live             |
            """)
    void whereTheCallerBeginsIsAKey(String streamId, JoinMode mode) {
        assertThat(StreamRequest.parse(streamId, null))
                .isInstanceOfSatisfying(
                        StreamRequest.class,
                        request -> assertThat(request.join()).isEqualTo(mode));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', commentCharacter = '~', textBlock = """
            ~ the standard
            #!::r=live/cam1,m=publish                             | PUBLISH | live/cam1
            #!::m=publish,r=live/cam1                             | PUBLISH | live/cam1
            #!::r=live/cam1,m=request                             | REQUEST | live/cam1
            #!::r=live/cam1,m=play                                | REQUEST | live/cam1
            #!::r=live/cam1,m=read                                | REQUEST | live/cam1
            #!::r=live/cam1,m=Publish                             | PUBLISH | live/cam1
            #!::r=live/cam1 , m=publish                           | PUBLISH | live/cam1
            #!::r=live/cam1                                       | REQUEST | live/cam1
            #!::r=live/cam1,m=,t=                                 | REQUEST | live/cam1
            #!::r=live/cam1,t=stream                              | REQUEST | live/cam1
            #!::r=/live/cam1/,m=publish                           | PUBLISH | live/cam1
            #!::r=50%off%2F                                       | REQUEST | 50%off%2F
            #!::r=publish/cam1                                    | REQUEST | publish/cam1
            #!:{r=live/cam1,m=publish}                            | PUBLISH | live/cam1
            #!:{r=live/cam1,sub={m=publish,x={y=z}}}              | REQUEST | live/cam1
            ~ the standard as it arrives
            #!:r=live/cam1,m=publish                              | PUBLISH | live/cam1
            #!:m=publish,r=live/cam1,token=abc                    | PUBLISH | live/cam1
            !::r=live/cam1,m=publish                              | PUBLISH | live/cam1
            !:{r=live/cam1,m=publish}                             | PUBLISH | live/cam1
            r=live/cam1,m=publish                                 | PUBLISH | live/cam1
            m=publish,r=live/cam1                                 | PUBLISH | live/cam1
            %23!::r=live/cam1,m=publish                           | PUBLISH | live/cam1
            %23%21%3A%3Ar%3Dlive%2Fcam1%2Cm%3Dpublish             | PUBLISH | live/cam1
            %23!::r=live%2fcam1,m=publish                         | PUBLISH | live/cam1
            !::r=live%2Fcam1                                      | REQUEST | live/cam1
            live%2Fcam1                                           | REQUEST | live/cam1
            publish%3Alive%2Fcam1                                 | PUBLISH | live/cam1
            %E6%9D%B1%E4%BA%AC                                    | REQUEST | 東京
            live%252Fcam1                                         | REQUEST | live%2Fcam1
            ~ '%' that encodes nothing
            50%off                                                | REQUEST | 50%off
            100%                                                  | REQUEST | 100%
            rate%ABC                                              | REQUEST | rate%ABC
            cam%00                                                | REQUEST | cam%00
            %2                                                    | REQUEST | %2
            50%off%2Fcam1                                         | REQUEST | 50%off/cam1
            %٣٣                                                   | REQUEST | %٣٣
            ~ MediaMTX
            publish:live/cam1                                     | PUBLISH | live/cam1
            read:live/cam1                                        | REQUEST | live/cam1
            request:live/cam1                                     | REQUEST | live/cam1
            play:live/cam1                                        | REQUEST | live/cam1
            publish:live/cam1:bob:pw                              | PUBLISH | live/cam1
            publish:live/cam1:bob:pw:a=b                          | PUBLISH | live/cam1
            publish:live/cam1:a=b&c=d                             | PUBLISH | live/cam1
            read:cam1#feedbackplay                                | REQUEST | cam1
            ~ srtrelay
            publish/cam1                                          | PUBLISH | cam1
            publish/live/cam1                                     | PUBLISH | live/cam1
            play/cam1                                             | REQUEST | cam1
            request/cam1                                          | REQUEST | cam1
            read/cam1                                             | REQUEST | cam1
            ~ datarhei
            cam1,mode:publish,token:xyz                           | PUBLISH | cam1
            cam1,token:xyz,mode:publish                           | PUBLISH | cam1
            cam1,mode:request                                     | REQUEST | cam1
            cam1,token:xyz                                        | REQUEST | cam1
            cam,1,mode:publish                                    | PUBLISH | cam,1
            ~ SLS, SRS, OvenMediaEngine
            #!::h=live.example.com,r=live/cam1,m=publish          | PUBLISH | live/cam1
            #!::h=live.example.com/live/cam1,m=publish            | PUBLISH | live/cam1
            #!::r=live/cam1?vhost=a&b=c,m=publish                 | PUBLISH | live/cam1
            live.example.com/live/cam1                            | REQUEST | live.example.com/live/cam1
            srt://live.example.com:9000/live/cam1?a=b             | REQUEST | live/cam1
            srt%3A%2F%2Flive.example.com%3A9000%2Flive%2Fcam1     | REQUEST | live/cam1
            srt://[2001:db8::1]/live/cam1                         | REQUEST | live/cam1
            ~ Blackmagic
            #!::bmd_uuid=1-2,bmd_name=Web Presenter 4K,u=cam1     | PUBLISH | cam1
            #!::u=default/live/cam1,bmd_uuid=1-2                  | PUBLISH | default/live/cam1
            #!::bmd_uuid=1-2,u=cam1,m=request                     | REQUEST | cam1
            #!::bmd_uuid=1-2,u=bob,r=cam1                         | PUBLISH | cam1
            bmd_uuid=1-2,u=cam1                                   | PUBLISH | cam1
            ~ bare names
            cam1                                                  | REQUEST | cam1
            /live/cam1/                                           | REQUEST | live/cam1
            Küche/カメラ 1                                        | REQUEST | Küche/カメラ 1
            a..b/...                                              | REQUEST | a..b/...
            what?                                                 | REQUEST | what?
            live/cam1?token=abc                                   | REQUEST | live/cam1
            publish                                               | REQUEST | publish
            0123456789abcdef                                      | REQUEST | 0123456789abcdef
            #cam1                                                 | REQUEST | #cam1
            """)
    void everyDialectIsUnderstood(String streamId, Mode mode, String stream) {
        assertThat(accepted(streamId))
                .extracting(StreamRequest::mode, StreamRequest::stream)
                .containsExactly(mode, stream);
    }

    static Stream<Arguments> whoAndWith() {
        return Stream.of(
                arguments("#!::r=x,u=bob,s=pw,h=example.com", "bob", "example.com", "pw"),
                arguments("#!:m=publish,r=x,token=pw", null, null, "pw"),
                arguments("#!::r=x,password=pw", null, null, "pw"),
                arguments("#!::r=x,token=other,s=pw", null, null, "pw"),
                arguments("#!::r=x,s=a=b==", null, null, "a=b=="),
                arguments("#!::h=example.com/live/x", null, "example.com", null),
                arguments("publish:x:bob:pw", "bob", null, "pw"),
                arguments("publish:x:bob:pw:a=b", "bob", null, "pw"),
                arguments("publish:x:pw", null, null, "pw"),
                arguments("publish:x::", null, null, null),
                arguments("publish:x:bob::pw", "bob", null, "pw"),
                arguments("x,mode:publish,token:pw", null, null, "pw"),
                arguments("x,token:p,w,mode:publish", null, null, "p,w"),
                arguments("live/x?a=b&token=pw", null, null, "pw"),
                arguments("srt://bob:pw@example.com:9000/x", "bob", "example.com", "pw"),
                arguments("srt://[2001:db8::1]:9000/x", null, "[2001:db8::1]", null),
                arguments("#!::bmd_uuid=1,u=x", null, null, null),
                arguments("#!::bmd_uuid=1,u=bob,r=x", "bob", null, null),
                arguments("x", null, null, null));
    }

    @ParameterizedTest
    @MethodSource("whoAndWith")
    void userHostAndSecretAreFoundWhereverTheyStand(String streamId, String user, String host, String secret) {
        StreamRequest request = accepted(streamId);

        assertThat(request.user()).isEqualTo(user);
        assertThat(request.host()).isEqualTo(host);
        assertThat(request.secret()).isEqualTo(secret);
    }

    @Test
    void otherKeysAreKeptInTheirOrder() {
        assertThat(accepted("#!::bmd_uuid=1-2,r=x,bmd_name=ATEM Mini,m=publish,s=pw")
                        .keys())
                .containsExactly(entry("bmd_uuid", "1-2"), entry("bmd_name", "ATEM Mini"));
        assertThat(accepted("publish:x:bob:pw:a=b&flag&c=d=e").keys())
                .containsExactly(entry("a", "b"), entry("flag", ""), entry("c", "d=e"));
        assertThat(accepted("publish:x:bob:pw:more").keys()).containsExactly(entry("token", "more"));
        assertThat(accepted("publish:x:bob:pw:").keys()).isEmpty();
        assertThat(accepted("#!:{r=x,auth={id=7}}").keys()).containsExactly(entry("auth.id", "7"));
    }

    @Test
    void aQueryDoesNotChangeWhatTheStreamIdSays() {
        StreamRequest request = accepted("#!::r=live/x?r=other&m=publish&t=file&a=2,a=1");

        assertThat(request.stream()).isEqualTo("live/x");
        assertThat(request.mode()).isEqualTo(REQUEST);
        assertThat(request.keys()).containsEntry("a", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "#feedbackplay", "%23feedbackplay"})
    void anEmptyStreamIdGetsTheDefaultStream(String streamId) {
        assertThat(StreamRequest.parse(streamId, STUDIO))
                .isEqualTo(new StreamRequest("studio", PUBLISH, null, null, null, Map.of()));
    }

    @Test
    void aStreamIdWithoutANameGetsTheDefaultStreamAndKeepsTheRest() {
        assertThat(StreamRequest.parse("#!::u=bob,s=pw", STUDIO))
                .isEqualTo(new StreamRequest("studio", PUBLISH, "bob", null, "pw", Map.of()));
        assertThat(StreamRequest.parse("#!::m=request", STUDIO))
                .isEqualTo(new StreamRequest("studio", REQUEST, null, null, null, Map.of()));
        assertThat(StreamRequest.parse("#!::bmd_uuid=1", new DefaultStream("studio", REQUEST)))
                .isEqualTo(new StreamRequest("studio", PUBLISH, null, null, null, Map.of("bmd_uuid", "1")));
    }

    @Test
    void aNamedStreamDoesNotTakeItsModeFromTheDefault() {
        assertThat(StreamRequest.parse("#!::r=studio", STUDIO))
                .isEqualTo(new StreamRequest("studio", REQUEST, null, null, null, Map.of()));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("", RejectReason.BAD_REQUEST, "map its address or port: listeners[].withoutStreamId"),
                arguments("#!::", RejectReason.BAD_REQUEST, "names no stream: add r=NAME"),
                arguments("#!::m=publish,u=bob", RejectReason.BAD_REQUEST, "names no stream: add r=NAME"),
                arguments("#!::bmd_uuid=1-2", RejectReason.BAD_REQUEST, "as the encoder's stream key"),
                arguments("#!::r=live,join=soon", RejectReason.BAD_REQUEST, "set newest, next or live"),
                arguments("live?join=", RejectReason.BAD_REQUEST, "set newest, next or live"),
                arguments("publish:", RejectReason.BAD_REQUEST, "names no stream"),
                arguments("publish/", RejectReason.BAD_REQUEST, "names no stream"),
                arguments("/", RejectReason.BAD_REQUEST, "names no stream"),
                arguments("srt://example.com:9000", RejectReason.BAD_REQUEST, "names no stream"),
                arguments(",mode:publish", RejectReason.BAD_REQUEST, "names no stream"),
                arguments("#!/bin/sh", RejectReason.BAD_REQUEST, "in no form"),
                arguments("#!:{r=x", RejectReason.BAD_REQUEST, "in no form"),
                arguments("!:{r=x", RejectReason.BAD_REQUEST, "in no form"),
                arguments("srt://bob:sec/ret@example.com/x", RejectReason.BAD_REQUEST, "in no form"),
                arguments("publish:x:bob:p:w:z", RejectReason.BAD_REQUEST, "in no form"),
                arguments("x".repeat(513), RejectReason.BAD_REQUEST, "longer than 512 bytes"),
                arguments("é".repeat(257), RejectReason.BAD_REQUEST, "longer than 512 bytes"),
                arguments("x".repeat(257), RejectReason.BAD_REQUEST, "longer than 256 bytes"),
                arguments("#!::r=" + "é".repeat(129), RejectReason.BAD_REQUEST, "longer than 256 bytes"),
                arguments("cam\n1", RejectReason.BAD_REQUEST, "control character"),
                arguments("cam\u0000", RejectReason.BAD_REQUEST, "control character"),
                arguments("cam\u0085", RejectReason.BAD_REQUEST, "control character"),
                arguments("cam\u2028x", RejectReason.BAD_REQUEST, "control character"),
                arguments("K\uFFFDche", RejectReason.BAD_REQUEST, "UTF-8"),
                arguments("cam\uD83C", RejectReason.BAD_REQUEST, "UTF-8"),
                arguments("..", RejectReason.BAD_REQUEST, "\"..\""),
                arguments("live/../cam1", RejectReason.BAD_REQUEST, "\"..\""),
                arguments("publish:../cam1", RejectReason.BAD_REQUEST, "\"..\""),
                arguments("#!::r=live/..", RejectReason.BAD_REQUEST, "\"..\""),
                arguments("%2e%2E/cam1", RejectReason.BAD_REQUEST, "\"..\""),
                arguments(
                        "#!::r=x,m=bidirectional", RejectReason.BAD_MODE, "m=publish to send or m=request to receive"),
                arguments("#!::r=x,m=listen", RejectReason.BAD_MODE, "m=listen is no mode"),
                arguments("#!::r=x,m=a\nb", RejectReason.BAD_MODE, "m=a\\u000ab is no mode"),
                arguments("x,mode:caller", RejectReason.BAD_MODE, "m=caller is no mode"),
                arguments("#!::r=x,t=file,m=publish", RejectReason.UNSUPPORTED_MEDIA, "t=file"),
                arguments("#!::r=x,t=auth", RejectReason.UNSUPPORTED_MEDIA, "t=auth"),
                arguments("#!::r=x,t=other", RejectReason.UNSUPPORTED_MEDIA, "t=other"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aRefusalSaysWhatIsWrong(String streamId, RejectReason reason, String explanation) {
        Refusal refusal = (Refusal) StreamRequest.parse(streamId, null);

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.explanation()).contains(explanation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#!::r=x,s=secret",
                "#!::r=x,u=bob,s=secret,company_key=secret",
                "#!::r=..,s=secret",
                "#!::r=x,m=bidirectional,s=secret",
                "#!::r=x,t=file,s=secret",
                "#!::s=secret",
                "#!:{s=secret",
                "publish:x:bob:secret",
                "publish:x:secret",
                "publish:x:bob:pw:secret",
                "publish:x:bob:a:b:secret",
                "x,token:secret",
                "x,token:secret,mode:bad",
                "x,mode:s=secret",
                "#!::r=x,m=publish%2Cs%3Dsecret",
                "x?token=secret",
                "../x?password=secret",
                "srt://bob:secret@example.com/x"
            })
    void neitherARequestNorARefusalShowsASecret(String streamId) {
        String shown = StreamRequest.parse(streamId, null).toString();

        assertThat(shown.replace("secret=***", "")).doesNotContain("secret");
    }

    @Test
    void aRequestIsPrintedOnOneLine() {
        assertThat(accepted("#!::r=x,u=a\nb,h=" + "h".repeat(300) + ",s=pw"))
                .hasToString("StreamRequest[REQUEST x, user=a\\u000ab, host=" + "h".repeat(31) + "…, secret=***]");
    }

    @Test
    void anInvalidNameMakesNoRequestAndNoDefault() {
        for (String name : List.of("", "a\nb", "..", "x".repeat(257))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new StreamRequest(name, REQUEST, null, null, null, Map.of()));
            assertThatIllegalArgumentException().isThrownBy(() -> new DefaultStream(name, REQUEST));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamRequest("/x", REQUEST, null, null, null, Map.of()));
        assertThat(new DefaultStream("/live/x/", REQUEST).stream()).isEqualTo("live/x");
    }

    private static StreamRequest accepted(String streamId) {
        ParsedStreamId parsed = StreamRequest.parse(streamId, null);
        assertThat(parsed).isInstanceOf(StreamRequest.class);
        return (StreamRequest) parsed;
    }
}
