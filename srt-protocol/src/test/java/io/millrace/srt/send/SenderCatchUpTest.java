package io.millrace.srt.send;

import static io.millrace.srt.send.SenderRig.MILLI;
import static io.millrace.srt.send.SenderRig.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.srt.packet.PacketTimestamp;
import io.millrace.srt.packet.Payload;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A sender that begins in the past: what it sends when, and by which date. */
class SenderCatchUpTest {
    private static final long LATENCY_MICROS = 120 * MILLI;
    private static final long INTERVAL_MICROS = 10 * MILLI;
    private static final int SPEED = 4;
    /** Two seconds. */
    private static final int OLD = 200;

    private final ArrivalLog log = new ArrivalLog();
    private final SenderRig rig = new SenderRig(log);
    private final long startMicros = rig.now;
    private final long firstOriginMicros = startMicros - OLD * INTERVAL_MICROS;
    private long nextPosition = 1;

    @Test
    void itBeginsWithWhatStandsForTheLogsOwnAndGoesOnInOrder() {
        begin(own(0, 'a'), own(1, 'b'));
        goOn(3 * SECOND);

        assertThat(rig.data.get(0).payload()).containsExactly('a');
        assertThat(rig.data.get(1).payload()).containsExactly('b');
        assertThat(rig.data.get(2).payload()).isEqualTo(log.payloadAt(2).bytes());
        assertThat(rig.offsets())
                .containsExactlyElementsOf(
                        LongStream.range(0, nextPosition).boxed().toList());
        assertThat(rig.retransmissions()).isEmpty();
    }

    @Test
    void itGoesThroughThePastFasterThanThatCameAndNotAllAtOnce() {
        begin(own(0, 'a'), own(1, 'b'));
        assertThat(rig.data).hasSizeLessThan(5);

        goOn(100 * MILLI);

        // 100 ms of four seconds a second.
        assertThat(rig.data).hasSizeBetween(36, 46);
    }

    @Test
    void whenItHasCaughtUpWhatComesIsSentAtOnceByItsOwnDate() {
        begin(own(0, 'a'), own(1, 'b'));
        // Two seconds at three more than come.
        goOn(2 * SECOND / (SPEED - 1) + 2 * INTERVAL_MICROS);
        int caughtUp = rig.data.size();
        assertThat((long) caughtUp).isEqualTo(nextPosition);

        goOn(500 * MILLI);

        for (SenderRig.Data data : rig.data.subList(caughtUp, rig.data.size())) {
            assertThat(data.atMicros()).isEqualTo(originMicros(data.offset()));
            assertThat(data.timestamp()).isEqualTo(timestamp(originMicros(data.offset())));
        }
    }

    @Test
    void theReceiverHasHalfTheLatencyForEachAndDatesNeverRunBackwards() {
        begin(own(0, 'a'), own(1, 'b'));
        goOn(2 * SECOND);

        int before = Integer.MIN_VALUE;
        for (SenderRig.Data data : rig.data) {
            long dated = SenderRig.ZERO + data.timestamp();
            assertThat(dated + LATENCY_MICROS - data.atMicros()).isGreaterThanOrEqualTo(LATENCY_MICROS / 2);
            assertThat(dated).isGreaterThanOrEqualTo(Math.max(0, originMicros(data.offset())));
            assertThat(data.timestamp()).isGreaterThanOrEqualTo(before);
            before = data.timestamp();
        }
        assertThat(rig.statistics.pktSndDropTotal).isZero();
    }

    @Test
    void whatIsAskedForAgainIsTheSameAgain() {
        begin(own(0, 'a'), own(1, 'b'));
        goOn(50 * MILLI);

        rig.nak(0, 10);
        goOn(30 * MILLI);

        assertThat(rig.retransmissions()).extracting(SenderRig.Data::offset).contains(0L, 1L, 10L);
        for (SenderRig.Data again : rig.retransmissions()) {
            SenderRig.Data first = rig.data.stream()
                    .filter(data -> data.offset() == again.offset() && !data.retransmitted())
                    .findFirst()
                    .orElseThrow();
            assertThat(again.payload()).isEqualTo(first.payload());
            assertThat(again.timestamp()).isEqualTo(first.timestamp());
            assertThat(again.messageNumber()).isEqualTo(first.messageNumber());
        }
    }

