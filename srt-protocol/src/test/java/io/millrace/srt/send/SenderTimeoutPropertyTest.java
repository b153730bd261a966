package io.millrace.srt.send;

import static io.millrace.srt.send.SenderRig.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.packet.Packets;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, a sender never asks for a timeout again and again with nothing to do. */
class SenderTimeoutPropertyTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void anyInputLeavesTheNextTimeoutInTheFuture(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BandwidthLimit[] limits = {
            BandwidthLimit.DEFAULT,
            new BandwidthLimit(50_000, 0, 25, 10),
            new BandwidthLimit(0, 20_000, 25, 0),
            new BandwidthLimit(0, 0, 25, 100)
        };
        ArrivalLog log = new ArrivalLog();
        SenderRig rig = new SenderRig(
                log,
                random.nextInt(Integer.MAX_VALUE),
                1 + random.nextInt(200),
                random.nextInt(2_000) * MILLI,
                limits[(int) (seed % 4)]);
        long end = 0;
        int number = 0;
        for (int i = 0; i < 3_000; i++) {
            switch (random.nextInt(12)) {
                case 0 -> {
                    long from = near(random, end);
                    rig.nak(from, from + random.nextInt(40));
                }
                case 1 -> rig.nak(Packets.nak(rig.sequenceNumber(end - 30), rig.sequenceNumber(end - 1)));
                case 2 -> rig.ack(++number, near(random, end), random.nextInt(), random.nextInt(), random.nextInt(100));
                case 3 -> rig.ack(++number, near(random, end), random.nextInt(200_000), random.nextInt(9_000), 200);
                case 4 -> rig.packetAck(Packets.lightAck(rig.sequenceNumber(near(random, end))));
                case 5 -> log.settle(near(random, end));
                case 6 -> end += random.nextInt(random.nextInt(50) == 0 ? 1_000 : 3);
                case 7 -> forget(random, log);
                case 8 -> rig.run(random.nextInt(300_000));
                default -> {
                    log.put(end++, rig.now - random.nextInt(random.nextInt(20) == 0 ? 3_000_000 : 20_000));
                    rig.wake();
                }
            }
            // The rig fails where one timeout leads to the next without time going on.
            rig.run(random.nextInt(3_000));
            assertThat(rig.sender.nextTimeoutMicros()).isGreaterThan(rig.now);
            assertThat(rig.sender.flightSize()).isNotNegative();
        }
    }

    private static void forget(SplittableRandom random, ArrivalLog log) {
        if (random.nextInt(20) == 0 && log.arrivalEnd() > 1) {
            log.forget(random.nextLong(log.arrivalEnd()));
        }
    }

    private static long near(SplittableRandom random, long end) {
        return end - 60 + random.nextInt(64);
    }
}
