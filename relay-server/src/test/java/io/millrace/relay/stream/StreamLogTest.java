package io.millrace.relay.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.Payload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamLogTest {
    private static final long PLENTY_OF_BYTES = 64L << 20;
    private static final long SPAN_MICROS = 1_000_000;
    private static final int INITIAL_CAPACITY = 1024;

    private final StreamLog log = new StreamLog(PLENTY_OF_BYTES, SPAN_MICROS);

    @Test
    void payloadIsFoundAtItsPositionAndInTheOrderOfArrival() {
        put(log, 0, 1, 2);

        assertThat(log.end()).isEqualTo(3);
        assertThat(arrivals(log)).containsExactly(0L, 1L, 2L);
        assertThat(textAt(log, 1)).isEqualTo("1");
        assertThat(log.payloadAt(3)).isNull();
    }

    @Test
    void holeIsEmptyUntilItIsFilledAndIsFilledLast() {
        put(log, 0, 3);

        assertThat(log.payloadAt(1)).isNull();
        assertThat(log.end()).isEqualTo(4);

        put(log, 2, 1);

        assertThat(textAt(log, 1)).isEqualTo("1");
        assertThat(arrivals(log)).containsExactly(0L, 3L, 2L, 1L);
    }

    @Test
    void payloadThatIsThereStaysAndArrivesOnce() {
        put(log, 0);
        log.put(0, 0, bytes("other"), 0);

        assertThat(textAt(log, 0)).isEqualTo("0");
        assertThat(log.arrivalEnd()).isEqualTo(1);
        assertThat(log.heldBytes()).isEqualTo(1);
    }

    @Test
    void originTimeGoesWithThePayload() {
        log.put(0, 123_456, bytes("a"), 200_000);

        assertThat(payload(log, 0).originMicros()).isEqualTo(123_456);
    }

    @Test
    void whatAReaderMayBeginWithIsKeptBeyondTheSpanButNotForEver() {
        for (int second = 0; second < 60; second++) {
            log.put(second, second * SPAN_MICROS, bytes("a"), second * SPAN_MICROS);
            if (second == 3) {
                log.keepFrom(3);
            }
            if (second == 12) {
                assertThat(log.payloadAt(1)).isNull();
                assertThat(log.payloadAt(3)).isNotNull();
                log.keepFrom(10);
            }
            if (second == 20) {
                assertThat(log.payloadAt(9)).isNull();
                assertThat(log.payloadAt(10)).isNotNull();
            }
        }

        assertThat(log.payloadAt(10)).isNull();
        assertThat(log.payloadAt(45)).isNotNull();
    }

    @Test
    void whatAReaderMayBeginWithGivesWayToTheBoundOfBytes() {
        StreamLog small = new StreamLog(100, SPAN_MICROS);
        small.keepFrom(0);
        for (int position = 0; position < 200; position++) {
            small.put(position, position * 10_000L, bytes("a"), position * 10_000L);
        }

        assertThat(small.heldBytes()).isLessThanOrEqualTo(101);
        assertThat(small.payloadAt(0)).isNull();
        assertThat(small.payloadAt(199)).isNotNull();
    }

    @Test
    void growsWhileEverythingInItIsStillWanted() {
        int many = 10 * INITIAL_CAPACITY;
        for (int position = 0; position < many; position++) {
            put(log, position);
        }

        assertThat(log.capacity()).isGreaterThanOrEqualTo(many);
        assertThat(log.oldestArrival()).isZero();
        assertThat(arrivals(log)).hasSize(many).isSorted();
        assertThat(textAt(log, 0)).isEqualTo("0");
        assertThat(textAt(log, many - 1)).isEqualTo(String.valueOf(many - 1));
    }

    @Test
    void growingKeepsHolesAndTheOrderOfArrival() {
        put(log, 0, 2);
        log.put(5 * INITIAL_CAPACITY, 0, bytes("far"), 0);
        put(log, 1);

        assertThat(arrivals(log)).containsExactly(0L, 2L, 5L * INITIAL_CAPACITY, 1L);
        assertThat(textAt(log, 1)).isEqualTo("1");
        assertThat(textAt(log, 2)).isEqualTo("2");
        assertThat(log.payloadAt(3)).isNull();
    }

    @Test
    void payloadIsReleasedWhenItIsOlderThanTheSpan() {
        putAt(0, 0);
        putAt(1, 500_000);
        putAt(2, SPAN_MICROS + 1);

        assertThat(log.payloadAt(0)).isNull();
        assertThat(log.payloadAt(1)).isNotNull();
        assertThat(log.heldBytes()).isEqualTo(2);
    }

    @Test
    void longerSpanKeepsMoreAndAShorterOneDoesNotTakeItBack() {
        log.keepFor(3 * SPAN_MICROS);
        log.keepFor(2 * SPAN_MICROS);
        putAt(0, 0);
        putAt(1, 3 * SPAN_MICROS);

        assertThat(log.payloadAt(0)).isNotNull();

        putAt(2, 3 * SPAN_MICROS + 1);

        assertThat(log.payloadAt(0)).isNull();
    }

    @Test
    void ringIsUsedAgainAndDoesNotGrowWhenTheOldIsReleased() {
        for (int position = 0; position < 100 * INITIAL_CAPACITY; position++) {
            putAt(position, position * 10_000L);
        }

        assertThat(log.capacity()).isEqualTo(INITIAL_CAPACITY);
        assertThat(log.heldBytes()).isLessThan(110 * 6);
    }

    @Test
    void oldestPayloadsGoWhenTheBoundOfBytesIsReached() {
        StreamLog small = new StreamLog(10_000, SPAN_MICROS);
        for (int position = 0; position < 20; position++) {
            small.put(position, 0, new byte[1000], 0);
        }

        // Checked before a payload is put, so one more than the bound may be there.
        assertThat(small.heldBytes()).isBetween(10_000L, 11_000L);
        assertThat(small.payloadAt(8)).isNull();
        assertThat(small.payloadAt(19)).isNotNull();
    }

    @Test
    void ringThatMayNotGrowReleasesTheOldestPayloads() {
        StreamLog small = new StreamLog(1000, SPAN_MICROS);
        for (int position = 0; position < 2 * INITIAL_CAPACITY; position++) {
            small.put(position, 0, new byte[0], 0);
        }

        assertThat(small.capacity()).isEqualTo(INITIAL_CAPACITY);
        assertThat(small.payloadAt(INITIAL_CAPACITY - 1)).isNull();
        assertThat(small.payloadAt(INITIAL_CAPACITY)).isNotNull();
    }

    @Test
    void jumpBeyondTheWholeRingReleasesEverythingBeforeIt() {
        StreamLog small = new StreamLog(1000, SPAN_MICROS);
        put(small, 0, 1);
        long far = 1_000_000;
        small.put(far, 0, bytes("far"), 0);

        assertThat(small.payloadAt(1)).isNull();
        assertThat(textAt(small, far)).isEqualTo("far");
        assertThat(small.heldBytes()).isEqualTo(3);
    }

    @Test
    void readerThatWasLappedIsToldSoAndMovesOnToTheOldestArrival() {
        StreamLog small = new StreamLog(1000, SPAN_MICROS);
        for (int position = 0; position < 3 * INITIAL_CAPACITY; position++) {
            small.put(position, 0, new byte[0], 0);
        }

        assertThat(small.positionOfArrival(0)).isEqualTo(-1);
        assertThat(small.positionOfArrival(small.oldestArrival() - 1)).isEqualTo(-1);
        assertThat(small.positionOfArrival(small.oldestArrival())).isEqualTo(small.oldestArrival());
    }

    @Test
    void awaitedHoleAtTheTailSurvivesTheReleaseOfWhatWasBeforeIt() {
        putAt(0, 0);
        log.settle(1);
        putAt(2, 600_000);
        putAt(3, SPAN_MICROS + 300_000);
        assertThat(log.payloadAt(0)).isNull();

        log.put(1, 300_000, bytes("late"), SPAN_MICROS + 300_000);

        assertThat(textAt(log, 1)).isEqualTo("late");
    }

    @Test
    void holeThatNobodyWaitsForIsReleased() {
        putAt(0, 0);
        putAt(2, 600_000);
        log.settle(3);
        putAt(3, SPAN_MICROS + 300_000);

        log.put(1, 300_000, bytes("late"), SPAN_MICROS + 300_000);

        assertThat(log.payloadAt(1)).isNull();
    }

    @Test
    void awaitedHoleGoesWithThePayloadBehindIt() {
        putAt(0, 0);
        putAt(2, 0);
        putAt(3, SPAN_MICROS + 1);

        log.put(1, 0, bytes("late"), SPAN_MICROS + 1);

        assertThat(log.payloadAt(1)).isNull();
        assertThat(log.heldBytes()).isEqualTo(1);
    }

    @Test
    void settledEndOnlyRises() {
        log.settle(5);
        log.settle(3);

        assertThat(log.settledEnd()).isEqualTo(5);
    }

    private void putAt(long position, long nowMicros) {
        log.put(position, nowMicros, bytes("x"), nowMicros);
    }

    private static void put(StreamLog log, long... positions) {
        for (long position : positions) {
            log.put(position, 0, bytes(String.valueOf(position)), 0);
        }
    }

    private static List<Long> arrivals(StreamLog log) {
        List<Long> positions = new ArrayList<>();
        for (long arrival = log.oldestArrival(); arrival < log.arrivalEnd(); arrival++) {
            positions.add(log.positionOfArrival(arrival));
        }
        return positions;
    }

    private static Payload payload(StreamLog log, long position) {
        @Nullable Payload payload = log.payloadAt(position);
        if (payload == null) {
            throw new AssertionError("nothing at " + position);
        }
        return payload;
    }

    private static String textAt(StreamLog log, long position) {
        return new String(payload(log, position).bytes(), US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
