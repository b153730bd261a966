package io.millrace.relay.bench;

import io.millrace.relay.net.LoopClock;
import io.millrace.srt.connection.SrtConnection;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.receive.PayloadReceiver;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** One subscriber: ticks off each payload of the window. Lives on its socket's loop. */
final class LoadSubscriber implements PayloadReceiver {
    private final int stream;
    private final MeasuredWindow window;
    private final DeliveryMeter meter;
    private final BitSet seen = new BitSet();

    private @Nullable SrtConnection connection;
    private boolean closed;
    private long duplicates;
    private long corrupted;
    private long lostBefore;
    private long retransmittedBefore;

    /**
     * What became of one subscriber's window.
     *
     * @param missing payloads that were sent and never arrived
     * @param duplicates payloads that arrived again
     * @param corrupted payloads that were not as they had been sent, in the window or not
     * @param lostPackets packets that its receiver missed at first, since the window began
     * @param retransmittedPackets packets that came with the R flag, likewise
     * @param closed whether it was disconnected, or never connected
     */
    record Outcome(
            long missing,
            long duplicates,
            long corrupted,
            long lostPackets,
            long retransmittedPackets,
            boolean closed) {
        boolean isPerfect() {
            return missing == 0 && duplicates == 0 && corrupted == 0 && !closed;
        }
    }

    LoadSubscriber(int stream, MeasuredWindow window, DeliveryMeter meter) {
        this.stream = stream;
        this.window = window;
        this.meter = meter;
    }

    int stream() {
        return stream;
    }

    void connected(SrtConnection opened) {
        connection = opened;
    }

    void closed() {
        closed = true;
    }

    @Override
    public void received(long offset, long originMicros, byte[] payload) {
        if (!TestPayload.isIntact(payload, stream)) {
            corrupted++;
            return;
        }
        long sentMicros = TestPayload.sentMicros(payload);
        if (!window.contains(sentMicros)) {
            return;
        }
        int number = Math.toIntExact(TestPayload.number(payload));
        if (seen.get(number)) {
            duplicates++;
        } else {
            seen.set(number);
            meter.delivered(LoopClock.nowMicros() - sentMicros);
        }
    }

    @Override
    public void settled(long offset) {}

    /** On the loop: what was lost up to now, while joining and warming up, does not count. */
    void windowBegins() {
        lostBefore = statistic(Statistic.pktRcvLossTotal);
        retransmittedBefore = statistic(Statistic.pktRcvRetransTotal);
    }

    /** On the loop, after the drain. */
    Outcome outcome(PayloadRange sent) {
        return new Outcome(
                sent.count() - seen.cardinality(),
                duplicates,
                corrupted,
                statistic(Statistic.pktRcvLossTotal) - lostBefore,
                statistic(Statistic.pktRcvRetransTotal) - retransmittedBefore,
                connection == null || closed);
    }

    private long statistic(Statistic statistic) {
        return connection == null
                ? 0
                : (long) connection.statistics(LoopClock.nowMicros()).value(statistic);
    }
}
