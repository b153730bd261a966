package io.millrace.relay.bench;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as a table for people. */
final class ReportTable {
    private final BenchReport report;
    private final StringBuilder text = new StringBuilder();

    private ReportTable(BenchReport report) {
        this.report = report;
    }

    static String of(BenchReport report) {
        ReportTable table = new ReportTable(report);
        table.loadRows();
        table.deliveryRows();
        table.serverRows();
        table.surroundingsRows();
        return table.text.toString();
    }

    private void loadRows() {
        BenchOptions.Load load = report.load();
        row(
                "load",
                "streams: %,d of %s Mbit/s; subscribers of each: %,d; SRT latency %,d ms, %s",
                load.streams(),
                decimal(load.bitsPerSecond() / 1e6),
                load.subscribers(),
                load.latencyMillis(),
                load.keyLengthBytes() == 0 ? "in clear" : "AES-" + load.keyLengthBytes() * Byte.SIZE);
        BenchReport.Impaired impaired = report.impairment();
        if (impaired != null) {
            row(
                    "bad network",
                    "%s: %s %% lost and %,d ms delay each way; %,d of %,d datagrams lost (seed %d)",
                    impaired.legs(),
                    decimal(impaired.lossPercent()),
                    impaired.delayMillis(),
                    impaired.lostDatagrams(),
                    impaired.datagrams(),
                    impaired.seed());
        }
    }

    private void deliveryRows() {
        BenchReport.Payloads payloads = report.payloads();
        row(
                "delivered",
                "%,d of %,d payloads sent within %,d s",
                payloads.delivered(),
                payloads.expected(),
                report.seconds());
        row(
                "missing",
                "%,d payloads (worst subscriber %,d), duplicated %,d, corrupted %,d",
                payloads.missing(),
                payloads.worstMissing(),
                payloads.duplicated(),
                payloads.corrupted());
        row(
                "subscribers",
                "%,d of %,d got everything once; %,d packets were lost on the way, %,d came as retransmissions",
                report.load().allSubscribers() - payloads.imperfectSubscribers(),
                report.load().allSubscribers(),
                payloads.lostPackets(),
                payloads.retransmittedPackets());
        BenchReport.Connections connections = report.connections();
        if (connections.closedPublishers() + connections.closedSubscribers() > 0) {
            row(
                    "disconnected",
                    "%,d publishers, %,d subscribers",
                    connections.closedPublishers(),
                    connections.closedSubscribers());
        }
        if (!connections.refusedSubscribers().isEmpty()) {
            row("refused", "%s subscribers", counts(connections.refusedSubscribers()));
        }
        BenchReport.Latency latency = report.latencyMillis();
        row(
                "latency",
                "p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms",
                latency.p50(),
                latency.p90(),
                latency.p99(),
                latency.p999(),
                latency.max());
    }

    private void serverRows() {
        BenchReport.Cost server = report.server();
        if (server != null) {
            row(
                    "server",
                    "%.2f cores, %.3f CPU seconds per delivered GB, %,d MiB resident",
                    server.cores(),
                    server.cpuSecondsPerGigabyte(),
                    server.residentMebibytes());
        }
        GcLog.Summary heap = report.serverHeap();
        if (heap != null) {
            row(
                    "server's heap",
                    "%.0f MiB live at first, %.0f MiB at the end; after %,d collections %.0f to %.0f MiB, median %.0f MiB",
                    heap.liveBeforeMebibytes(),
                    heap.liveAfterMebibytes(),
                    heap.collections(),
                    heap.minMebibytes(),
                    heap.maxMebibytes(),
                    heap.medianMebibytes());
            row(
                    "server's garbage",
                    "%.1f MiB/s, longest pause %.1f ms",
                    heap.garbageMebibytesPerSecond(),
                    heap.longestPauseMillis());
        }
    }

    private void surroundingsRows() {
        BenchReport.Surroundings surroundings = report.surroundings();
        row(
                "generator",
                "%.2f cores, sends late by %.2f ms (p99)",
                surroundings.generatorCores(),
                surroundings.sendLagP99Millis());
        BenchReport.Machine machine = surroundings.machine();
        if (machine != null) {
            row(
                    "this machine",
                    "%.2f cores used by other processes, %.2f cores stolen; %,d UDP receive buffer errors",
                    machine.otherCores(),
                    machine.stolenCores(),
                    machine.udpReceiveBufferErrors());
        }
    }

    private static String counts(Map<String, Integer> byReason) {
        return byReason.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** With as many digits as it needs. */
    private static String decimal(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private void row(String name, String format, Object... values) {
        text.append(String.format(Locale.ROOT, "%-18s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
