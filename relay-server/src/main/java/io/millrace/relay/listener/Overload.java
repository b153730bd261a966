package io.millrace.relay.listener;

import java.util.Arrays;

/**
 * Whether a socket's event loop has more to do than its connections can wait for. Utilisation does not tell: a loop that is
 * always busy sends in larger batches and may have room for as many connections again. What tells is how long connections
 * wait for their turn. A pause of the machine must not be taken for it: so it is the mean, and of each of the last seconds.
 */
final class Overload {
    private static final int SECONDS = 3;

    private int limitMillis;
    private final long[] waitsMicros = new long[SECONDS];
    private int next;
    private long leastWaitMicros;
    private long newestWaitMicros;

    /** @param limitMillis what connections may wait; 0 for any time */
    Overload(int limitMillis) {
        this.limitMillis = limitMillis;
    }

    /** From now on goes by another limit, milliseconds. */
    void limit(int changedMillis) {
        limitMillis = changedMillis;
    }

    /** Takes the mean wait of the second that is over. Returns whether {@link #refusesRequests} changed. */
    boolean secondPassed(long meanWaitMicros) {
        boolean before = refusesRequests();
        newestWaitMicros = meanWaitMicros;
        waitsMicros[next] = meanWaitMicros;
        next = (next + 1) % SECONDS;
        leastWaitMicros = Arrays.stream(waitsMicros).min().orElseThrow();
        return refusesRequests() != before;
    }

    /** Another subscriber would be at the others' expense. */
    boolean refusesRequests() {
        return exceeds(1);
    }

    /** A publisher is refused later: its stream may be what many subscribers here are waiting for. */
    boolean refusesPublishers() {
        return exceeds(2);
    }

    /** The mean wait of the last second, microseconds. */
    long newestWaitMicros() {
        return newestWaitMicros;
    }

    /** What every one of the last seconds has seen at least, milliseconds. */
    long leastWaitMillis() {
        return leastWaitMicros / 1_000;
    }

    private boolean exceeds(int times) {
        return limitMillis > 0 && leastWaitMicros > limitMillis * 1_000L * times;
    }
}
