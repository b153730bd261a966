package io.millrace.relay.bench;

import io.millrace.relay.call.Knock;
import io.millrace.relay.net.LoopClock;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Knocks at one node's exclusive listener all the time, to tell when it let callers in. */
final class RoleWatch implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 100;

    private final InetSocketAddress address;
    private final List<Long> answeredMicros = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "role-watch");
    private volatile boolean closed;

    RoleWatch(InetSocketAddress address) {
        this.address = address;
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether it let callers in at least once since then. */
    boolean answeredSince(long micros) {
        return lastMicros() >= micros;
    }

    /** When it last let a caller in; 0 if it never did. */
    long lastMicros() {
        synchronized (answeredMicros) {
            return answeredMicros.isEmpty() ? 0 : answeredMicros.get(answeredMicros.size() - 1);
        }
    }

    /** When it first let a caller in from then on; {@link Long#MAX_VALUE} if it did not. */
    long firstSince(long micros) {
        synchronized (answeredMicros) {
            return answeredMicros.stream()
                    .filter(answered -> answered >= micros)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        }
    }

    /** The last time within a span; 0 if there is none. */
    long lastWithin(long fromMicros, long toMicros) {
        synchronized (answeredMicros) {
            return answeredMicros.stream()
                    .filter(answered -> answered >= fromMicros && answered <= toMicros)
                    .reduce(0L, (a, b) -> b);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }

    private void run() {
        try {
            while (!closed) {
                Knock knock = Knock.at(address, PATIENCE_MILLIS);
                if (knock.outcome() == Knock.Outcome.ANSWERED) {
                    synchronized (answeredMicros) {
                        answeredMicros.add(LoopClock.nowMicros());
                    }
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
