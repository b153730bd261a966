package io.millrace.relay.listener;

import java.util.concurrent.atomic.AtomicInteger;

/** How many peers a node forwards at once. Usable on any thread. */
final class ForwardedPeers {
    static final int MOST = 256;

    private final AtomicInteger count = new AtomicInteger();

    /** Takes a place, if there is one. */
    boolean take() {
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            return false;
        }
        return true;
    }

    void giveBack() {
        count.decrementAndGet();
    }
}
