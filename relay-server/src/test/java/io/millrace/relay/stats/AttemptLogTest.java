package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.access.Refusal;
import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptLogTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Refusal NOT_FOUND = new Refusal(RejectReason.NOT_FOUND, "nobody publishes it");
    private static final Refusal CONFLICT = new Refusal(RejectReason.CONFLICT, "taken");

    private Instant now = START;
    private final AttemptLog log = new AttemptLog(3, () -> now);
    private final ListenerAttempts main = log.of("main");

    @Test
    void equalRefusalsAreOneEntryWithTheNewestPortAndBothTimes() {
        main.refused(caller("192.0.2.1", 5000, "news"), NOT_FOUND);
        now = START.plusSeconds(60);
        main.refused(caller("192.0.2.1", 5007, "news"), NOT_FOUND);

        assertThat(all())
                .containsExactly(new Attempt(
                        caller("192.0.2.1", 5007, "news"),
                        new Attempt.Refused(NOT_FOUND),
                        START,
                        START.plusSeconds(60),
                        2));
    }

    @Test
    void refusalsThatDifferInAddressStreamIdOrRefusalAreEntriesOfTheirOwn() {
        AttemptLog roomy = new AttemptLog(10, () -> now);
        ListenerAttempts attempts = roomy.of("main");
        attempts.refused(caller("192.0.2.1", 5000, "news"), NOT_FOUND);
        attempts.refused(caller("192.0.2.2", 5000, "news"), NOT_FOUND);
        attempts.refused(caller("192.0.2.1", 5000, "sport"), NOT_FOUND);
        attempts.refused(caller("192.0.2.1", 5000, "news"), CONFLICT);
        attempts.refused(caller("192.0.2.1", 5000, "news"), new Refusal(RejectReason.NOT_FOUND, "another explanation"));

        assertThat(roomy.newestFirst(null)).hasSize(5).allMatch(attempt -> attempt.count() == 1);
    }

    @Test
    void acceptedAttemptsAreNeverMerged() {
        accept("news", 1);
        accept("news", 2);

        assertThat(all())
                .extracting(Attempt::result)
                .containsExactly(new Attempt.Accepted("rules", 2), new Attempt.Accepted("rules", 1));
    }

    @Test
    void oldestIsForgottenBeyondTheMaximum() {
        refuse("a", "b", "c", "d", "e");

        assertThat(streamIds(all())).containsExactly("e", "d", "c");
    }

    @Test
    void refusalThatRepeatsIsNewAgainAndOutlivesOthers() {
        refuse("a", "b", "c", "a");
        assertThat(streamIds(all())).containsExactly("a", "c", "b");

        refuse("d");
        assertThat(streamIds(all())).containsExactly("d", "a", "c");
    }

    @Test
    void everyListenerHasRoomOfItsOwn() {
        log.of("other").refused(caller("192.0.2.1", 5000, "first"), NOT_FOUND);
        now = START.plusSeconds(1);
        refuse("a", "b", "c", "d");

        assertThat(streamIds(log.newestFirst("other").toList())).containsExactly("first");
        assertThat(streamIds(log.newestFirst("main").toList())).containsExactly("d", "c", "b");
        assertThat(log.newestFirst("unheard of")).isEmpty();
        assertThat(log.listeners()).containsExactly("main", "other");
    }

    @Test
    void attemptsAtAllListenersAreShownNewestFirst() {
        ListenerAttempts other = log.of("other");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            now = START.plusSeconds(i);
            (i % 2 == 0 ? main : other).refused(caller("192.0.2.1", 5000, "s" + i), NOT_FOUND);
            expected.add(0, "s" + i);
        }

        assertThat(streamIds(all())).containsExactlyElementsOf(expected);
    }

    @Test
    void countersCountAllAttemptsAlsoThoseForgotten() {
        refuse("a", "b", "c", "d", "a");
        main.refused(caller("192.0.2.1", 5000, "a"), CONFLICT);
        main.refusedUnlisted(CONFLICT);
        accept("news", 1);

        AttemptCounts counts = log.counts().get(0);
        assertThat(counts.listener()).isEqualTo("main");
        assertThat(counts.refused())
                .containsEntry(RejectReason.NOT_FOUND, 5L)
                .containsEntry(RejectReason.CONFLICT, 2L)
                .containsEntry(RejectReason.BAD_SECRET, 0L);
        assertThat(counts.accepted()).isEqualTo(Map.of(Mode.REQUEST, 1L, Mode.PUBLISH, 0L));
        assertThat(all()).hasSize(3);
    }

    @Test
    void nothingIsLostFromManyThreadsAndTheBoundHolds() throws Exception {
        AttemptLog shared = new AttemptLog(50);
        int each = 20_000;
        Callable<@Nullable Void> writer = () -> {
            ListenerAttempts attempts = shared.of("main");
            for (int i = 0; i < each; i++) {
                attempts.refused(caller("192.0.2.1", 5000 + i % 1000, "same"), NOT_FOUND);
                attempts.refused(caller("192.0.2.1", 5000, "other" + i % 40), NOT_FOUND);
            }
            return null;
        };
        Callable<@Nullable Void> reader = () -> {
            for (int i = 0; i < 1_000; i++) {
                assertThat(shared.newestFirst(null).count()).isLessThanOrEqualTo(50);
            }
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(5);
        try {
            for (Future<@Nullable Void> done : threads.invokeAll(List.of(writer, writer, writer, writer, reader))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(shared.newestFirst(null))
                .hasSize(41)
                .allSatisfy(attempt -> assertThat(attempt.count())
                        .isEqualTo(attempt.caller().streamId().equals("same") ? 4L * each : 4L * each / 40));
        assertThat(shared.counts().get(0).refused()).containsEntry(RejectReason.NOT_FOUND, 8L * each);
    }

    private void refuse(String... streamIds) {
        for (String streamId : streamIds) {
            main.refused(caller("192.0.2.1", 5000, streamId), NOT_FOUND);
        }
    }

    private void accept(String streamId, long connection) {
        main.accepted(caller("192.0.2.1", 5000, streamId), new Attempt.Accepted("rules", connection));
    }

    @Test
    void refusedInTheLastMinuteAreThoseOfAllListenersAndAgeToTheSecond() {
        main.refused(caller("192.0.2.1", 5000, "news"), NOT_FOUND);
        log.of("other").refusedUnlisted(CONFLICT);
        assertThat(log.refusedLastMinute()).isEqualTo(2);

        log.secondPassed();
        main.refused(caller("192.0.2.1", 5000, "news"), NOT_FOUND);
        for (int i = 0; i < 58; i++) {
            log.secondPassed();
        }
        assertThat(log.refusedLastMinute()).isEqualTo(3);
        log.secondPassed();
        assertThat(log.refusedLastMinute()).isEqualTo(1);
        log.secondPassed();
        assertThat(log.refusedLastMinute()).isZero();
    }

    private List<Attempt> all() {
        return log.newestFirst(null).toList();
    }

    private static List<String> streamIds(List<Attempt> attempts) {
        return attempts.stream().map(attempt -> attempt.caller().streamId()).toList();
    }

    private static Attempt.Caller caller(String host, int port, String streamId) {
        return new Attempt.Caller(
                "main",
                new InetSocketAddress(host, port),
                new InetSocketAddress("192.0.2.100", 8890),
                streamId,
                Mode.REQUEST,
                streamId,
                null,
                false,
                "1.5.5");
    }
}
