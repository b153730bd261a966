package io.millrace.srt.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Draft §5.1.3. */
class ReceiveRatesTest {
    private static final int MAXIMUM_PAYLOAD = 1456;

    private final ReceiveRates rates = new ReceiveRates(MAXIMUM_PAYLOAD);
    private long nowMicros = 5_000_000;
    private int sequenceNumber = 1;

    @Test
    void beforeAnyPacketTheCapacityIsOneThousandPackets() {
        assertThat(rates.linkCapacityPackets()).isEqualTo(1_000);
        assertThat(rates.bytesPerSecond()).isZero();
    }

    @Test
    void steadyArrivalsGiveTheirRate() {
        for (int i = 0; i < 100; i++) {
            arriveAfter(1_000, 1316);
        }

        assertThat(rates.packetsPerSecond()).isCloseTo(1_000, withinPercentage(2));
        assertThat(rates.bytesPerSecond()).isCloseTo(1_000 * (1316 + 44), withinPercentage(2));
    }

    @Test
    void jitterAveragesOut() {
        SplittableRandom random = new SplittableRandom(7);
        long sum = 0;
        for (int i = 0; i < 1_000; i++) {
            arriveAfter(random.nextInt(500, 1_501), 1316);
            sum += rates.packetsPerSecond();
        }

        assertThat(sum / 1_000).isCloseTo(1_000, withinPercentage(5));
    }

    @Test
    void aPauseIsNoPartOfTheRate() {
        for (int i = 0; i < 32; i++) {
            arriveAfter(i % 10 == 0 ? 200_000 : 1_000, 1316);
        }

        assertThat(rates.packetsPerSecond()).isCloseTo(1_000, withinPercentage(2));
    }

    @Test
    void tooFewOrTooUnevenArrivalsGiveNoRate() {
        for (int i = 0; i < 64; i++) {
            // Half far below, half far above any median.
            arriveAfter(i % 2 == 0 ? 10 : 100_000, 1316);
        }

        assertThat(rates.packetsPerSecond()).isZero();
        assertThat(rates.bytesPerSecond()).isZero();
    }

    @Test
    void arrivalsAtOneMomentGiveNoRate() {
        for (int i = 0; i < 64; i++) {
            arriveAfter(0, 1316);
        }

        assertThat(rates.packetsPerSecond()).isZero();
    }

    @Test
    void packetPairsGiveTheCapacity() {
        pairs(64, 100, MAXIMUM_PAYLOAD, true);

        assertThat(rates.linkCapacityPackets()).isCloseTo(10_000, withinPercentage(1));
    }

    @Test
    void shortPairsAreScaledToFullPackets() {
        pairs(64, 100, MAXIMUM_PAYLOAD / 2, true);

        assertThat(rates.linkCapacityPackets()).isCloseTo(5_000, withinPercentage(1));
    }

    @Test
    void retransmissionsTakeNoPartInProbing() {
        pairs(64, 100, MAXIMUM_PAYLOAD, false);

        assertThat(rates.linkCapacityPackets()).isEqualTo(1_000);
    }

    @Test
    void aPairWithAHoleOrOutOfOrderIsNoProbe() {
        for (int first = 16; first < 16 * 200; first += 16) {
            nowMicros += 10_000;
            rates.onArrival(nowMicros, first, MAXIMUM_PAYLOAD, true, true);
            rates.onArrival(nowMicros + 100, first + 17, MAXIMUM_PAYLOAD, true, true);
            rates.onArrival(nowMicros + 200, first + 1, MAXIMUM_PAYLOAD, true, false);
        }

        assertThat(rates.linkCapacityPackets()).isEqualTo(1_000);
    }

    @Test
    void pairsCrossTheWrapOfSequenceNumbers() {
        // 2^31 is a multiple of 16, so 0 starts a pair as well.
        rates.onArrival(0, Integer.MAX_VALUE, MAXIMUM_PAYLOAD, true, true);
        for (int i = 0; i < 64; i++) {
            rates.onArrival(10_000L * i, 0, MAXIMUM_PAYLOAD, true, true);
            rates.onArrival(10_000L * i + 200, 1, MAXIMUM_PAYLOAD, true, true);
        }

        assertThat(rates.linkCapacityPackets()).isCloseTo(5_000, withinPercentage(1));
    }

    @Test
    void someSlowPairsDoNotCount() {
        for (int i = 0; i < 64; i++) {
            pairs(1, i % 8 == 0 ? 50_000 : 100, MAXIMUM_PAYLOAD, true);
        }

        assertThat(rates.linkCapacityPackets()).isCloseTo(10_000, withinPercentage(1));
    }

    private void arriveAfter(long micros, int payloadLength) {
        nowMicros += micros;
        rates.onArrival(nowMicros, sequenceNumber++, payloadLength, true, true);
    }

    private void pairs(int count, int gapMicros, int payloadLength, boolean original) {
        for (int i = 0; i < count; i++) {
            sequenceNumber = (sequenceNumber | 15) + 1;
            nowMicros += 10_000;
            rates.onArrival(nowMicros, sequenceNumber, payloadLength, original, true);
            nowMicros += gapMicros;
            rates.onArrival(nowMicros, sequenceNumber + 1, payloadLength, original, true);
        }
    }
}
