package io.millrace.relay.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One alarm on an event loop. It may ring early: when the time asked for moves later, the alarm that is set already
 * stays, since a wake-up too many is cheaper than setting it anew at every packet.
 */
final class LoopTimer {
    private static final long MIN_DELAY_MICROS = 50;
    private static final long MAX_DELAY_MICROS = TimeUnit.HOURS.toMicros(1);

    private final EventLoop loop;
    private final Runnable alarm;
    private final Runnable ring = this::ring;
    private @Nullable Future<?> scheduled;
    private long scheduledMicros = Long.MAX_VALUE;

    LoopTimer(EventLoop loop, Runnable alarm) {
        this.loop = loop;
        this.alarm = alarm;
    }

    /** Rings at that time at the latest, but never before 50 us from now. {@code Long.MAX_VALUE} asks for nothing. */
    void arm(long deadlineMicros, long nowMicros) {
        long atMicros = Math.max(deadlineMicros, nowMicros + MIN_DELAY_MICROS);
        if (atMicros >= scheduledMicros) {
            return;
        }
        cancel();
        long delayMicros = Math.min(atMicros - nowMicros, MAX_DELAY_MICROS);
        scheduledMicros = nowMicros + delayMicros;
        scheduled = loop.schedule(ring, delayMicros, TimeUnit.MICROSECONDS);
    }

    void cancel() {
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
        scheduledMicros = Long.MAX_VALUE;
    }

    private void ring() {
        scheduled = null;
        scheduledMicros = Long.MAX_VALUE;
        alarm.run();
    }
}
