package io.millrace.relay.tool;

import io.millrace.relay.tool.ProbeReport.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is wrong with a connection and the stream on it, in plain words and with what to do about it. */
final class ProbeFindings {
    private static final double LEAST_ROUND_TRIPS = 3;
    private static final double ADVISED_ROUND_TRIPS = 4;
    private static final double MUCH_LOSS_PERCENT = 1;
    /** ISO/IEC 13818-1 §2.7.2. */
    private static final double MAX_PCR_INTERVAL_MILLIS = 100;

    private static final double MUCH_PADDING_PERCENT = 30;
    private static final int PAYLOAD_OF_MPEG_TS = 1_316;
    private static final long LITTLE_BITS_PER_SECOND = 20_000_000;

    private final ProbeReport report;
    private final List<Finding> findings = new ArrayList<>();

    private ProbeFindings(ProbeReport report) {
        this.report = report;
    }

    /** @param receiving whether a stream was to come */
    static List<Finding> of(ProbeReport report, boolean receiving) {
        ProbeFindings all = new ProbeFindings(report);
        if (report.handshake() != null) {
            all.aboutTheLink(report.handshake(), receiving);
        }
        if (receiving && report.reception() != null) {
            all.aboutReception(report.reception());
        }
        if (report.ts() != null && report.reception() != null) {
            all.aboutTheStream(report.ts(), report.reception());
        }
        return all.findings;
    }

    private void aboutTheLink(ProbeReport.Handshake handshake, boolean receiving) {
        ProbeReport.RoundTrip roundTrip = report.roundTripMillis();
        int latency = receiving ? handshake.receiveLatencyMillis() : handshake.sendLatencyMillis();
        if (roundTrip != null && latency < LEAST_ROUND_TRIPS * roundTrip.mean()) {
            problem(
                    text("latency %d ms is less than 3 round trips of %.1f ms", latency, roundTrip.mean()),
                    "set latency=" + advisedLatency(roundTrip) + ", so that a packet can be asked for more than once");
        }
        if (!receiving && roundTrip != null) {
            double seconds = (latency + roundTrip.mean()) / 1e3;
            double bitsPerSecond = seconds == 0
                    ? Double.MAX_VALUE
                    : handshake.flowWindowPackets() * PAYLOAD_OF_MPEG_TS * 8.0 / seconds;
            if (bitsPerSecond < LITTLE_BITS_PER_SECOND) {
                note(
                        text("the server's flow window carries at most %s", Progress.megabits(bitsPerSecond)),
                        "raise its receive buffer and flow window (rcvbuf, fc) for more");
            }
        }
        if (handshake.maximumPayloadBytes() < PAYLOAD_OF_MPEG_TS) {
            problem(
                    text("payloads may have %d bytes, less than seven TS packets", handshake.maximumPayloadBytes()),
                    "raise the server's mss to 1500, or publish with a smaller pkt_size");
        }
        for (String needed : List.of("TSBPDSND", "TLPKTDROP", "NAKREPORT")) {
            if (!handshake.peerFlags().contains(needed)) {
                note("the server doesn't announce " + needed, "check that it runs in live mode");
            }
        }
    }

    private void aboutReception(ProbeReport.Reception reception) {
        if (reception.closed() != null) {
            problem(reception.closed() + " during the probe", "the server's log may say why");
        }
        if (reception.undecryptablePackets() > 0) {
            problem(
                    text("%,d packets could not be decrypted", reception.undecryptablePackets()),
                    "check that publisher and server have the passphrase of this stream");
        }
        if (reception.payloads() == 0) {
            if (reception.closed() == null && reception.undecryptablePackets() == 0) {
                problem("connected, but nothing came", "check that its publisher sends");
            }
            return;
        }
        double lostPercent = 100.0 * reception.lostPackets() / Math.max(1, reception.expectedPackets());
        if (reception.droppedPackets() > 0) {
            problem(
                    text(
                            "%,d of %,d packets did not come in time and are missing (%.2f %% were lost on the way)",
                            reception.droppedPackets(), reception.expectedPackets(), lostPercent),
                    remedyForDrops());
        } else if (lostPercent > MUCH_LOSS_PERCENT) {
            note(text("%.2f %% of the packets were lost on the way, and all recovered", lostPercent), "");
        }
        if (reception.oddPayloads() > 0) {
            problem(
                    text(
                            "%,d of %,d payloads are no whole TS packets (%d to %d bytes)",
                            reception.oddPayloads(),
                            reception.payloads(),
                            reception.leastPayloadBytes(),
                            reception.mostPayloadBytes()),
                    "have the publisher send 1316 bytes: pkt_size=1316 in ffmpeg, -chunk:1316 in srt-live-transmit");
        }
    }

