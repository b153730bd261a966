package io.millrace.relay.stats;

import java.util.concurrent.atomic.AtomicLong;

/** The bound of what some histories take together. Callable from any thread. */
public final class HistoryMemory {
    private final long maximumBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    public HistoryMemory(long maximumBytes) {
        this.maximumBytes = maximumBytes;
    }

    /** Takes so much; false, and nothing taken, if it isn't there. */
    boolean take(int bytes) {
        if (takenBytes.addAndGet(bytes) > maximumBytes) {
            takenBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        takenBytes.addAndGet(-bytes);
    }

    boolean has(long bytes) {
        return takenBytes.get() + bytes <= maximumBytes;
    }

    long takenBytes() {
        return takenBytes.get();
    }
}
