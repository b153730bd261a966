package io.millrace.relay.tool;

import io.millrace.relay.call.CallLink;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.send.SendBuffer;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run of the publisher: what the source has is sent when the schedule says, over one connection after the other. */
final class Publication {
    /** Twice the peer's usual flow window, so that nothing is forgotten that may be asked for. */
    private static final int SEND_BUFFER_PAYLOADS = 16_384;

    private static final long POLL_MILLIS = 100;
    private static final long DRAIN_MICROS = 10_000_000;
    /** A receiver throws away what it has not played yet when its peer goes. */
    private static final long LINGER_MILLIS = 200;

    private static final List<Statistic> DROPPED =
            List.of(Statistic.pktSndDropTotal, Statistic.pktShedTotal, Statistic.pktLappedTotal);

    private final PayloadSource source;
    private final PcrSchedule schedule;
    private final Dialer dialer;
    private final StopSignal stop;
    private final Progress progress;
    private final boolean reconnect;
    private final PaceClock pace = new PaceClock();
    private final LinkTotals totals = new LinkTotals();

    private SendBuffer buffer = new SendBuffer(SEND_BUFFER_PAYLOADS);
    private @Nullable CallLink link;
    private boolean sourceEnded;
    private long startMicros;
    private long payloads;
    private long payloadsOfLink;
    private long bytes;
    private long bytesBefore;
    private long mediaMicros;
    private double roundTripMillis;

    Publication(
            PayloadSource source,
            PcrSchedule schedule,
            Dialer dialer,
            StopSignal stop,
            Progress progress,
            boolean reconnect) {
        this.source = source;
        this.schedule = schedule;
        this.dialer = dialer;
        this.stop = stop;
        this.progress = progress;
        this.reconnect = reconnect;
    }

    /** Sends everything, until it is told to stop or can't go on; {@link #summary} says how far it came. */
    ToolResult run() throws ToolException, IOException, InterruptedException {
        // Before the call: a file that can't be read or paced is nobody else's business.
        source.start();
        PcrSchedule.Due next = nextDue();
        startMicros = LoopClock.nowMicros();
        connect();
        while (next != null && !stop.isRequested()) {
            send(next);
            next = nextDue();
        }
        if (stop.isRequested()) {
            return ToolResult.STOPPED;
        }
        drain();
        return ToolResult.DONE;
    }

    PublishSummary summary(String server, ToolResult result, @Nullable String error) throws IOException {
        ConnectionStatistics present = link == null ? null : link.statistics();
        return new PublishSummary(
                server,
                result,
                error,
                startMicros == 0 ? 0 : (LoopClock.nowMicros() - startMicros) / 1e6,
                mediaMicros / 1e6,
                source.repetitionOf(bytes),
                payloads,
                bytes,
                schedule.skippedBytes(),
                totals.connections(),
                totals.total(Statistic.pktRetransTotal, present),
                totals.total(Statistic.pktSndLossTotal, present),
                dropped(present),
                present == null ? roundTripMillis : present.value(Statistic.msRTT));
    }

    private void connect() throws ToolException {
        buffer = new SendBuffer(SEND_BUFFER_PAYLOADS);
        SendBuffer ofLink = buffer;
        payloadsOfLink = 0;
        link = dialer.dial(connection -> connection.sendFrom(ofLink, 0, 0), Long.MAX_VALUE);
        if (link != null) {
            totals.connected();
        }
    }

    /** The next payload whose time is known; null after the last, or if the tool is to stop. */
    private PcrSchedule.@Nullable Due nextDue() throws ToolException, InterruptedException {
        PcrSchedule.Due due = schedule.poll();
        while (due == null && !sourceEnded && !stop.isRequested()) {
            PayloadSource.Item item = source.poll(POLL_MILLIS);
            if (item instanceof PayloadSource.Payload payload) {
                schedule.take(payload.bytes());
            } else if (item instanceof PayloadSource.End) {
                sourceEnded = true;
                schedule.end();
            } else if (item instanceof PayloadSource.Failure failure) {
                throw ToolException.failed(
                        "can't read any further: " + failure.cause().getMessage());
            } else {
                watch();
            }
            if (schedule.isClockMissing()) {
                throw new ToolException(
                        ToolExit.BAD_USAGE,
                        "there is no clock (PCR) in it to send it by, " + (sourceEnded ? "" : "so far, ")
                                + "so say how fast: --bitrate 5M");
            }
            due = schedule.poll();
        }
        return due;
    }

