package io.millrace.relay.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.net.EventLoops;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the subscribers of one stream on one loop are woken. */
class FanoutTest {
    private static final int AGGREGATION_MILLIS = 10;

    private final EventLoops loops =
            EventLoops.start(new VertxOptions().setEventLoopPoolSize(2), false, builder -> builder);
    private final LoopExecutor loop = loops.all().get(0);
    private final StreamLog log = new StreamLog(1 << 20, 1_000_000);
    private final BlockingQueue<Long> wakes = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        loops.vertx().close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void withoutAggregationEachBatchWakesAtOnce() throws Exception {
        Fanout fanout = fanout(0);

        loop.execute(() -> {
            publish(fanout, 0);
            publish(fanout, 1);
        });

        assertThat(List.of(nextWake(), nextWake())).hasSize(2);
    }

    @Test
    void withAggregationSeveralBatchesLeaveTogether() throws Exception {
        Fanout fanout = fanout(AGGREGATION_MILLIS);
        loop.execute(() -> {
            for (int i = 0; i < 5; i++) {
                publish(fanout, i);
            }
        });
        nextWake();
        loop.execute(() -> publish(fanout, 5));
        nextWake();

        // Two wake-ups for six batches.
        assertThat(wakes).isEmpty();
    }

    @Test
    void whatIsHeldBackIsSeenOnlyWhenItIsReleased() {
        ReleasedLog released = new ReleasedLog(log);
        log.put(0, 0, new byte[1], 0);
        log.put(1, 0, new byte[1], 0);

        assertThat(released.arrivalEnd()).isZero();
        released.release();
        assertThat(released.arrivalEnd()).isEqualTo(2);
        assertThat(released.positionOfArrival(1)).isEqualTo(1);
        assertThat(released.payloadAt(1)).isSameAs(log.payloadAt(1));
    }

    @Test
    void anotherLoopWakesOnceForManyBatches() throws Exception {
        Fanout fanout = fanout(0);

        // While this loop is busy, the publisher's goes on.
        BlockingQueue<Boolean> busy = new LinkedBlockingQueue<>();
        loop.execute(() -> {
            try {
                busy.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < 100; i++) {
            publish(fanout, i);
        }
        busy.add(true);
        nextWake();
        BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
        loop.execute(() -> done.add(true));
        done.take();

        assertThat(wakes).isEmpty();
    }

    private Fanout fanout(int aggregationMillis) throws InterruptedException {
        Fanout fanout = new Fanout(
                loop, log, new StreamSettings(1 << 20, false, aggregationMillis, 0, 0, 0, 10, 10, false), () -> null);
        BlockingQueue<Boolean> added = new LinkedBlockingQueue<>();
        loop.execute(() -> {
            fanout.add(new Fanout.Subscriber() {
                @Override
                public void wake() {
                    wakes.add(LoopClock.nowMicros());
                }

                @Override
                public void begins(long behindMicros) {}

                @Override
                public void close() {}
            });
            added.add(true);
        });
        added.take();
        return fanout;
    }

    private void publish(Fanout fanout, long position) {
        log.put(position, 0, new byte[1], 0);
        fanout.wake(0);
    }

    private long nextWake() throws InterruptedException {
        Long wake = wakes.poll(10, TimeUnit.SECONDS);
        assertThat(wake).as("a wake-up").isNotNull();
        return wake;
    }
}
