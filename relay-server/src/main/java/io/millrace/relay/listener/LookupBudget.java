package io.millrace.relay.listener;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How often a node asks the cluster for a connection in a second. Strangers who make up socket IDs can use it up; a peer
 * sends the same ID again and again, and gets its turn. Usable on any thread.
 */
final class LookupBudget {
    static final int PER_SECOND = 200;

    private static final int COUNT_BITS = 16;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final long SECOND_MICROS = 1_000_000;

    /** The second, and what has been taken in it. */
    private final AtomicLong taken = new AtomicLong();

    /** Takes one, if there is one left. */
    boolean take(long nowMicros) {
        long second = nowMicros / SECOND_MICROS;
        while (true) {
            long before = taken.get();
            // Another loop may have looked at the clock a little later.
            long present = Math.max(second, before >>> COUNT_BITS);
            long count = before >>> COUNT_BITS == present ? before & COUNT_MASK : 0;
            if (count >= PER_SECOND) {
                return false;
            }
            if (taken.compareAndSet(before, present << COUNT_BITS | count + 1)) {
                return true;
            }
        }
    }
}
