package io.millrace.relay.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void agesAreShort() {
        assertThat(Figures.age(45_999)).isEqualTo("0:45");
        assertThat(Figures.age(725_000)).isEqualTo("12:05");
        assertThat(Figures.age(11_525_000)).isEqualTo("3:12:05");
        assertThat(Figures.age(183_600_000)).isEqualTo("2d03h");
        assertThat(Figures.age(Double.NaN)).isEqualTo("-");
    }

    @Test
    void numbersHaveAsManyPlacesAsMatter() {
        assertThat(Figures.megabits(6_024_000)).isEqualTo("6.02");
        assertThat(Figures.percent(0.126)).isEqualTo("0.13");
        assertThat(Figures.percent(9.999)).isEqualTo("10.0");
        assertThat(Figures.percent(Double.NaN)).isEqualTo("-");
    }

    @Test
    void sparklineReachesFromZeroToTheHighest() {
        assertThat(Sparkline.of(List.of(0.0, 50.0, 100.0, Double.NaN, 100.0))).isEqualTo("▁▅█ █");
        assertThat(Sparkline.of(List.of(0.0, 0.0))).isEqualTo("▁▁");
        assertThat(Sparkline.of(List.of())).isEmpty();
    }

    @Test
    void gaugeIsFilledByItsShare() {
        assertThat(Sparkline.gauge(0.5, 4)).isEqualTo("██░░");
        assertThat(Sparkline.gauge(7, 4)).isEqualTo("████");
        assertThat(Sparkline.gauge(Double.NaN, 4)).isEqualTo("░░░░");
    }

    @Test
    void terminalThatDoesNotKnowItsSizeIsTheUsualOne() {
        assertThat(Terminal.of("50 132\n")).isEqualTo(new Terminal(50, 132));
        assertThat(Terminal.of("0 0\n")).isEqualTo(new Terminal(24, 80));
        assertThat(Terminal.of("what?")).isEqualTo(new Terminal(24, 80));
    }
}
