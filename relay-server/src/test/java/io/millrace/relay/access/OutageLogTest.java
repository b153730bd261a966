package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageLogTest {
    private final OutageLog outages = new OutageLog(LoggerFactory.getLogger(OutageLogTest.class), "it", "so what");

    @Test
    void steadyOutageIsOneLineAMinute() {
        try (LoggedLines logged = new LoggedLines(OutageLogTest.class.getName())) {
            for (int second = 0; second <= 120; second++) {
                outages.failed(second * 1_000, "is slow");
            }
            assertThat(logged.lines())
                    .containsExactly(
                            "it is slow; so what. Failures since the last line like this: 1",
                            "it is slow; so what. Failures since the last line like this: 60",
                            "it is slow; so what. Failures since the last line like this: 60");
        }
    }

    @Test
    void serverThatWaversIsTwoLinesAMinute() {
        try (LoggedLines logged = new LoggedLines(OutageLogTest.class.getName())) {
            for (int second = 0; second <= 60; second++) {
                outages.failed(second * 1_000, "is slow");
                outages.worked(second * 1_000 + 500);
            }
            assertThat(logged.lines())
                    .containsExactly(
                            "it is slow; so what. Failures since the last line like this: 1",
                            "it works again, after 0.5 s. More failures in that time: 0",
                            "it is slow; so what. Failures since the last line like this: 60",
                            "it works again, after 0.5 s. More failures in that time: 0");
        }
    }

    @Test
    void serverThatWorksIsNotMentioned() {
        try (LoggedLines logged = new LoggedLines(OutageLogTest.class.getName())) {
            outages.worked(0);
            outages.worked(100_000);
            assertThat(logged.lines()).isEmpty();
        }
    }
}
