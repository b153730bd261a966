package io.millrace.relay.bench;

import io.millrace.relay.call.Knock;
import io.millrace.relay.net.LoopClock;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Knocks where a role is served, all the time, and so finds out for how long nobody did. A knock is the first message of a
 * handshake, which only a node that serves the role answers.
 */
final class RoleProbe implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 5;
    private static final int PATIENCE_MILLIS = 50;

    private final List<InetSocketAddress> addresses;
    private final Thread thread = new Thread(this::run, "role-probe");
    private volatile Silence longest = Silence.NONE;
    private volatile boolean closed;

    /**
     * A time in which nobody answered, on the clock of the loops.
     *
     * @param fromMicros the last answer before it
     * @param toMicros the first knock that was answered after it
     */
    record Silence(long fromMicros, long toMicros) {
        static final Silence NONE = new Silence(0, 0);

        long micros() {
            return toMicros - fromMicros;
        }
    }

    /** @param addresses which are knocked at in turn; whoever answers has the role */
    RoleProbe(List<InetSocketAddress> addresses) {
        this.addresses = List.copyOf(addresses);
        thread.setDaemon(true);
        thread.start();
    }

    /** Forgets the silences until now, but not one that is not over. */
    void begin() {
        longest = Silence.NONE;
    }

    /** The longest silence that is over, since the probe began or was last asked to begin anew. */
    Silence longest() {
        return longest;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long answeredMicros = LoopClock.nowMicros();
        try {
            for (int turn = 0; !closed; turn++) {
                long sentMicros = LoopClock.nowMicros();
                Knock knock = Knock.at(addresses.get(turn % addresses.size()), PATIENCE_MILLIS);
                if (knock.outcome() == Knock.Outcome.ANSWERED) {
                    Silence silence = new Silence(answeredMicros, sentMicros);
                    longest = silence.micros() > longest.micros() ? silence : longest;
                    answeredMicros = LoopClock.nowMicros();
                }
                TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