    @Test
    void whatIsUnderWayIsNoOlderThanTheLatency() {
        begin(own(0, 'a'), own(1, 'b'));
        for (int i = 0; i < 100; i++) {
            goOn(10 * MILLI);
            assertThat(rig.sender.unacknowledgedMicros(rig.now)).isLessThanOrEqualTo(LATENCY_MICROS);
            rig.ack(rig.data.get(rig.data.size() - 1).offset() + 1, 8192);
        }
    }

    @Test
    void aLateTurnLosesNothingOfThePast() {
        begin(own(0, 'a'), own(1, 'b'));
        rig.now += 50 * MILLI;
        rig.turnAfter(2 * SECOND);
        goOn(2 * SECOND);

        assertThat(rig.statistics.pktShed).isZero();
        assertThat(rig.data).hasSize((int) nextPosition);
    }

    @Test
    void whatArrivedBeforeItsPredecessorsIsSentOnce() {
        log.put(0, firstOriginMicros, new byte[] {'x'});
        log.put(2, firstOriginMicros + INTERVAL_MICROS, new byte[] {'c'});
        log.put(1, firstOriginMicros, new byte[] {'y'});
        log.put(3, firstOriginMicros + 2 * INTERVAL_MICROS, new byte[] {'d'});
        rig.sender.catchUp(new Backlog(log, List.of(own(0, 'a'), own(1, 'b')), 1, SPEED), rig.now);
        rig.wake();
        rig.run(SECOND);

        assertThat(rig.data.stream().filter(data -> !data.retransmitted()).map(data -> (char) data.payload()[0]))
                .containsExactlyInAnyOrder('a', 'b', 'c', 'd');
    }

    @Test
    void aLimitByTheInputRateLetsItCatchUp() {
        SenderRig limited = new SenderRig(log, 1_000, 8192, LATENCY_MICROS, new BandwidthLimit(0, 200_000, 25, 100));
        for (int i = 0; i < 8 * OLD; i++) {
            log.put(i, firstOriginMicros + i * INTERVAL_MICROS / 8, new byte[200]);
        }
        limited.sender.catchUp(
                new Backlog(log, List.of(new Payload(0, firstOriginMicros, new byte[] {'a'})), 0, SPEED), limited.now);
        for (int i = 0; i < 100; i++) {
            limited.run(10 * MILLI);
            limited.ack(limited.data.size(), 8192);
        }

        assertThat(limited.data).hasSize(8 * OLD);
        assertThat(limited.sender.maximumBytesPerSecond()).isGreaterThanOrEqualTo(250_000);
    }

    @Test
    void aBacklogHasABeginningAndAnEnd() {
        assertThatThrownBy(() -> new Backlog(log, List.of(), 0, SPEED)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backlog(log, List.of(own(0, 'a')), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The log has two seconds of payloads; position 0 holds what the first payload stands for, and 1 what the second. */
    private void begin(Payload... beginning) {
        log.put(0, firstOriginMicros, new byte[] {'x'});
        for (; nextPosition < OLD; nextPosition++) {
            log.put(nextPosition, originMicros(nextPosition));
        }
        rig.sender.catchUp(new Backlog(log, List.of(beginning), 1, SPEED), rig.now);
        rig.wake();
    }

    private Payload own(long position, char content) {
        return new Payload(position, firstOriginMicros, new byte[] {(byte) content});
    }

    /** Lets time pass while more comes, which is acknowledged. */
    private void goOn(long micros) {
        long until = rig.now + micros;
        while (originMicros(nextPosition) <= until) {
            rig.run(originMicros(nextPosition) - rig.now);
            log.put(nextPosition, originMicros(nextPosition));
            nextPosition++;
            rig.wake();
            if (nextPosition % 10 == 0 && rig.retransmissions().isEmpty()) {
                rig.ack(Math.max(0, rig.data.size() - 12), 8192);
            }
        }
        rig.run(until - rig.now);
    }

    private long originMicros(long position) {
        return firstOriginMicros + Math.max(0, position - 1) * INTERVAL_MICROS;
    }

    private static int timestamp(long micros) {
        return PacketTimestamp.of(micros - SenderRig.ZERO);
    }
}
