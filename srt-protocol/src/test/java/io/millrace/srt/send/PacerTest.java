package io.millrace.srt.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Draft §5.1: how far apart packets are sent, and what the limit follows from. */
class PacerTest {
    private static final long SECOND = 1_000_000;
    private static final int PAYLOAD = 1316;
    private static final long PACKET = PAYLOAD + 44;

    @Test
    void withoutALimitItIsAGigabit() {
        Pacer pacer = new Pacer(new BandwidthLimit(BandwidthLimit.UNLIMITED, 0, 25, 100));

        assertThat(pacer.bytesPerSecond()).isEqualTo(125_000_000);
        assertThat(pacer.periodMicros()).isCloseTo(10.88, within(0.01));
    }

    @Test
    void aMaximumIsTheLimitItself() {
        Pacer pacer = new Pacer(new BandwidthLimit(2_000_000, 999, 25, 100));

        assertThat(pacer.bytesPerSecond()).isEqualTo(2_000_000);
        assertThat(pacer.periodMicros()).isCloseTo(680, within(0.01));
    }

    @Test
    void aGivenInputRateIsTheLimitWithItsOverhead() {
        assertThat(new Pacer(new BandwidthLimit(0, 1_000_000, 25, 100)).bytesPerSecond())
                .isEqualTo(1_250_000);
    }

    @Test
    void aMeasuredInputRateIsTheLimitWithItsOverhead() {
        Pacer pacer = new Pacer(new BandwidthLimit(0, 0, 50, 100));
        feed(pacer, 0, 0, 1_000, 2 * SECOND);

        assertThat(pacer.bytesPerSecond()).isCloseTo(1_000 * PACKET * 3 / 2, Percentage.withPercentage(1));
    }

    @Test
    void beforeTheFirstMeasurementNothingIsHeldBack() {
        Pacer pacer = new Pacer(new BandwidthLimit(0, 0, 25, 100));
        feed(pacer, 0, 0, 1_000, SECOND / 4);

        assertThat(pacer.bytesPerSecond()).isGreaterThanOrEqualTo(125_000_000);
    }

    @Test
    void aStreamThatBecomesFasterIsMeasuredAsItComesAndNotAsItLeaves() {
        Pacer pacer = new Pacer(new BandwidthLimit(0, 0, 25, 100));
        long arrivals = feed(pacer, 0, 0, 1_000, 2 * SECOND);
        feed(pacer, arrivals, 2 * SECOND, 5_000, 5 * SECOND);

        assertThat(pacer.bytesPerSecond()).isCloseTo(5_000 * PACKET * 5 / 4, Percentage.withPercentage(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {500_000, 2_000_000, 20_000_000})
    void theRateIsKeptByATimerThatFiresLate(long limit) {
        SplittableRandom random = new SplittableRandom(3);
        Pacer pacer = new Pacer(new BandwidthLimit(limit, 0, 25, 100));
        long sent = 0;
        long now = 0;
        while (now < 10 * SECOND) {
            while (pacer.maySend(now)) {
                pacer.sentOriginal(PAYLOAD, now);
                sent += PACKET;
            }
            assertThat(pacer.nextSendMicros()).isGreaterThan(now);
            now = pacer.nextSendMicros() + random.nextInt(1_000);
        }

        assertThat(sent * SECOND / now).isCloseTo(limit, Percentage.withPercentage(1));
    }

    @Test
    void aPauseIsNotMadeUpFor() {
        Pacer pacer = new Pacer(new BandwidthLimit(1_360_000, 0, 25, 100));
        pacer.sentOriginal(PAYLOAD, 0);
        int burst = 0;
        while (pacer.maySend(10 * SECOND)) {
            pacer.sentOriginal(PAYLOAD, 10 * SECOND);
            burst++;
        }

        // A millisecond's worth on either side of now.
        assertThat(burst).isBetween(1, 3);
    }

    @Test
    void thePeriodFollowsTheAveragePayload() {
        Pacer pacer = new Pacer(new BandwidthLimit(1_000_000, 0, 25, 100));
        for (int i = 0; i < 128; i++) {
            pacer.sent(316, i * SECOND);
        }

        // 127/128 of the average stay with each packet, so after 128 of them 1/e of the difference does.
        assertThat(pacer.periodMicros()).isCloseTo(44 + 316 + 1_000 / Math.E, within(5.0));
    }

    @Test
    void retransmissionsAreLimitedToAPercentageOfTheOriginals() {
        Pacer pacer = new Pacer(new BandwidthLimit(BandwidthLimit.UNLIMITED, 0, 25, 20));
        long retransmitted = 0;
        for (int i = 0; i < 10_000; i++) {
            pacer.sentOriginal(PAYLOAD, i * 1_000L);
            for (int asked = 0; asked < 1_000 && pacer.takeRetransmission((int) PACKET); asked++) {
                retransmitted += PACKET;
            }
        }

        assertThat(retransmitted).isCloseTo(10_000 * PACKET / 5 + 256 * 1024, Percentage.withPercentage(1));
    }

    /** Payloads come at a rate, and leave as the pacer permits. */
    private static long feed(Pacer pacer, long arrivals, long fromMicros, int perSecond, long micros) {
        long arrived = arrivals;
        long sent = arrivals;
        for (long now = fromMicros; now < fromMicros + micros; now += SECOND / perSecond) {
            arrived++;
            pacer.measureInput(arrived, now);
            while (sent < arrived && pacer.maySend(now)) {
                pacer.sentOriginal(PAYLOAD, now);
                sent++;
            }
        }
        return arrived;
    }
}
