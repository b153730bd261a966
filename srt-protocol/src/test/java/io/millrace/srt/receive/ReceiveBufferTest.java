package io.millrace.srt.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.srt.receive.ReceiveBuffer.Insertion;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Draft §4.4, §4.6, §4.8. Packet {@code n} has the origin time {@code 1000 n} microseconds. */
class ReceiveBufferTest {
    private static final int CAPACITY = 1024;
    private static final long NOTHING = Long.MAX_VALUE;

    @ParameterizedTest
    @EnumSource
    void inOrderNothingIsMissing(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);

        for (int offset = 0; offset < 10; offset++) {
            assertThat(insert(buffer, offset)).isEqualTo(Insertion.ACCEPTED);
        }

        assertThat(buffer.firstMissing()).isEqualTo(10);
        assertThat(buffer.end()).isEqualTo(10);
        assertThat(buffer.missing()).isZero();
        assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(NOTHING);
    }

    @ParameterizedTest
    @EnumSource
    void aGapIsMissingUntilItIsFilled(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 0);

        assertThat(insert(buffer, 4)).isEqualTo(Insertion.ACCEPTED_AFTER_GAP);
        assertThat(buffer.missing()).isEqualTo(3);
        assertThat(buffer.firstMissing()).isEqualTo(1);
        assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(4000);

        assertThat(insert(buffer, 2)).isEqualTo(Insertion.ACCEPTED);
        assertThat(buffer.missing()).isEqualTo(2);
        assertThat(buffer.isMissing(1)).isTrue();
        assertThat(buffer.isMissing(2)).isFalse();
        assertThat(buffer.isMissing(3)).isTrue();
        assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(2000);

        insert(buffer, 1);
        insert(buffer, 3);
        assertThat(buffer.missing()).isZero();
        assertThat(buffer.firstMissing()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void theFirstPacketsMayBeMissing(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);

        assertThat(insert(buffer, 2)).isEqualTo(Insertion.ACCEPTED_AFTER_GAP);
        assertThat(buffer.firstMissing()).isZero();
        assertThat(buffer.missing()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aPacketBehindAGapCountsOnce(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 3);

        assertThat(insert(buffer, 3)).isEqualTo(Insertion.DUPLICATE);
        assertThat(buffer.missing()).isEqualTo(3);
        assertThat(buffer.held()).isEqualTo(1);
    }

    @Test
    void aPacketThatWaitsForDeliveryIsADuplicateWhenItComesAgain() {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, Delivery.BY_TIMESTAMP);
        insert(buffer, 0);

        assertThat(insert(buffer, 0)).isEqualTo(Insertion.DUPLICATE);
        assertThat(buffer.heldBytes()).isEqualTo(1);

        buffer.deliver();
        assertThat(insert(buffer, 0)).isEqualTo(Insertion.BELATED);
    }

    @Test
    void aSettledPacketIsBelatedWhenNothingIsKept() {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, Delivery.ON_ARRIVAL);
        insert(buffer, 0);

        assertThat(insert(buffer, 0)).isEqualTo(Insertion.BELATED);
        assertThat(insert(buffer, -1)).isEqualTo(Insertion.BELATED);
    }

    @ParameterizedTest
    @EnumSource
    void aPacketGivenUpIsBelated(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 0);
        insert(buffer, 2);
        buffer.giveUpFirstGap();

        assertThat(insert(buffer, 1)).isEqualTo(Insertion.BELATED);
        assertThat(buffer.firstMissing()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void capacityIsCountedFromTheFirstUnsettledPacket(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);

        assertThat(insert(buffer, CAPACITY)).isEqualTo(Insertion.BEYOND_CAPACITY);
        assertThat(buffer.end()).isZero();
        assertThat(insert(buffer, CAPACITY - 1)).isEqualTo(Insertion.ACCEPTED_AFTER_GAP);
        assertThat(buffer.available()).isZero();
        assertThat(buffer.missing()).isEqualTo(CAPACITY - 1);
    }

    @Test
    void aSettledPacketFreesItsSlotWhenNothingIsKept() {
        ReceiveBuffer buffer = new ReceiveBuffer(16, Delivery.ON_ARRIVAL);
        LongStream.range(0, 1000).forEach(offset -> insert(buffer, offset));

        assertThat(buffer.available()).isEqualTo(16);
        assertThat(insert(buffer, 1015)).isEqualTo(Insertion.ACCEPTED_AFTER_GAP);
        assertThat(insert(buffer, 1016)).isEqualTo(Insertion.BEYOND_CAPACITY);
    }

    @Test
    void aPacketThatWaitsForDeliveryTakesItsSlot() {
        ReceiveBuffer buffer = new ReceiveBuffer(16, Delivery.BY_TIMESTAMP);
        LongStream.range(0, 16).forEach(offset -> insert(buffer, offset));

        assertThat(insert(buffer, 16)).isEqualTo(Insertion.BEYOND_CAPACITY);
        buffer.deliver();
        assertThat(insert(buffer, 16)).isEqualTo(Insertion.ACCEPTED);
    }

    @ParameterizedTest
    @EnumSource
    void growingKeepsWhatIsMissingAndWhatIsReported(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        // So that the ring is not at its origin when it grows.
        LongStream.range(0, 200).forEach(offset -> {
            insert(buffer, offset);
            if (delivery == Delivery.BY_TIMESTAMP) {
                buffer.deliver();
            }
        });
        insert(buffer, 203);
        buffer.reported(201, 7);

        for (long end : new long[] {200 + 256, 200 + 257, 200 + 512, 200 + 513, 200 + CAPACITY}) {
            insert(buffer, end - 1);
            assertThat(buffer.end()).isEqualTo(end);
            assertThat(buffer.firstMissing()).isEqualTo(200);
            assertThat(buffer.isMissing(202)).isTrue();
            assertThat(buffer.isMissing(203)).isFalse();
            assertThat(buffer.isMissing(204)).isTrue();
            assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(203_000);
            assertThat(buffer.isReportDue(200, 0)).isTrue();
            assertThat(buffer.isReportDue(201, 6)).isFalse();
            assertThat(buffer.isReportDue(201, 7)).isTrue();
        }
    }

    @Test
    void aSlotUsedAgainIsNotReported() {
        ReceiveBuffer buffer = new ReceiveBuffer(16, Delivery.ON_ARRIVAL);
        insert(buffer, 1);
        buffer.reported(0, 100);
        insert(buffer, 0);
        LongStream.range(2, 16).forEach(offset -> insert(buffer, offset));

        insert(buffer, 17);

        assertThat(buffer.isMissing(16)).isTrue();
        assertThat(buffer.isReportDue(16, 0)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void givingUpTheFirstGapLeavesTheOthers(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 0);
        insert(buffer, 3);
        insert(buffer, 6);

        assertThat(buffer.giveUpFirstGap()).isEqualTo(2);
        assertThat(buffer.firstMissing()).isEqualTo(4);
        assertThat(buffer.missing()).isEqualTo(2);
        assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(6000);
    }

    @ParameterizedTest
    @EnumSource
    void givingUpToAnOffsetCountsWhatWasMissing(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 2);
        insert(buffer, 9);

        assertThat(buffer.giveUpTo(5)).isEqualTo(4);
        assertThat(buffer.firstMissing()).isEqualTo(5);
        assertThat(buffer.missing()).isEqualTo(4);
        assertThat(buffer.giveUpTo(5)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void skippedPacketsAreSettledAtOnce(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 0);

        buffer.skipTo(5);
        buffer.skipTo(3);

        assertThat(buffer.firstMissing()).isEqualTo(5);
        assertThat(buffer.missing()).isZero();
        assertThat(insert(buffer, 3)).isEqualTo(Insertion.BELATED);
        assertThat(insert(buffer, 5)).isEqualTo(Insertion.ACCEPTED);
    }

    @ParameterizedTest
    @EnumSource
    void skippingLeavesEarlierGapsOpen(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 0);
        insert(buffer, 2);

        buffer.skipTo(5);

        assertThat(buffer.firstMissing()).isEqualTo(1);
        assertThat(buffer.missing()).isEqualTo(1);
        assertThat(insert(buffer, 1)).isEqualTo(Insertion.ACCEPTED);
        assertThat(buffer.firstMissing()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void aGapEndsAtAPacketThatCameNotAtASkippedOne(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 3);
        buffer.giveUpTo(3);
        insert(buffer, 5);
        buffer.skipTo(8);
        insert(buffer, 9);
        insert(buffer, 4);

        assertThat(buffer.firstMissing()).isEqualTo(8);
        assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(9000);
    }

    @Test
    void skippingReachesNoFurtherThanTheBuffer() {
        ReceiveBuffer buffer = new ReceiveBuffer(16, Delivery.BY_TIMESTAMP);

        buffer.skipTo(1_000_000);

        assertThat(buffer.end()).isEqualTo(16);
        assertThat(buffer.available()).isZero();
    }

    @Test
    void deliversInOrderAndNullForWhatWasGivenUp() {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, Delivery.BY_TIMESTAMP);
        insert(buffer, 0);
        insert(buffer, 2);
        assertThat(buffer.nextDeliveryOriginMicros()).isZero();
        assertThat(buffer.deliver()).asString().isEqualTo("0");
        assertThat(buffer.nextDeliveryOriginMicros()).isEqualTo(NOTHING);

        buffer.giveUpFirstGap();

        assertThat(buffer.nextDelivery()).isEqualTo(1);
        assertThat(buffer.nextDeliveryOriginMicros()).isNegative();
        assertThat(buffer.deliver()).isNull();
        assertThat(buffer.nextDeliveryOriginMicros()).isEqualTo(2000);
        assertThat(buffer.deliver()).asString().isEqualTo("2");
        assertThat(buffer.nextDeliveryOriginMicros()).isEqualTo(NOTHING);
        assertThat(buffer.held()).isZero();
    }

    @Test
    void heldBytesAndTimeAreThoseOfWhatWaits() {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, Delivery.BY_TIMESTAMP);
        assertThat(buffer.heldMicros()).isZero();
        LongStream.range(5, 15).forEach(offset -> insert(buffer, offset));

        assertThat(buffer.held()).isEqualTo(10);
        assertThat(buffer.heldBytes()).isEqualTo(5 + 5 * 2);
        assertThat(buffer.heldMicros()).isEqualTo(9_000);
    }

    @Test
    void whatIsGivenUpHasNoTime() {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, Delivery.BY_TIMESTAMP);
        buffer.skipTo(3);
        assertThat(buffer.heldMicros()).isZero();

        insert(buffer, 3);
        insert(buffer, 7);
        buffer.skipTo(20);

        assertThat(buffer.heldMicros()).isEqualTo(4_000);
    }

    @ParameterizedTest
    @EnumSource
    void aRestartForgetsEverything(Delivery delivery) {
        ReceiveBuffer buffer = new ReceiveBuffer(CAPACITY, delivery);
        insert(buffer, 0);
        insert(buffer, 600);

        buffer.restartAt(1_000_000);

        assertThat(buffer.firstMissing()).isEqualTo(1_000_000);
        assertThat(buffer.missing()).isZero();
        assertThat(buffer.held()).isZero();
        assertThat(buffer.heldBytes()).isZero();
        assertThat(buffer.available()).isEqualTo(CAPACITY);
        assertThat(insert(buffer, 1_000_000)).isEqualTo(Insertion.ACCEPTED);
        assertThat(insert(buffer, 999_999)).isEqualTo(Insertion.BELATED);
    }

    @Test
    void capacityIsAPowerOfTwo() {
        assertThatThrownBy(() -> new ReceiveBuffer(1000, Delivery.ON_ARRIVAL)).hasMessageContaining("1000");
    }

    private static Insertion insert(ReceiveBuffer buffer, long offset) {
        return buffer.insert(offset, offset * 1000, Long.toString(offset).getBytes(StandardCharsets.US_ASCII));
    }
}