    private void send(PcrSchedule.Due due) throws ToolException, IOException {
        long dueMicros = pace.dueMicros(due.offsetMicros(), LoopClock.nowMicros());
        while (LoopClock.nowMicros() < dueMicros) {
            watch();
            if (stop.sleepUntil(Math.min(dueMicros, LoopClock.nowMicros() + POLL_MILLIS * 1_000))) {
                return;
            }
        }
        watch();
        CallLink open = link;
        if (open == null || stop.isRequested()) {
            return;
        }
        // After a break the schedule has moved.
        long originMicros = Math.min(LoopClock.nowMicros(), pace.dueMicros(due.offsetMicros(), LoopClock.nowMicros()));
        SendBuffer ofLink = buffer;
        open.post(() -> ofLink.append(originMicros, due.payload()));
        payloads++;
        payloadsOfLink++;
        bytes += due.payload().length;
        mediaMicros = due.offsetMicros();
    }

    /** Sees to the connection and tells how it is. */
    private void watch() throws ToolException {
        CallLink present = link;
        if (present == null) {
            return;
        }
        try {
            if (!present.isOpen()) {
                ConnectionStatistics last = present.statistics();
                totals.add(last);
                roundTripMillis = last.value(Statistic.msRTT);
                link = null;
                String why = Dialer.describe(present.closeReason());
                if (!reconnect) {
                    throw ToolException.failed(why + " at " + Progress.time(mediaMicros));
                }
                progress.say(why + "; reconnecting");
                connect();
                return;
            }
            progress.tick(() -> line(present));
        } catch (IOException e) {
            throw ToolException.failed(String.valueOf(e.getMessage()));
        }
    }

    private String line(CallLink open) {
        ConnectionStatistics statistics;
        try {
            statistics = open.statistics();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        long repetition = source.repetitionOf(bytes);
        long sinceLast = bytes - bytesBefore;
        bytesBefore = bytes;
        return String.format(
                Locale.ROOT,
                "%s  %s  %s  RTT %.1f ms  sent again %,d  dropped %,d  unacknowledged %,.0f ms%s",
                Progress.time(mediaMicros),
                Progress.megabytes(bytes),
                Progress.megabits(sinceLast * 8.0),
                statistics.value(Statistic.msRTT),
                totals.total(Statistic.pktRetransTotal, statistics),
                dropped(statistics),
                statistics.value(Statistic.msSndBuf),
                repetition > 1 ? "  repetition " + repetition : "");
    }

    /** Waits until all has arrived, and has been played. */
    private void drain() throws ToolException, IOException, InterruptedException {
        CallLink open = link;
        if (open == null) {
            return;
        }
        long deadlineMicros = LoopClock.nowMicros() + DRAIN_MICROS;
        while (open.isOpen() && !isAllSettled(open.statistics()) && LoopClock.nowMicros() < deadlineMicros) {
            if (stop.sleepUntil(LoopClock.nowMicros() + 20_000)) {
                return;
            }
        }
        if (!isAllSettled(open.statistics())) {
            throw ToolException.failed(
                    open.isOpen()
                            ? "the server did not acknowledge the end within 10 s"
                            : Dialer.describe(open.closeReason()) + " before it had acknowledged the end");
        }
        stop.sleepUntil(LoopClock.nowMicros() + 1_000 * (open.negotiated().sendLatencyMillis() + LINGER_MILLIS));
    }

    /** Dropped after it was sent counts twice here; the wait that follows makes up for it. */
    private boolean isAllSettled(ConnectionStatistics statistics) {
        double settled = statistics.value(Statistic.pktSentUniqueTotal);
        for (Statistic kind : DROPPED) {
            settled += statistics.value(kind);
        }
        return settled >= payloadsOfLink && statistics.value(Statistic.pktSndBuf) == 0;
    }

    /** Payloads that were not sent, or not again, since the network or this machine was too slow. */
    private long dropped(@Nullable ConnectionStatistics present) {
        return DROPPED.stream().mapToLong(kind -> totals.total(kind, present)).sum();
    }
}
