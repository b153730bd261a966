package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.ts.RandomAccessPoint;
import io.millrace.relay.ts.TablePackets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JoinPointsTest {
    private static final long SPAN_MICROS = 100_000;
    private static final long INTERVAL_MICROS = 10_000;
    private static final TablePackets TABLES = new TablePackets(new byte[188], new byte[188]);

    private final StreamLog log = new StreamLog(64 << 20, SPAN_MICROS);
    private final JoinPoints points = new JoinPoints(log);
    private long position;

    @Test
    void theNewestIsThereAndSoIsWhatIsReadByWhoeverBeganWithTheOneBefore() {
        long gop = 200;
        for (int i = 0; i < 10 * gop; i++) {
            pass(i % gop == 0, TABLES);
            JoinPoint newest = points.newest();
            assertThat(log.payloadAt(newest.position())).isNotNull();

            // At the last moment, and it reads as fast as the slowest.
            long read = newest.position() - gop + (long) (Joins.LEAST_SPEED * (position - newest.position()));
            if (read >= 0 && read < position) {
                assertThat(log.payloadAt(read))
                        .as("payload %d at %d", read, position)
                        .isNotNull();
            }
            assertThat(log.payloadAt(Math.max(-1, position - 3 * gop))).isNull();
        }
    }

    @Test
    void whatIsTooFarBehindIsNotKept() {
        pass(true, TABLES);
        for (int i = 0; i < 1_100; i++) {
            pass(false, TABLES);
        }
        assertThat(log.payloadAt(0)).isNotNull();

        for (int i = 0; i < 1_100; i++) {
            pass(false, TABLES);
        }
        assertThat(log.payloadAt(0)).isNull();
        assertThat(log.payloadAt(position - 100)).isNull();
    }

    @Test
    void pointsOfSoundFollowOneAnotherCloselyAndKeepLittle() {
        for (int i = 0; i < 1_000; i++) {
            pass(true, TABLES);
            assertThat(points.newest().position()).isEqualTo(i);
        }

        assertThat(log.payloadAt(position - 120)).isNull();
    }

    @Test
    void withoutTablesThereIsNoPlaceToBegin() {
        pass(true, null);

        assertThat(points.newest()).isNull();
    }

    @Test
    void whatIsForgottenIsNotKept() {
        pass(true, TABLES);
        for (int i = 0; i < 300; i++) {
            pass(false, TABLES);
        }
        assertThat(log.payloadAt(0)).isNotNull();

        points.forget();
        pass(false, TABLES);

        assertThat(points.newest()).isNull();
        assertThat(log.payloadAt(0)).isNull();
    }

    private void pass(boolean isRandomAccess, @Nullable TablePackets tables) {
        long micros = position * INTERVAL_MICROS;
        log.put(position, micros, new byte[1], micros);
        log.settle(position + 1);
        if (isRandomAccess) {
            points.found(new RandomAccessPoint(position, 0, -1, tables, 0x100, micros));
        }
        points.passed(micros);
        position++;
    }
}
