package io.millrace.relay.tool;

import java.util.Locale;

/** A probe's report for people. */
final class ProbeText {
    private final ProbeReport report;
    private final StringBuilder text = new StringBuilder();

    private ProbeText(ProbeReport report) {
        this.report = report;
    }

    static String of(ProbeReport report) {
        ProbeText text = new ProbeText(report);
        text.connection();
        text.stream();
        text.verdict();
        return text.text.toString();
    }

    private void connection() {
        row(
                "server",
                "%s (%s)%s",
                report.server(),
                report.address(),
                report.streamId().isEmpty() ? ", no stream id" : ", stream id " + report.streamId());
        row(
                "reached",
                "%s",
                switch (report.reached()) {
                    case NOTHING -> "nothing";
                    case LISTENER -> "an SRT listener, but no connection";
                    case CONNECTED -> "connected";
                    case MEDIA -> "connected, and receiving";
                });
        if (report.failure() != null) {
            row("failed", "%s", report.failure());
        }
        ProbeReport.Handshake handshake = report.handshake();
        if (handshake != null) {
            row("peer", "SRT %s, %s", handshake.peerVersion(), String.join(" ", handshake.peerFlags()));
            row(
                    "latency",
                    "%d ms to here, %d ms to the server",
                    handshake.receiveLatencyMillis(),
                    handshake.sendLatencyMillis());
            row(
                    "encryption",
                    "%s",
                    handshake.keyLengthBits() == 0
                            ? "none"
                            : "AES-" + handshake.keyLengthBits() + " " + handshake.cipher());
            row(
                    "sizes",
                    "payloads up to %,d bytes (MSS %,d), flow window %,d packets",
                    handshake.maximumPayloadBytes(),
                    handshake.maximumSegmentBytes(),
                    handshake.flowWindowPackets());
        }
        ProbeReport.RoundTrip roundTrip = report.roundTripMillis();
        if (roundTrip != null) {
            row(
                    "round trip",
                    "%.1f ms at least, %.1f ms mean, %.1f ms at most (%d samples)",
                    roundTrip.min(),
                    roundTrip.mean(),
                    roundTrip.max(),
                    roundTrip.samples());
        }
    }

    private void stream() {
        ProbeReport.Reception reception = report.reception();
        if (reception == null) {
            return;
        }
        row(
                "received",
                "%s in %.1f s, %s; %,d payloads%s",
                Progress.megabytes(reception.bytes()),
                reception.seconds(),
                Progress.megabits(reception.bitsPerSecond()),
                reception.payloads(),
                reception.payloads() == 0 ? "" : " of " + sizes(reception) + " bytes");
        row(
                "loss",
                "%,d lost on the way, %,d recovered, %,d dropped as too late",
                reception.lostPackets(),
                reception.recoveredPackets(),
                reception.droppedPackets());
        ProbeReport.TsReport ts = report.ts();
        if (ts == null || !ts.isTransportStream()) {
            return;
        }
        for (ProbeReport.ProgramReport program : ts.programs()) {
            row("program " + program.number(), "%s", clock(program));
        }
        for (ProbeReport.PidReport pid : ts.pids()) {
            row(
                    "",
                    "PID 0x%04X  %-22s %12s%s%s",
                    pid.pid(),
                    pid.what() + (pid.language().isEmpty() ? "" : " (" + pid.language() + ")"),
                    Progress.megabits(pid.bitsPerSecond()),
                    pid.packets() == 0 ? "  nothing came" : "",
                    pid.continuityErrors() == 0 ? "" : "  continuity errors: " + pid.continuityErrors());
        }
        row(
                "TS",
                "%,d packets, %,d continuity errors, %.1f %% padding",
                ts.packets(),
                ts.continuityErrors(),
                ts.nullPercent());
    }

    private void verdict() {
        for (ProbeReport.Finding finding : report.findings()) {
            row(
                    finding.problem() ? "WRONG" : "note",
                    "%s%s",
                    finding.text(),
                    finding.remedy().isEmpty() ? "" : "; " + finding.remedy());
        }
        long problems =
                report.findings().stream().filter(ProbeReport.Finding::problem).count();
        if (report.isGood()) {
            row("verdict", "nothing is wrong");
        } else if (problems > 0) {
            row("verdict", problems == 1 ? "one thing is wrong" : problems + " things are wrong");
        }
    }

    private static String sizes(ProbeReport.Reception reception) {
        return reception.leastPayloadBytes() == reception.mostPayloadBytes()
                ? "" + reception.mostPayloadBytes()
                : reception.leastPayloadBytes() + " to " + reception.mostPayloadBytes();
    }

    private static String clock(ProbeReport.ProgramReport program) {
        if (!program.described()) {
            return "no PMT came";
        }
        return program.pcrCount() == 0
                ? "no PCR"
                : String.format(
                        Locale.ROOT,
                        "PCR in PID 0x%04X, at most %.0f ms apart",
                        program.pcrPid(),
                        program.longestPcrIntervalMillis());
    }

    private void row(String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-12s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
