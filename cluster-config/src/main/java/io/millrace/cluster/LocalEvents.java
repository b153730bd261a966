package io.millrace.cluster;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries out one task after the other on the threads that the JDK keeps anyway. */
final class LocalEvents implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (pending.getAndIncrement() == 0) {
            ForkJoinPool.commonPool().execute(this::drain);
        }
    }

    private void drain() {
        do {
            Runnable next = tasks.poll();
            if (next != null) {
                next.run();
            }
        } while (pending.decrementAndGet() > 0);
    }
}
