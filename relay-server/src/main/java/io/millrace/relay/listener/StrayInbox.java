package io.millrace.relay.listener;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The way of strays to one loop of a listener, from all its others. They cross by one flag and one task, which takes all
 * that came meanwhile. What finds no room is lost, and asked for again by whoever misses it: a loop that is late owes
 * nobody memory.
 */
final class StrayInbox {
    /** Datagrams that may wait: 10 ms of a hundred thousand a second, and 2 MiB of the longest. */
    static final int CAPACITY = 1_024;

    private final Executor loop;
    private final Consumer<Stray> receiver;
    private final Queue<Stray> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean armed = new AtomicBoolean();

    /** @param receiver called on the loop */
    StrayInbox(Executor loop, Consumer<Stray> receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /** From any loop: takes a copy of a datagram; false, and at no cost, if there is no room. */
    boolean offer(InetSocketAddress from, InetSocketAddress arrivedAt, ByteBuffer datagram) {
        if (waiting.get() >= CAPACITY) {
            return false;
        }
        if (waiting.incrementAndGet() > CAPACITY) {
            waiting.decrementAndGet();
            return false;
        }
        queue.add(Stray.copyOf(from, arrivedAt, datagram));
        if (armed.compareAndSet(false, true)) {
            loop.execute(this::deliver);
        }
        return true;
    }

    private void deliver() {
        // Cleared first: what is added from here on needs, and gets, another task, so that a flood does not hold this
        // one.
        armed.set(false);
        for (int left = waiting.get(); left > 0; left--) {
            Stray stray = queue.poll();
            if (stray == null) {
                return;
            }
            waiting.decrementAndGet();
            receiver.accept(stray);
        }
    }
}
