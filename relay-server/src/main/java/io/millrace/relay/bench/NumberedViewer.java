package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import io.millrace.relay.net.UdpSocket;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.List;

/**
 * Watches what a {@link NumberedPublisher} publishes, checks every payload, and measures how long nothing came. Lives on
 * its socket's loop.
 */
final class NumberedViewer implements PayloadReceiver {
    private final int stream;
    private final ReturningCaller caller;
    private final BitSet seen = new BitSet();

    private long duplicated;
    private long corrupted;
    private long lastArrivalMicros;
    private long gapMicros;

    /**
     * What it has seen until now.
     *
     * @param connections how many it has had
     * @param ends why those ended that have ended, in order
     * @param first least number that it got; -1 for none
     * @param last greatest number that it got; -1 for none
     * @param missing payloads between these two that it did not get
     * @param duplicated payloads that came again
     * @param corrupted payloads that were not as they had been sent
     * @param lastArrivalMicros when the last one came, on the clock of the loops
     * @param gapMicros longest time between two arrivals, since it was last asked to begin anew
     */
    record State(
            int connections,
            boolean connected,
            List<CloseReason> ends,
            long first,
            long last,
            long missing,
            long duplicated,
            long corrupted,
            long lastArrivalMicros,
            long gapMicros) {}

    NumberedViewer(InetSocketAddress server, String streamId, int stream, UdpSocket socket, SecureRandom random) {
        this.stream = stream;
        caller = new ReturningCaller(List.of(server), streamId, this::attach, socket, random);
    }

    /** On the loop. */
    void start() {
        caller.start();
    }

    /** On the loop. */
    State state() {
        long first = seen.nextSetBit(0);
        long last = seen.length() - 1L;
        return new State(
                caller.connections(),
                caller.connection() != null,
                caller.ends(),
                first,
                last,
                first < 0 ? 0 : last - first + 1 - seen.cardinality(),
                duplicated,
                corrupted,
                lastArrivalMicros,
                gapMicros);
    }

    /** On the loop: forgets the gaps that there were, but not one that is not over. */
    void measureGap() {
        gapMicros = 0;
    }

    /** On the loop. */
    Future<Void> close() {
        return caller.close();
    }

    @Override
    public void received(long offset, long originMicros, byte[] payload) {
        if (!TestPayload.isIntact(payload, stream)) {
            corrupted++;
            return;
        }
        int number = Math.toIntExact(TestPayload.number(payload));
        if (seen.get(number)) {
            duplicated++;
            return;
        }
        seen.set(number);
        long nowMicros = LoopClock.nowMicros();
        if (lastArrivalMicros > 0) {
            gapMicros = Math.max(gapMicros, nowMicros - lastArrivalMicros);
        }
        lastArrivalMicros = nowMicros;
    }

    @Override
    public void settled(long offset) {}

    private void attach(SrtConnection connection) {
        connection.receiveInto(this, Delivery.ON_ARRIVAL);
    }
}
