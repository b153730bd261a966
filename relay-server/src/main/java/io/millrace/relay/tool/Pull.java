package io.millrace.relay.tool;

import io.millrace.relay.call.CallLink;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.connection.CloseReason;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.receive.Delivery;
import io.millrace.srt.receive.PayloadReceiver;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run of the puller: what arrives is recorded in its order, over one connection after the other. */
final class Pull {
    /** A duration that never ends; far from where adding to it would overflow. */
    static final long FOR_EVER_MICROS = Long.MAX_VALUE / 2;

    private static final long POLL_MICROS = 100_000;

    private final Recording recording;
    private final long durationMicros;
    private final boolean reconnect;
    private final Dialer dialer;
    private final StopSignal stop;
    private final Progress progress;
    private final LinkTotals totals = new LinkTotals();

    private @Nullable CallLink link;
    private long startMicros;
    private long bytesBefore;
    private double roundTripMillis;

    /**
     * @param durationMicros from the first connection on
     */
    Pull(
            Recording recording,
            long durationMicros,
            boolean reconnect,
            Dialer dialer,
            StopSignal stop,
            Progress progress) {
        this.recording = recording;
        this.durationMicros = durationMicros;
        this.reconnect = reconnect;
        this.dialer = dialer;
        this.stop = stop;
        this.progress = progress;
    }

    /** Payloads in the order and at the time that TSBPD gives them. */
    private record Written(Recording recording) implements PayloadReceiver {
        @Override
        public void received(long offset, long originMicros, byte[] payload) {
            recording.take(payload);
        }

        @Override
        public void settled(long offset) {}
    }

    /** Records until the server closes, the time is over, or it is told to stop. */
    ToolResult run() throws ToolException, IOException {
        connect(Long.MAX_VALUE);
        startMicros = LoopClock.nowMicros();
        while (link != null && !stop.isRequested() && restMicros() > 0) {
            CallLink present = link;
            requireWritable();
            if (!present.isOpen() && !goOnAfter(present)) {
                return ToolResult.DONE;
            }
            progress.tick(() -> line(present));
            stop.sleepUntil(LoopClock.nowMicros() + Math.min(POLL_MICROS, restMicros()));
        }
        return stop.isRequested() ? ToolResult.STOPPED : ToolResult.DONE;
    }

    PullSummary summary(String server, ToolResult result, @Nullable String error) throws IOException {
        ConnectionStatistics present = link == null ? null : link.statistics();
        long lost = totals.total(Statistic.pktRcvLossTotal, present);
        long dropped = totals.total(Statistic.pktRcvDropTotal, present);
        return new PullSummary(
                server,
                result,
                error,
                startMicros == 0 ? 0 : (LoopClock.nowMicros() - startMicros) / 1e6,
                recording.writtenBytes(),
                totals.connections(),
                totals.total(Statistic.pktRecvUniqueTotal, present),
                lost,
                Math.max(0, lost - dropped),
                dropped,
                recording.overflowedBytes(),
                totals.total(Statistic.pktRcvUndecryptTotal, present),
                present == null ? roundTripMillis : present.value(Statistic.msRTT));
    }

    /** Throws if the file can't be written any more. */
    private void requireWritable() throws ToolException {
        String failure = recording.failure();
        if (failure != null) {
            throw ToolException.failed(failure);
        }
    }

    /** Writes what is left and closes the file. */
    void finish() throws ToolException {
        recording.end();
        requireWritable();
    }

    private void connect(long deadlineMicros) throws ToolException {
        Written written = new Written(recording);
        link = dialer.dial(connection -> connection.receiveInto(written, Delivery.BY_TIMESTAMP), deadlineMicros);
        if (link != null) {
            totals.connected();
        }
    }

    private long restMicros() {
        return durationMicros - (LoopClock.nowMicros() - startMicros);
    }

    /** Returns whether there is another connection, in time. */
    private boolean goOnAfter(CallLink ended) throws ToolException, IOException {
        ConnectionStatistics last = ended.statistics();
        totals.add(last);
        roundTripMillis = last.value(Statistic.msRTT);
        link = null;
        String why = Dialer.describe(ended.closeReason());
        if (!reconnect && ended.closeReason() == CloseReason.PEER_SHUTDOWN) {
            progress.say(why);
            return false;
        }
        if (!reconnect) {
            throw ToolException.failed(why);
        }
        progress.say(why + "; reconnecting");
        connect(LoopClock.nowMicros() + restMicros());
        return link != null;
    }

    private String line(CallLink open) {
        ConnectionStatistics statistics;
        try {
            statistics = open.statistics();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        long written = recording.writtenBytes();
        long sinceLast = written - bytesBefore;
        bytesBefore = written;
        long lost = totals.total(Statistic.pktRcvLossTotal, statistics);
        long dropped = totals.total(Statistic.pktRcvDropTotal, statistics);
        return String.format(
                Locale.ROOT,
                "%s  %s  %s  RTT %.1f ms  lost %,d  recovered %,d  dropped %,d",
                Progress.time(LoopClock.nowMicros() - startMicros),
                Progress.megabytes(written),
                Progress.megabits(sinceLast * 8.0),
                statistics.value(Statistic.msRTT),
                lost,
                Math.max(0, lost - dropped),
                dropped);
    }
}
