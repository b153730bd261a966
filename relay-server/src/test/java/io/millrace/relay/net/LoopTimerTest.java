package io.millrace.relay.net;

import static io.millrace.relay.net.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTimerTest {
    private static final long FAR_MICROS = 3_600_000_000L;

    private final EventLoops loops = TransportKind.NIO.start(1);
    private final LoopExecutor loop = loops.all().get(0);
    private final BlockingQueue<Long> rings = new LinkedBlockingQueue<>();
    private final LoopTimer timer = new LoopTimer(loop.eventLoop(), () -> rings.add(LoopClock.nowMicros()));

    @AfterEach
    void close() {
        await(loops.vertx().close());
    }

    @Test
    void ringsAtItsTimeAndNotBefore() throws Exception {
        long deadlineMicros = LoopClock.nowMicros() + 30_000;
        onLoop(now -> timer.arm(deadlineMicros, now));
        assertThat(nextRing()).isGreaterThanOrEqualTo(deadlineMicros);
    }

    @Test
    void anEarlierTimeReplacesALaterOne() throws Exception {
        onLoop(now -> timer.arm(now + FAR_MICROS, now));
        onLoop(now -> timer.arm(now + 1_000, now));
        nextRing();
    }

    @Test
    void aLaterTimeLeavesTheAlarmThatIsSet() throws Exception {
        long deadlineMicros = LoopClock.nowMicros() + 200_000;
        onLoop(now -> timer.arm(deadlineMicros, now));
        onLoop(now -> timer.arm(now + FAR_MICROS, now));
        onLoop(now -> timer.arm(Long.MAX_VALUE, now));
        assertThat(nextRing()).isGreaterThanOrEqualTo(deadlineMicros);
    }

    @Test
    void aTimeThatHasPassedRingsSoon() throws Exception {
        onLoop(now -> timer.arm(now - 5_000, now));
        nextRing();
        onLoop(now -> timer.arm(Long.MIN_VALUE, now));
        nextRing();
    }

    @Test
    void isSilentWhenNoTimeIsAskedForAndWhenCancelled() throws Exception {
        onLoop(now -> timer.arm(Long.MAX_VALUE, now));
        onLoop(now -> timer.arm(now + 20_000, now));
        onLoop(now -> timer.cancel());
        long laterMicros = LoopClock.nowMicros() + 60_000;
        onLoop(now -> timer.arm(laterMicros, now));
        assertThat(nextRing()).as("the first ring").isGreaterThanOrEqualTo(laterMicros);
    }

    private long nextRing() throws InterruptedException {
        Long ring = rings.poll(5, TimeUnit.SECONDS);
        assertThat(ring).as("a ring").isNotNull();
        return ring;
    }

    private void onLoop(LongConsumer task) {
        loop.eventLoop().submit(() -> task.accept(LoopClock.nowMicros())).syncUninterruptibly();
    }
}