    private String remedyForDrops() {
        ProbeReport.Handshake handshake = report.handshake();
        ProbeReport.RoundTrip roundTrip = report.roundTripMillis();
        boolean latencyMayHelp = handshake != null
                && roundTrip != null
                && handshake.receiveLatencyMillis() < 2 * ADVISED_ROUND_TRIPS * roundTrip.mean();
        return latencyMayHelp
                ? "raise latency, to " + 2 * advisedLatency(roundTrip) + " for example"
                : "raise latency; if that doesn't help, the link has too little capacity, or the server sends too little"
                        + " again (overhead)";
    }

    private void aboutTheStream(ProbeReport.TsReport ts, ProbeReport.Reception reception) {
        if (!ts.isTransportStream()) {
            problem("what comes is not MPEG-TS", "check what the publisher sends (-f mpegts in ffmpeg)");
            return;
        }
        if (ts.continuityErrors() > 0) {
            boolean lossless = reception.droppedPackets() == 0;
            problem(
                    text("%,d continuity errors", ts.continuityErrors())
                            + (lossless ? " although nothing was lost here: the source is broken already" : ""),
                    lossless
                            ? "look at the publisher, and at the link that it gets its stream by"
                            : "they may come from the missing packets; see there");
        }
        if (ts.transportErrors() > 0) {
            problem(
                    text("%,d packets say of themselves that they are broken (TEI)", ts.transportErrors()),
                    "look at the source: a satellite or cable receiver before it has a bad signal");
        }
        if (ts.damagedTables() > 0) {
            problem(text("%,d tables (PAT, PMT) have a wrong CRC", ts.damagedTables()), "look at the source");
        }
        aboutPrograms(ts);
        if (ts.scrambledPackets() > 0) {
            note(text("%,d packets are scrambled (conditional access)", ts.scrambledPackets()), "");
        }
        if (ts.nullPercent() > MUCH_PADDING_PERCENT) {
            note(
                    text("%.0f %% of the stream is padding (null packets)", ts.nullPercent()),
                    "lower the multiplexer's rate to save bandwidth");
        }
    }

    private void aboutPrograms(ProbeReport.TsReport ts) {
        if (!ts.hasPat()) {
            problem("no PAT came: players can't find the streams", "have the multiplexer repeat it every 100 ms");
        }
        for (ProbeReport.ProgramReport program : ts.programs()) {
            String name = "program " + program.number();
            if (!program.described()) {
                problem(
                        name + " is in the PAT, but its PMT did not come",
                        "have the multiplexer repeat it every 100 ms");
            } else if (program.pcrCount() == 0) {
                problem(name + " has no clock (PCR)", "players will stutter or fail; check the multiplexer");
            } else {
                aboutClock(name, program);
            }
        }
        for (ProbeReport.PidReport pid : ts.pids()) {
            if (pid.program() != 0 && pid.packets() == 0) {
                problem(
                        text("nothing came of PID 0x%X (%s), which the PMT promises", pid.pid(), pid.what()),
                        "check that input of the encoder");
            }
        }
    }

    private void aboutClock(String name, ProbeReport.ProgramReport program) {
        if (program.pcrJumps() > 0) {
            problem(
                    text("the clock of %s jumped %d times without saying so", name, program.pcrJumps()),
                    "the source is looped or switched; players may stall there");
        }
        if (program.longestPcrIntervalMillis() > MAX_PCR_INTERVAL_MILLIS) {
            problem(
                    text("the clock of %s comes up to %.0f ms apart", name, program.longestPcrIntervalMillis()),
                    "100 ms is allowed: set the multiplexer's PCR period (-pcr_period 20 in ffmpeg)");
        }
    }

    private static int advisedLatency(ProbeReport.@Nullable RoundTrip roundTrip) {
        double millis = roundTrip == null ? 0 : ADVISED_ROUND_TRIPS * roundTrip.max();
        return Math.max(120, (int) (10 * Math.ceil(millis / 10)));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private void problem(String what, String remedy) {
        findings.add(new Finding(true, what, remedy));
    }

    private void note(String what, String remedy) {
        findings.add(new Finding(false, what, remedy));
    }
}
