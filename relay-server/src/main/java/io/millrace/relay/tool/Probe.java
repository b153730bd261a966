package io.millrace.relay.tool;

import io.millrace.relay.access.LoggableStreamId;
import io.millrace.relay.call.CallFailedException;
import io.millrace.relay.call.CallLink;
import io.millrace.relay.call.CallerSocket;
import io.millrace.relay.call.Knock;
import io.millrace.relay.call.SrtUrl;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.handshake.Negotiated;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.receive.Delivery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One probe: knocks, calls, and listens for a while. */
final class Probe {
    private static final int KNOCKS = 5;
    private static final int KNOCK_MILLIS = 1_000;
    private static final long SAMPLE_MICROS = 100_000;
    /** What a connection assumes before it has measured. */
    private static final double GUESSED_ROUND_TRIP_MILLIS = 100;

    private static final String[] FLAGS = {
        "TSBPDSND", "TSBPDRCV", "CRYPT", "TLPKTDROP", "NAKREPORT", "REXMITFLG", "STREAM", "FILTERCAP"
    };

    private final SrtUrl url;
    private final CallerSocket socket;
    private final StopSignal stop;
    private final long durationMicros;
    private final boolean receiving;
    private final DoubleSummaryStatistics roundTrips = new DoubleSummaryStatistics();

    private ProbeReport.Reached reached = ProbeReport.Reached.NOTHING;
    private @Nullable String failure;
    private @Nullable Integer code;
    private ProbeReport.@Nullable Handshake handshake;
    private ProbeReport.@Nullable Reception reception;
    private ProbeReport.@Nullable TsReport ts;

    /** @param receiving whether a stream is to come; else the connection is closed as soon as it is made */
    Probe(SrtUrl url, CallerSocket socket, StopSignal stop, long durationMicros, boolean receiving) {
        this.url = url;
        this.socket = socket;
        this.stop = stop;
        this.durationMicros = durationMicros;
        this.receiving = receiving;
    }

    ProbeReport run() throws IOException {
        if (knock()) {
            try {
                ProbeReceiver receiver = new ProbeReceiver();
                CallLink link = socket.call(connection -> {
                    if (receiving) {
                        connection.receiveInto(receiver, Delivery.BY_TIMESTAMP);
                    }
                });
                reached = ProbeReport.Reached.CONNECTED;
                handshake = handshake(link.negotiated());
                if (receiving) {
                    listen(link, receiver);
                }
                link.hangUp();
            } catch (CallFailedException e) {
                failure = Dialer.describe(e, url, socket);
                code = e.isServersRefusal() ? e.code() : null;
            }
        }
        ProbeReport report = new ProbeReport(
                url.toString(),
                socket.server().getAddress().getHostAddress(),
                LoggableStreamId.of(url.streamId()),
                reached,
                failure,
                code,
                handshake,
                roundTrip(),
                reception,
                ts,
                List.of());
        return report.with(ProbeFindings.of(report, receiving));
    }

    /** Returns whether an SRT listener answers; its answers also tell the round-trip time, without a connection. */
    private boolean knock() {
        Knock first = Knock.at(socket.server(), url.connectTimeoutMillis());
        if (first.outcome() != Knock.Outcome.ANSWERED) {
            failure = url + ": " + CallRefusal.silence(first);
            return false;
        }
        reached = ProbeReport.Reached.LISTENER;
        for (int i = 0; i < KNOCKS; i++) {
            Knock knock = Knock.at(socket.server(), KNOCK_MILLIS);
            if (knock.outcome() != Knock.Outcome.ANSWERED) {
                return true;
            }
            roundTrips.accept(knock.roundTripMicros() / 1e3);
        }
        return true;
    }

    private void listen(CallLink link, ProbeReceiver receiver) throws IOException {
        // What the connection measures with each acknowledgement says more than the knocks, once there is some.
        DoubleSummaryStatistics measured = new DoubleSummaryStatistics();
        // A stream comes only after the latency.
        long endMicros = LoopClock.nowMicros()
                + durationMicros
                + 1_000L * link.negotiated().receiveLatencyMillis();
        while (link.isOpen() && LoopClock.nowMicros() < endMicros && !stop.isRequested()) {
            stop.sleepUntil(Math.min(endMicros, LoopClock.nowMicros() + SAMPLE_MICROS));
            double millis = link.statistics().value(Statistic.msRTT);
            if (millis != GUESSED_ROUND_TRIP_MILLIS) {
                measured.accept(millis);
            }
        }
        if (measured.getCount() > 0) {
            roundTrips.combine(measured);
        }
        String closed = link.isOpen() ? null : Dialer.describe(link.closeReason());
        ConnectionStatistics statistics = link.statistics();
        ProbeReceiver.Seen seen = receiver.seen();
        reception = new ProbeReport.Reception(
                seen.seconds(),
                seen.payloads(),
                seen.bytes(),
                seen.bitsPerSecond(),
                (long) statistics.value(Statistic.pktRcvLossTotal),
                (long) Math.max(
                        0, statistics.value(Statistic.pktRcvLossTotal) - statistics.value(Statistic.pktRcvDropTotal)),
                (long) statistics.value(Statistic.pktRcvDropTotal),
                (long) statistics.value(Statistic.pktRcvUndecryptTotal),
                seen.leastPayloadBytes(),
                seen.mostPayloadBytes(),
                seen.oddPayloads(),
                closed);
        if (seen.payloads() > 0) {
            reached = ProbeReport.Reached.MEDIA;
            ts = TsReports.of(seen.ts(), seen.seconds());
        }
    }

    private ProbeReport.@Nullable RoundTrip roundTrip() {
        return roundTrips.getCount() == 0
                ? null
                : new ProbeReport.RoundTrip(
                        roundTrips.getMin(), roundTrips.getAverage(), roundTrips.getMax(), (int) roundTrips.getCount());
    }

    private ProbeReport.Handshake handshake(Negotiated agreed) {
        return new ProbeReport.Handshake(
                SrtExtension.versionText(agreed.peerVersion()),
                flags(agreed.peerFlags()),
                agreed.receiveLatencyMillis(),
                agreed.sendLatencyMillis(),
                socket.isEncrypted() ? url.keyLengthBytes() * Byte.SIZE : 0,
                socket.isEncrypted() ? url.cipherMode().name() : null,
                agreed.maximumSegmentSize(),
                agreed.maximumPayload(),
                agreed.peerFlowWindow());
    }

    private static List<String> flags(int bits) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < FLAGS.length; i++) {
            if ((bits & 1 << i) != 0) {
                names.add(FLAGS[i]);
            }
        }
        return names;
    }
}
