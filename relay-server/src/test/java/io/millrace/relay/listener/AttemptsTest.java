package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.access.DefaultStream;
import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.relay.stats.Attempt;
import io.millrace.relay.stats.AttemptLog;
import io.millrace.relay.stats.ConnectionEvents;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final Refusal GROUP = new Refusal(RejectReason.GROUP, "use a single link");
    private static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.100", 8890);

    private final AttemptLog log = new AttemptLog(10_000);
    private final Attempts attempts = new Attempts(
            log,
            new ConnectionEvents(),
            new RefusalLog("main"),
            "main",
            LOCAL,
            peer -> new DefaultStream("studio", Mode.PUBLISH));

    @Test
    void refusalIsListedWithWhatTheStreamIdSays() {
        attempts.refused(caller(5000), "#!::r=news,m=publish,u=bob,s=secret", GROUP);

        assertThat(listed())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.result()).isEqualTo(new Attempt.Refused(GROUP)))
                .extracting(Attempt::caller)
                .isEqualTo(new Attempt.Caller(
                        "main",
                        caller(5000),
                        LOCAL,
                        "#!::r=news,m=publish,u=bob,s=***",
                        Mode.PUBLISH,
                        "news",
                        "bob",
                        null,
                        null));
    }

    @Test
    void unnamedStreamIsThatOfTheListener() {
        attempts.refused(caller(5000), "", GROUP);

        Attempt.Caller caller = listed().get(0).caller();
        assertThat(caller.streamId()).isEmpty();
        assertThat(caller.action()).isEqualTo(Mode.PUBLISH);
        assertThat(caller.stream()).isEqualTo("studio");
    }

    @Test
    void streamIdThatMeansNothingIsListedWithoutActionAndStream() {
        attempts.refused(caller(5000), "#!::r=x,m=listen", GROUP);

        Attempt.Caller caller = listed().get(0).caller();
        assertThat(caller.streamId()).isEqualTo("#!::r=x,m=listen");
        assertThat(caller.action()).isNull();
        assertThat(caller.stream()).isNull();
    }

    @Test
    void callerThatComesBackIsCountedWithItsNewestPort() {
        for (int port = 5000; port < 5010; port++) {
            attempts.refused(caller(port), "news", GROUP);
        }
        attempts.secondPassed();
        attempts.refused(caller(6000), "news", GROUP);

        assertThat(listed()).singleElement().satisfies(attempt -> {
            assertThat(attempt.count()).isEqualTo(11);
            assertThat(attempt.caller().peer()).isEqualTo(caller(6000));
        });
    }

    @Test
    void whoTriesPasswordsIsOneEntry() {
        for (int i = 0; i < 10; i++) {
            attempts.refused(caller(5000), "#!::r=news,s=secret" + i, GROUP);
        }

        assertThat(listed())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.count()).isEqualTo(10));
    }

    @Test
    void floodOfDifferentCallersIsListedInPartAndCountedInFull() {
        for (int i = 0; i < 1_000; i++) {
            attempts.refused(caller(5000), "stream" + i, GROUP);
        }
        assertThat(listed()).hasSize(Attempts.MAX_DESCRIBED_PER_SECOND);

        // Who is listed already is counted on during the flood, and who comes later gets its place.
        attempts.refused(caller(5000), "stream0", GROUP);
        attempts.secondPassed();
        attempts.refused(caller(5000), "later", GROUP);

        assertThat(listed()).hasSize(Attempts.MAX_DESCRIBED_PER_SECOND + 1);
        assertThat(listed().get(0).caller().streamId()).isEqualTo("later");
        assertThat(listed().get(1).caller().streamId()).isEqualTo("stream0");
        assertThat(listed().get(1).count()).isEqualTo(2);
        assertThat(log.counts().get(0).refused()).containsEntry(RejectReason.GROUP, 1_002L);
    }

    private List<Attempt> listed() {
        return log.newestFirst(null).toList();
    }

    private static InetSocketAddress caller(int port) {
        return new InetSocketAddress("192.0.2.1", port);
    }
}
