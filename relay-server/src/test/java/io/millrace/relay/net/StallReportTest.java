package io.millrace.relay.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.LoggedLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StallReportTest {
    private final LoggedLines log = new LoggedLines(StallReport.class.getName());
    private final StallReport report = new StallReport(1, 0);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void stallsBelowATenthOfASecondAreNotLogged() {
        report.worked(5_000_000, 99_999);
        report.delayed(5_000_000, 99_999);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void whatHappensWhileTheProcessStartsIsNotLogged() {
        report.worked(4_999_999, 200_000);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aStallIsLoggedWithItsLoopAndWhatToLookAt() {
        report.worked(5_000_000, 100_000);
        assertThat(log.lines())
                .singleElement()
                .asString()
                .contains("Event loop 1 was busy for 100 ms")
                .contains("JFR")
                .contains("/api/v1/loops");
    }

    @Test
    void aLineInTenSecondsTellsOfAllStalls() {
        report.worked(5_000_000, 200_000);
        report.worked(6_000_000, 300_000);
        report.delayed(14_999_999, 400_000);
        assertThat(log.lines()).hasSize(1);
        report.delayed(15_000_000, 500_000);
        report.worked(25_000_000, 600_000);
        assertThat(log.lines()).hasSize(3);
        assertThat(log.lines().get(1)).contains("500 ms late").contains("(and 2 more before)");
        assertThat(log.lines().get(2)).contains("600 ms").doesNotContain("more before");
    }
}
