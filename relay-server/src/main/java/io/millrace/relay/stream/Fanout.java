package io.millrace.relay.stream;

import io.millrace.relay.config.JoinMode;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.send.PayloadLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All subscribers of one stream on one event loop. The publisher's loop wakes it once a batch, by one flag and one task,
 * so that the cost of crossing grows with loops and not with subscribers.
 */
public final class Fanout {
    /** Longer than any usual distance of pictures that a decoder may begin with; then something is better than nothing. */
    private static final long MAX_WAIT_MICROS = 10_000_000;

    private final LoopExecutor loop;
    private final StreamLog log;
    private final StreamSettings settings;
    private final Supplier<@Nullable JoinPoint> joinPoint;
    private final Joins joins;
    private final @Nullable ReleasedLog held;
    private final Runnable release = this::release;
    private final List<Subscriber> subscribers = new ArrayList<>();
    /** Those that begin at the next random access point. */
    private final List<Waiting> waiting = new ArrayList<>();

    private final AtomicBoolean armed = new AtomicBoolean();
    private final Runnable wakeAll = this::wakeAll;
    private final Runnable crossed = this::crossed;
    /** Written by who arms, before the crossing; read by the crossing, before it disarms. */
    private long arrivedMicros;

    /** Arrival of what is held back now. */
    private long heldSinceMicros;

    private boolean releaseScheduled;
    private boolean closed;

    /** A connection that is sent the stream. Used on its own loop only. */
    public interface Subscriber {
        /** The log has more. */
        void wake();

        /** It begins so far behind what is newest. */
        void begins(long behindMicros);

        /** The stream has ended. */
        void close();

        /** Whether it is another node. */
        default boolean isNode() {
            return false;
        }
    }

    /** A subscriber that begins at the first random access point from this position on. */
    private record Waiting(Subscriber subscriber, SrtConnection connection, long fromPosition) {}

    /** @param joinPoint where a new subscriber may begin, as far as that is known */
    Fanout(LoopExecutor loop, StreamLog log, StreamSettings settings, Supplier<@Nullable JoinPoint> joinPoint) {
        this.loop = loop;
        this.log = log;
        this.settings = settings;
        this.joinPoint = joinPoint;
        PayloadLog all = settings.inOrder() ? new InOrderLog(log) : log;
        held = settings.aggregationMillis() == 0 ? null : new ReleasedLog(all);
        joins = new Joins(log, held == null ? all : held, settings.inOrder());
    }

    /** On this loop: adds a subscriber, which is sent the stream over this connection; closes it if the stream has ended. */
    public void add(Subscriber subscriber, SrtConnection connection, JoinMode mode) {
        if (mode == JoinMode.NEXT && !closed) {
            Waiting next = new Waiting(subscriber, connection, log.end());
            waiting.add(next);
            loop.schedule(MAX_WAIT_MICROS, () -> waitedLongEnough(next));
            return;
        }
        JoinPoint newest = mode == JoinMode.NEWEST ? joinPoint.get() : null;
        begin(subscriber, connection, newest);
        add(subscriber);
    }

    private void begin(Subscriber subscriber, SrtConnection connection, @Nullable JoinPoint point) {
        long nowMicros = LoopClock.nowMicros();
        if (point != null && joins.from(point, connection, nowMicros)) {
            subscriber.begins(nowMicros - point.originMicros());
        } else {
            joins.live(connection);
            subscriber.begins(0);
        }
    }

    private void waitedLongEnough(Waiting next) {
        if (waiting.remove(next)) {
            begin(next.subscriber(), next.connection(), null);
            add(next.subscriber());
        }
    }

    private void beginWaiting() {
        JoinPoint newest = joinPoint.get();
        for (int i = waiting.size() - 1; newest != null && i >= 0; i--) {
            Waiting next = waiting.get(i);
            if (newest.position() >= next.fromPosition()) {
                waiting.remove(i);
                begin(next.subscriber(), next.connection(), newest);
                add(next.subscriber());
            }
        }
    }

    /** On this loop: adds a subscriber that has begun; closes it if the stream has ended. */
    void add(Subscriber subscriber) {
        subscribers.add(subscriber);
        if (closed) {
            subscriber.close();
        }
    }

    /** On this loop: removes a subscriber. */
    public void remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
        waiting.removeIf(next -> next.subscriber() == subscriber);
    }

    /** From any loop: the log has more, which arrived at that time. */
    void wake(long newestMicros) {
        if (loop.inLoop()) {
            arrived(newestMicros);
        } else if (armed.compareAndSet(false, true)) {
            arrivedMicros = newestMicros;
            loop.execute(crossed);
        }
    }

    private void crossed() {
        long sinceMicros = arrivedMicros;
        // Cleared first: what is published from here on needs, and gets, another task.
        armed.set(false);
        arrived(sinceMicros);
    }

    /** From any loop: the stream has ended. */
    void close() {
        loop.execute(() -> {
            closed = true;
            List.copyOf(subscribers).forEach(Subscriber::close);
            List.copyOf(waiting).forEach(next -> next.subscriber().close());
        });
    }

    /** From any loop: ends what other nodes take. */
    void closeNodes() {
        loop.execute(() -> {
            List.copyOf(subscribers).stream().filter(Subscriber::isNode).forEach(Subscriber::close);
            waiting.stream()
                    .map(Waiting::subscriber)
                    .filter(Subscriber::isNode)
                    .toList()
                    .forEach(Subscriber::close);
        });
    }

    private void arrived(long sinceMicros) {
        if (held == null) {
            loop.forward(sinceMicros, wakeAll);
        } else if (!releaseScheduled && !(subscribers.isEmpty() && waiting.isEmpty())) {
            releaseScheduled = true;
            heldSinceMicros = sinceMicros;
            // On a grid, so that all streams of a loop share the wake-up.
            long gridMicros = settings.aggregationMillis() * 1_000L;
            loop.schedule(gridMicros - LoopClock.nowMicros() % gridMicros, release);
        }
    }

    private void release() {
        releaseScheduled = false;
        Objects.requireNonNull(held).release();
        loop.forward(heldSinceMicros, wakeAll);
    }

    private void wakeAll() {
        if (!waiting.isEmpty()) {
            beginWaiting();
        }
        for (int i = 0; i < subscribers.size(); i++) {
            subscribers.get(i).wake();
        }
    }
}
