package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.Payload;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublisherSlotTest {
    private final StreamLog log = new StreamLog(64L << 20, 1_000_000);
    private final AtomicLong now = new AtomicLong(1_000);
    private final PublisherSlot slot = new PublisherSlot(log, now::get);

    @Test
    void offsetsBecomePositionsAndKeepTheirHoles() {
        receive(slot, 0, 2);

        assertThat(byteAt(0)).isEqualTo(0);
        assertThat(log.payloadAt(1)).isNull();
        assertThat(byteAt(2)).isEqualTo(2);

        receive(slot, 1);

        assertThat(byteAt(1)).isEqualTo(1);
    }

    @Test
    void nextPublisherContinuesWhereTheOneBeforeItEnded() {
        receive(slot, 0, 1, 2);
        slot.end();
        PublisherSlot next = new PublisherSlot(log, now::get);
        receive(next, 0, 1);

        assertThat(log.end()).isEqualTo(5);
        assertThat(byteAt(3)).isEqualTo(0);
        assertThat(byteAt(4)).isEqualTo(1);
    }

    @Test
    void settledIsPassedOnAsAPosition() {
        receive(slot, 0, 1);
        slot.end();
        PublisherSlot next = new PublisherSlot(log, now::get);
        receive(next, 0, 1, 3);
        next.settled(2);

        assertThat(log.settledEnd()).isEqualTo(4);
    }

    @Test
    void whatAPublisherStillOwedIsSettledWhenItIsGone() {
        receive(slot, 0, 4);
        slot.end();

        assertThat(log.settledEnd()).isEqualTo(5);
    }

    @Test
    void lossThatTheReceiverStillAwaitsLeavesAHoleHoweverLarge() {
        receive(slot, 0);
        receive(slot, 10_000);

        assertThat(log.end()).isEqualTo(10_001);
    }

    @Test
    void jumpOfTheSenderLeavesNoHole() {
        receive(slot, 0, 1);
        slot.settled(1_000_000);
        receive(slot, 1_000_000, 1_000_002);
        slot.settled(1_000_001);

        assertThat(log.end()).isEqualTo(5);
        assertThat(byteAt(2)).isEqualTo(1_000_000 & 0xFF);
        assertThat(byteAt(4)).isEqualTo(1_000_002 & 0xFF);
        assertThat(log.settledEnd()).isEqualTo(3);
    }

    @Test
    void whatBelongsBeforeAJumpIsIgnored() {
        receive(slot, 0, 1);
        slot.settled(1_000_000);
        receive(slot, 1_000_000);
        receive(slot, 999_999, 2);

        assertThat(log.arrivalEnd()).isEqualTo(3);
        assertThat(log.end()).isEqualTo(3);
    }

    @Test
    void emptyPayloadTakesItsPositionAndIsNotPassedOn() {
        slot.received(0, 0, new byte[0]);
        receive(slot, 1);

        assertThat(log.payloadAt(0)).isNull();
        assertThat(byteAt(1)).isEqualTo(1);
    }

    @Test
    void changeIsToldOnceABatch() {
        AtomicInteger told = new AtomicInteger();
        slot.onChange(told::incrementAndGet);
        receive(slot, 0, 1, 2);
        assertThat(told).hasValue(1);

        slot.batchEnded();
        assertThat(told).hasValue(1);

        slot.settled(3);
        assertThat(told).hasValue(2);
    }

    @Test
    void lastReceivedIsZeroUntilAPayloadComes() {
        assertThat(slot.lastReceivedMicros()).isZero();

        now.set(5_000);
        receive(slot, 0);

        assertThat(slot.lastReceivedMicros()).isEqualTo(5_000);
    }

    private void receive(PublisherSlot to, long... offsets) {
        for (long offset : offsets) {
            to.received(offset, now.get(), new byte[] {(byte) offset});
        }
    }

    private int byteAt(long position) {
        @Nullable Payload payload = log.payloadAt(position);
        assertThat(payload).as("payload at %s", position).isNotNull();
        return payload == null ? -1 : payload.bytes()[0] & 0xFF;
    }
}
