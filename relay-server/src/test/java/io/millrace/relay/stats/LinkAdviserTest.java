package io.millrace.relay.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkAdviserTest {
    @ParameterizedTest
    @CsvSource({
        // The table of the guide.
        "0, 300, 33",
        "1, 300, 33",
        "1.01, 400, 25",
        "3, 400, 25",
        "3.01, 500, 20",
        "7, 500, 20",
        "7.01, 600, 17",
        "10, 600, 17",
        // Beyond it: a packet in a million is missing after as many copies.
        "10.01, 700, 17",
        "20, 900, 33",
        "30, 1200, 50",
        "50, 2000, 83",
        "60, 2000, 99",
        "99, 2000, 100",
        "100, 2000, 100"
    })
    void multiplierAndOverheadGrowWithTheLoss(double lossPercent, int latencyMillis, int overheadPercent) {
        LinkAdvice advice = LinkAdviser.advise(new LinkMeasurement(100, lossPercent, 4e6, 0), 120);

        assertThat(advice.latencyMillis()).isEqualTo(latencyMillis);
        assertThat(advice.overheadPercent()).isEqualTo(overheadPercent);
        assertThat(advice.sufficient()).isFalse();
    }

    @Test
    void sentenceSaysWhatIsTooLittleAndWhatToSet() {
        LinkAdvice advice = LinkAdviser.advise(new LinkMeasurement(68, 4.2, 4e6, 0), 120);

        assertThat(advice)
                .isEqualTo(new LinkAdvice(
                        false,
                        340,
                        20,
                        "Latency 120 ms is too little for 68 ms RTT and 4.2 % loss: set at least 340 ms (5 × RTT), and leave"
                                + " 20 % bandwidth over."));
    }

    @Test
    void sentenceSaysWhatIsEnough() {
        LinkAdvice advice = LinkAdviser.advise(new LinkMeasurement(68, 0.04, 4e6, 100e6), 250);

        assertThat(advice.sufficient()).isTrue();
        assertThat(advice.sentence())
                .isEqualTo(
                        "Latency 250 ms is enough for 68 ms RTT and less than 0.1 % loss, which need 204 ms (3 × RTT);"
                                + " leave 33 % bandwidth over.");
    }

    @Test
    void latencyThatIsJustEnoughIsEnough() {
        LinkMeasurement measured = new LinkMeasurement(68.1, 4.2, 4e6, 0);

        assertThat(LinkAdviser.advise(measured, 340).sufficient()).isFalse();
        assertThat(LinkAdviser.advise(measured, 341).sufficient()).isTrue();
    }

    @Test
    void noLinkGetsLessThanTheLeast() {
        LinkAdvice advice = LinkAdviser.advise(new LinkMeasurement(0.4, 0, 4e6, 0), 80);

        assertThat(advice.latencyMillis()).isEqualTo(120);
        assertThat(advice.sentence())
                .isEqualTo(
                        "Latency 80 ms is too little for 0.4 ms RTT and 0.0 % loss: set at least 120 ms (the least for any"
                                + " link), and leave 33 % bandwidth over.");
    }

    @Test
    void roundTripCountsAsTwentyMillisecondsAtLeast() {
        LinkAdvice advice = LinkAdviser.advise(new LinkMeasurement(5, 20, 4e6, 0), 120);

        assertThat(advice.latencyMillis()).isEqualTo(180);
        assertThat(advice.sentence()).contains("180 ms (9 × 20 ms, the least to count)");
    }

    @Test
    void linkWithoutRoomForTheOverheadNeedsALowerBitRate() {
        // 0.75 × 6 Mbit/s ÷ 1.2
        assertThat(LinkAdviser.advise(new LinkMeasurement(20, 5, 3.74e6, 6e6), 120)
                        .sufficient())
                .isTrue();
        LinkAdvice advice = LinkAdviser.advise(new LinkMeasurement(20, 5, 4e6, 6e6), 120);

        assertThat(advice.sufficient()).isFalse();
        assertThat(advice.sentence())
                .isEqualTo("Latency 120 ms is enough for 20 ms RTT and 5.0 % loss, which need 120 ms (the least for any"
                        + " link); lower the bit rate to 3.8 Mbit/s, because with 20 % left over, 4.0 Mbit/s are too much for"
                        + " three quarters of the link's 6.0 Mbit/s.");
        assertThat(LinkAdviser.advise(new LinkMeasurement(68, 4.2, 4e6, 6e6), 120)
                        .sentence())
                .contains("set at least 340 ms (5 × RTT), and lower the bit rate to 3.8 Mbit/s, because");
    }

    @Test
    void nonsenseIsNoMeasurement() {
        for (double nonsense : new double[] {-1, Double.NaN}) {
            assertThatThrownBy(() -> new LinkMeasurement(nonsense, 0, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new LinkMeasurement(0, nonsense, 0, 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new LinkMeasurement(0, 0, nonsense, 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new LinkMeasurement(0, 0, 0, nonsense))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new LinkMeasurement(0, 100.1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
