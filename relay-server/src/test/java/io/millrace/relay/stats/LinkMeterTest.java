package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.relay.stats.ConnectionInfo.Role;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LinkMeterTest {
    private static final long PLENTY = 1 << 20;
    private static final Instant START = Instant.ofEpochSecond(SampledLink.START);

    private final SampledLink publisher = SampledLink.of(Role.PUBLISHER, PLENTY);
    private final SampledLink subscriber = SampledLink.of(Role.SUBSCRIBER, PLENTY);

    @Test
    void secondIsWhatItsSamplesAmountTo() {
        for (int i = 1; i <= 10; i++) {
            publisher.sample.rttMicros = i * 1_000;
            publisher.sample.bufferMicros = i * 2_000;
            publisher.tick(50, 1);
        }
        LinkSecond second = Objects.requireNonNull(publisher.passed());

        assertThat(second.rttMinMillis()).isEqualTo(1);
        assertThat(second.rttMeanMillis()).isEqualTo(5.5f);
        assertThat(second.rttMaxMillis()).isEqualTo(10);
        assertThat(second.bufferMaxMillis()).isEqualTo(20);
        assertThat(second.lost()).isEqualTo(10);
        assertThat(second.originals()).isEqualTo(500);
        assertThat(second.bitsPerSecond()).isEqualTo(510 * 8000.0);
    }

    @Test
    void rateIsOverTheTimeBetweenSamplesAndNotBetweenCalls() {
        publisher.second(1_000, 500, 0);
        for (int i = 0; i < 9; i++) {
            publisher.tick(50, 0);
        }
        assertThat(Objects.requireNonNull(publisher.passed()).bitsPerSecond()).isCloseTo(500 * 8000, within(1e-3));
        for (int i = 0; i < 11; i++) {
            publisher.tick(50, 0);
        }
        assertThat(Objects.requireNonNull(publisher.passed()).bitsPerSecond()).isCloseTo(500 * 8000, within(1e-3));
    }

    @Test
    void secondWithoutSamplesIsNone() {
        assertThat(publisher.passed()).isNull();
        publisher.second(1_000, 500, 0);
        assertThat(publisher.passed()).isNull();
        assertThat(history(publisher).size()).isEqualTo(1);
    }

    @Test
    void reportCoversASecondTenSecondsAndAllThereWas() {
        publisher.second(200_000, 1_000, 100);
        for (int i = 0; i < 10; i++) {
            publisher.second(20_000, 500, 5);
        }
        publisher.second(10_000, 500, 0);
        LinkReport report = publisher.meter().report();

        assertThat(report.interval().seconds()).isCloseTo(1, within(1e-9));
        assertThat(report.interval().rttMillis()).isEqualTo(new Spread(10, 10, 10, 10));
        assertThat(report.interval().lostPackets()).isEqualTo(new Spread(0, 0, 0, 0));
        assertThat(report.tenSeconds().seconds()).isCloseTo(10, within(1e-9));
        assertThat(report.tenSeconds().rttMillis())
                .usingRecursiveComparison()
                .withComparatorForType((a, b) -> Math.abs(a - b) <= b * 0.0625 ? 0 : 1, Double.class)
                .isEqualTo(new Spread(10, 19, 20, 20));
        assertThat(report.tenSeconds().lostPackets()).isEqualTo(new Spread(0, 4.5, 5, 5));
        assertThat(report.sinceStart().seconds()).isCloseTo(12, within(1e-9));
        assertThat(Objects.requireNonNull(report.sinceStart().rttMillis()).max())
                .isEqualTo(200);
        Spread lostPercent = Objects.requireNonNull(report.sinceStart().lostPercent());
        assertThat(lostPercent.min()).isZero();
        assertThat(lostPercent.max()).isEqualTo(10);
        // Of all packets, and not of the seconds.
        assertThat(lostPercent.mean()).isCloseTo(100.0 * 150 / 6500, within(1e-9));
        assertThat(report.sinceMark()).isNull();
    }

    @Test
    void roundTripTimeThatIsAGuessIsNone() {
        publisher.second(-1, 500, 0);

        assertThat(publisher.meter().report().sinceStart().rttMillis()).isNull();
        assertThat(history(publisher).value(0, ConnectionQuantity.rttMaxMillis)).isNaN();
    }

    @Test
    void markCountsFromThenOn() {
        publisher.second(200_000, 500, 50);
        Instant now = Instant.ofEpochSecond(7);
        publisher.info.mark(now);
        publisher.second(20_000, 500, 1);
        LinkReport.SinceMark mark =
                Objects.requireNonNull(publisher.meter().report().sinceMark());

        assertThat(mark.mark()).isEqualTo(now);
        assertThat(mark.spread().seconds()).isCloseTo(1, within(1e-9));
        assertThat(Objects.requireNonNull(mark.spread().rttMillis()).max()).isEqualTo(20);
        assertThat(mark.spread().lostPackets()).isEqualTo(new Spread(1, 1, 1, 1));
    }

    @Test
    void adviceComesAfterTenSecondsAndIsThatOfTheWorstMinute() {
        for (int i = 0; i < 9; i++) {
            publisher.second(20_000, 500, 5);
            assertThat(publisher.info.advice()).isNull();
        }
        publisher.second(20_000, 500, 5);
        assertThat(advice(publisher).latencyMillis()).isEqualTo(120);

        for (int i = 0; i < 60; i++) {
            publisher.second(68_000, 500, 20);
        }
        for (int i = 0; i < 300; i++) {
            publisher.second(20_000, 500, 0);
        }
        // The bad minute does not begin with one of ours: 50 s of it are at 4 %.
        assertThat(advice(publisher).sentence()).contains("too little for 6").contains("% loss");
        assertThat(advice(publisher).latencyMillis()).isBetween(320, 345);

        for (int i = 0; i < 1000; i++) {
            publisher.second(20_000, 500, 0);
        }
        assertThat(advice(publisher).sufficient()).isTrue();
    }

    @Test
    void adviceBeginsAnewAtAMark() {
        for (int i = 0; i < 100; i++) {
            publisher.second(200_000, 500, 20);
        }
        assertThat(advice(publisher).sufficient()).isFalse();
        publisher.info.mark(Instant.now());
        assertThat(publisher.info.advice()).isNull();
        for (int i = 0; i < 10; i++) {
            publisher.second(20_000, 500, 0);
        }
        assertThat(advice(publisher).sufficient()).isTrue();
    }

    @Test
    void capacityCountsWherePacketsAreLostAndTheEstimateIsCredible() {
        SampledLink clean = SampledLink.of(Role.PUBLISHER, PLENTY);
        for (int i = 0; i < 20; i++) {
            publisher.second(20_000, 500, 10);
            clean.second(20_000, 500, 0);
        }

        // 4 Mbit/s, of which a quarter more is to be left over, in three quarters of the link.
        assertThat(sentence(publisher, 6.6e6)).contains("lower the bit rate");
        assertThat(sentence(publisher, 6.7e6)).contains("leave 25 % bandwidth over");
        assertThat(sentence(publisher, 4e6)).contains("lower the bit rate");
        assertThat(sentence(publisher, 3e6)).as("less than came across").contains("leave 25 % bandwidth over");
        assertThat(sentence(clean, 4e6)).as("nothing is lost").contains("leave 33 % bandwidth over");
    }

    private static String sentence(SampledLink link, double capacityBitsPerSecond) {
        return Objects.requireNonNull(link.meter().advice(120, capacityBitsPerSecond))
                .sentence();
    }

    @Test
    void historyHasTheLastQuarterOfAnHour() {
        for (int i = 1; i <= 1_200; i++) {
            subscriber.sample.flightPackets = i;
            subscriber.second(20_000, 500, 3);
        }
        HistoryRows rows = history(subscriber);

        assertThat(rows.size()).isBetween(900, 960);
        int last = rows.size() - 1;
        assertThat(rows.epochSecond(last)).isEqualTo(SampledLink.START + 1_200);
        assertThat(rows.epochSecond(last - 899)).isEqualTo(SampledLink.START + 301);
        assertThat(rows.value(last, ConnectionQuantity.flightPackets)).isEqualTo(1_200);
        assertThat(rows.value(last, ConnectionQuantity.lostPackets)).isEqualTo(3);
        assertThat(rows.value(last, ConnectionQuantity.rttMeanMillis)).isEqualTo(20);
        assertThat(rows.value(last, ConnectionQuantity.bitsPerSecond)).isEqualTo(503 * 8000f);
    }

    @Test
    void whatAConnectionTakesIsBounded() {
        HistoryMemory memory = new HistoryMemory(PLENTY);
        ConnectionDirectory directory = new ConnectionDirectory(1, memory);
        SampledLink link = new SampledLink(directory.opened(SampledLink.facts(Role.PUBLISHER, "live"), why -> {}));
        for (int i = 0; i < 3_000; i++) {
            link.sample.bufferMicros = i % 64 == 0 ? Integer.MAX_VALUE : i * 37;
            link.second(i % 128 == 0 ? 30_000_000 : i * 31, 100_000, i % 50 == 0 ? 100_000 : i);
            if (i == 1_000) {
                link.info.mark(Instant.now());
            }
        }

        assertThat(memory.takenBytes()).isLessThanOrEqualTo(44 * 1024);
        assertThat(link.meter().spanBytes()).isLessThanOrEqualTo(2 * 4 * 1024);
    }

    @Test
    void connectionWithoutMemoryHasNoHistoryAndSaysSo() {
        SampledLink poor = SampledLink.of(Role.PUBLISHER, 100);
        assertThat(poor.meter().lacksMemory())
                .as("before there was anything to keep")
                .isFalse();
        poor.second(1_000, 500, 0);

        assertThat(history(poor).size()).isZero();
        assertThat(poor.meter().lacksMemory()).isTrue();
        assertThat(poor.meter().report().sinceStart().seconds()).isCloseTo(1, within(1e-9));
    }

    private static LinkAdvice advice(SampledLink link) {
        return Objects.requireNonNull(link.info.advice());
    }

    private static HistoryRows history(SampledLink link) {
        return link.meter().history(START, START.plusSeconds(1_000_000));
    }
}
