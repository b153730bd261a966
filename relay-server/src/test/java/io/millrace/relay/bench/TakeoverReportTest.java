package io.millrace.relay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TakeoverReportTest {
    private final TakeoverReport report = new TakeoverReport();

    @Test
    void everyCaseIsALineWithMedianAndWorst() {
        report.add(
                "kill -9",
                List.of(
                        new TakeoverReport.Round(150_400, 400_000, 0),
                        new TakeoverReport.Round(90_000, 1_250_000, 1),
                        new TakeoverReport.Round(300_000, 300_000, 0)));
        report.add(
                "silence",
                List.of(
                        new TakeoverReport.Round(3_000_000, 6_000_000, 0),
                        new TakeoverReport.Round(3_100_000, 6_100_000, 0)));

        assertThat(rows())
                .contains("kill -9 3 150 300 400 1,250 1", "silence 2 3,050 3,100 6,050 6,100 0")
                .noneMatch(row -> row.startsWith("this machine"));
    }

    @Test
    void theMachinesLoadIsSaidWhereItIsKnown() {
        MachineSample begin = new MachineSample(100, 0, 1_000, 2, 0);
        MachineSample end = new MachineSample(350, 100, 2_000, 2, 0);

        assertThat(report.table(begin, end)).contains("0.50 of 2 cores busy on average, 0.20 stolen");
    }

    private List<String> rows() {
        return report.table(null, null)
                .lines()
                .map(row -> row.replaceAll(" +", " "))
                .toList();
    }
}
