package io.millrace.srt.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Random operations on a {@link ReceiveBuffer} and on the naive model of it: nobody can tell them apart. */
@Tag("any-jdk")
class ReceiveBufferPropertyTest {
    private static final int OPERATIONS = 1_500;

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Delivery delivery : Delivery.values()) {
            // Below, at and above the slots that the ring starts with.
            for (int capacity : new int[] {8, 256, 1024}) {
                for (long seed = 1; seed <= 5; seed++) {
                    cases.add(Arguments.of(delivery, capacity, seed));
                }
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void behavesAsTheModel(Delivery delivery, int capacity, long seed) {
        Run run = new Run(delivery, capacity, seed);
        for (int i = 0; i < OPERATIONS; i++) {
            run.step();
            run.compare(i % 16 == 0);
        }
    }

    private static final class Run {
        private final int capacity;
        private final boolean byTimestamp;
        private final SplittableRandom random;
        private final ReceiveBuffer buffer;
        private final ReceiveBufferModel model;
        private long nowMicros;

        Run(Delivery delivery, int capacity, long seed) {
            this.capacity = capacity;
            byTimestamp = delivery == Delivery.BY_TIMESTAMP;
            random = new SplittableRandom(seed);
            buffer = new ReceiveBuffer(capacity, delivery);
            model = new ReceiveBufferModel(capacity, delivery);
        }

        void step() {
            nowMicros += random.nextInt(10);
            switch (random.nextInt(20)) {
                case 0 -> giveUpTo();
                case 1 -> giveUpFirstGap();
                case 2 -> skip();
                case 3 -> report();
                case 4 -> maybeRestart();
                case 5, 6, 7, 8, 9 -> deliver();
                default -> insert(offset());
            }
        }

        private void insert(long offset) {
            // Origin times are not quite in order.
            long origin = offset * 1000 + random.nextInt(3000);
            byte[] payload = new byte[random.nextInt(20)];
            assertThat(buffer.insert(offset, origin, byTimestamp ? payload : null))
                    .as("insert %d", offset)
                    .isEqualTo(model.insert(offset, origin, payload));
        }

        /** Mostly the next packets and the missing ones, often where the ring grows or ends. */
        private long offset() {
            return switch (random.nextInt(10)) {
                case 0, 1, 2 -> model.end();
                case 3, 4 -> model.firstMissing() + random.nextInt(3);
                case 5 -> model.end() + random.nextInt(10);
                case 6 -> model.start() - 1 - random.nextInt(5);
                case 7 -> model.start() + (1L << random.nextInt(12)) + random.nextInt(-2, 3);
                case 8 -> model.start() + capacity + random.nextInt(-2, 3);
                default -> model.start() + random.nextInt(capacity);
            };
        }

        private void giveUpTo() {
            long to = model.start() + random.nextLong(model.end() - model.start() + 1);
            if (random.nextBoolean()) {
                assertThat(buffer.giveUpTo(to)).isEqualTo(model.giveUp(model.start(), to));
            } else {
                long from = model.start() + random.nextLong(-2, model.end() - model.start() + 1);
                assertThat(buffer.giveUp(from, to)).isEqualTo(model.giveUp(from, to));
            }
        }

        private void giveUpFirstGap() {
            if (model.missing() > 0) {
                long gapEnd = model.firstGapEnd();
                assertThat(buffer.giveUpFirstGap()).isEqualTo(model.giveUp(model.start(), gapEnd));
            }
        }

        private void skip() {
            long to = model.end() + random.nextInt(-2, 4);
            if (to > model.end()) {
                model.giveUp(model.end(), Math.min(to, model.start() + capacity));
            }
            buffer.skipTo(to);
        }

        private void report() {
            for (long offset = model.firstMissing(); offset < model.end(); offset++) {
                if (model.isMissing(offset) && random.nextBoolean()) {
                    buffer.reported(offset, nowMicros);
                    model.reported(offset, nowMicros);
                }
            }
        }

        private void maybeRestart() {
            if (random.nextInt(20) == 0) {
                long offset = model.end() + capacity + random.nextInt(5000);
                buffer.restartAt(offset);
                model.restartAt(offset);
            }
        }

        private void deliver() {
            for (int count = random.nextInt(4); count > 0 && model.isDeliverable(); count--) {
                assertThat(buffer.deliver()).isSameAs(model.deliver());
            }
        }

        void compare(boolean everySlot) {
            assertThat(buffer.firstMissing()).isEqualTo(model.firstMissing());
            assertThat(buffer.end()).isEqualTo(model.end());
            assertThat(buffer.missing()).isEqualTo(model.missing());
            assertThat(buffer.available()).isEqualTo(capacity - (int) (model.end() - model.start()));
            assertThat(buffer.window()).isEqualTo(capacity - (int) (model.firstMissing() - model.start()));
            assertThat(buffer.nextDelivery()).isEqualTo(model.start());
            if (byTimestamp) {
                assertThat(buffer.nextDeliveryOriginMicros()).isEqualTo(model.nextDeliveryOriginMicros());
            }
            if (everySlot) {
                assertThat(buffer.firstGapEndOriginMicros()).isEqualTo(model.firstGapEndOriginMicros());
                assertThat(buffer.heldMicros()).isEqualTo(model.heldMicros());
                assertThat(buffer.heldBytes()).isEqualTo(byTimestamp ? model.heldBytes() : 0);
                for (long offset = model.firstMissing(); offset < model.end(); offset++) {
                    compareSlot(offset);
                }
            }
        }

        private void compareSlot(long offset) {
            boolean missing = model.isMissing(offset);
            if (buffer.isMissing(offset) != missing) {
                throw new AssertionError(offset + " missing: " + !missing + ", but in the model: " + missing);
            }
            long since = nowMicros - 20;
            if (missing && buffer.isReportDue(offset, since) != model.isReportDue(offset, since)) {
                throw new AssertionError("report of " + offset + " due: " + !model.isReportDue(offset, since));
            }
        }
    }
}
