package io.millrace.relay.stream;

import io.millrace.relay.net.LoopExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All subscribers of one stream on one event loop. The publisher's loop wakes it once a batch, by one flag and one task,
 * so that the cost of crossing grows with loops and not with subscribers.
 */
public final class Fanout {
    private final LoopExecutor loop;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final Runnable wakeAll = this::wakeAll;
    private final Runnable crossed = this::crossed;
    /** Written by who arms, before the crossing; read by the crossing, before it disarms. */
    private long arrivedMicros;

    private boolean closed;

    /** A connection that is sent the stream. Used on its own loop only. */
    public interface Subscriber {
        /** The log has more. */
        void wake();

        /** The stream has ended. */
        void close();
    }

    Fanout(LoopExecutor loop) {
        this.loop = loop;
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
            loop.forward(newestMicros, wakeAll);
        } else if (armed.compareAndSet(false, true)) {
            arrivedMicros = newestMicros;
            loop.execute(crossed);
        }
    }

    private void crossed() {
        long sinceMicros = arrivedMicros;
        // Cleared first: what is published from here on needs, and gets, another task.
        armed.set(false);
        loop.forward(sinceMicros, wakeAll);
    }

    /** From any loop: the stream has ended. */
    void close() {
        loop.execute(() -> {
            closed = true;
            List.copyOf(subscribers).forEach(Subscriber::close);
        });
    }

    private void wakeAll() {
        for (int i = 0; i < subscribers.size(); i++) {
            subscribers.get(i).wake();
        }
    }
}
