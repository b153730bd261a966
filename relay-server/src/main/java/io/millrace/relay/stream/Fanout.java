package io.millrace.relay.stream;

import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.LoopExecutor;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.send.PayloadLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All subscribers of one stream on one event loop. The publisher's loop wakes it once a batch, by one flag and one task,
 * so that the cost of crossing grows with loops and not with subscribers.
 */
public final class Fanout {
    private final LoopExecutor loop;
    private final StreamLog log;
    private final StreamSettings settings;
    /** What the subscribers send from. */
    private final PayloadLog source;

    private final @Nullable ReleasedLog held;
    private final Runnable release = this::release;
    private final List<Subscriber> subscribers = new ArrayList<>();
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

        /** The stream has ended. */
        void close();
    }

    Fanout(LoopExecutor loop, StreamLog log, StreamSettings settings) {
        this.loop = loop;
        this.log = log;
        this.settings = settings;
        PayloadLog all = settings.inOrder() ? new InOrderLog(log) : log;
        held = settings.aggregationMillis() == 0 ? null : new ReleasedLog(all);
        source = held == null ? all : held;
    }

    /** On this loop: lets a connection send what arrives from now on. */
    public void feed(SrtConnection connection) {
        // In this order: what arrives in between lies before the first position and is skipped.
        long firstArrival = source.arrivalEnd();
        connection.sendFrom(source, settings.inOrder() ? firstArrival : log.end(), firstArrival);
    }

    /** On this loop: adds a subscriber; closes it if the stream has ended. */
    public void add(Subscriber subscriber) {
        subscribers.add(subscriber);
        if (closed) {
            subscriber.close();
        }
    }

    /** On this loop: removes a subscriber. */
    public void remove(Subscriber subscriber) {
        subscribers.remove(subscriber);
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
        });
    }

    private void arrived(long sinceMicros) {
        if (held == null) {
            loop.forward(sinceMicros, wakeAll);
        } else if (!releaseScheduled && !subscribers.isEmpty()) {
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
        for (int i = 0; i < subscribers.size(); i++) {
            subscribers.get(i).wake();
        }
    }
}
