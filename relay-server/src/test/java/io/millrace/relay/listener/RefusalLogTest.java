package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import io.millrace.relay.access.Refusal;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final Refusal NOT_FOUND = new Refusal(RejectReason.NOT_FOUND, "nobody publishes it");

    private final LoggedLines logged = new LoggedLines(RefusalLog.class.getName());
    private final RefusalLog log = new RefusalLog("main");

    @AfterEach
    void stop() {
        logged.close();
    }

    @Test
    void firstRefusalIsToldAtOnceWithWhoWhatAndWhy() {
        log.refused(caller(1, 5000), "#!::r=news", NOT_FOUND);

        assertThat(logged.lines())
                .singleElement()
                .asString()
                .contains("192.0.2.1:5000", "main", "#!::r=news", "1404", "NOT_FOUND", "nobody publishes it");
    }

    @Test
    void repetitionsAreCountedAndToldOnceAPeriod() {
        refuse(1, 40);
        assertThat(logged.lines()).hasSize(1);
        logged.clear();

        log.summarise(10);

        assertThat(logged.lines())
                .singleElement()
                .asString()
                .contains("192.0.2.1", "#!::r=news", "1404", "39 more times in 10 s");
    }

    @Test
    void steadyStormIsOneLineAPeriod() {
        refuse(1, 40);
        log.summarise(10);
        logged.clear();

        refuse(1, 40);
        log.summarise(10);

        assertThat(logged.lines()).singleElement().asString().contains("40 more times");
    }

    @Test
    void whoStoppedIsForgottenAndToldAnewWhenBack() {
        refuse(1, 1);
        log.summarise(10);
        logged.clear();

        log.summarise(10);
        assertThat(logged.lines()).isEmpty();

        refuse(1, 1);
        assertThat(logged.lines()).singleElement().asString().contains("nobody publishes it");
    }

    @Test
    void otherReasonIsToldAtOnce() {
        refuse(1, 3);
        logged.clear();

        log.refused(caller(1, 5000), "#!::r=news", new Refusal(RejectReason.CONFLICT, "taken"));

        assertThat(logged.lines()).singleElement().asString().contains("1409", "taken");
    }

    @Test
    void crowdIsBoundedAndTheRestIsCounted() {
        for (int i = 0; i < 10_000; i++) {
            log.refused(caller(1, 5000), "stream" + i, NOT_FOUND);
        }
        assertThat(logged.lines()).hasSizeLessThanOrEqualTo(64);
        int told = logged.lines().size();
        logged.clear();

        log.summarise(10);

        assertThat(logged.lines())
                .singleElement()
                .asString()
                .contains(String.format(Locale.ROOT, "others on main: %,d times", 10_000 - told));
    }

    @Test
    void onlyTheMostFrequentAreSummarisedOneByOne() {
        for (int stream = 0; stream < 20; stream++) {
            for (int i = 0; i <= stream; i++) {
                log.refused(caller(1, 5000), "stream" + stream, NOT_FOUND);
            }
        }
        logged.clear();

        log.summarise(10);

        assertThat(logged.lines()).hasSize(9);
        assertThat(logged.lines().get(0)).contains("stream19", "19 more times");
        assertThat(logged.lines().get(8)).contains("others on main: 66 times in 10 s");
    }

    @Test
    void hostileStreamIdCanNotForgeALine() {
        log.refused(caller(1, 5000), "x\r\n2026 ERROR all is lost", NOT_FOUND);

        assertThat(logged.lines()).singleElement().asString().doesNotContain("\n", "\r");
    }

    private void refuse(int host, int times) {
        for (int i = 0; i < times; i++) {
            log.refused(caller(host, 5000 + i), "#!::r=news", NOT_FOUND);
        }
    }

    private static InetSocketAddress caller(int host, int port) {
        return new InetSocketAddress("192.0.2." + host, port);
    }
}
