package io.millrace.relay.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The result of a run, as a table for people and as one line of JSON. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BenchReport(
        BenchOptions.Load load,
        int seconds,
        Payloads payloads,
        Latency latencyMillis,
        @Nullable Cost relay,
        GcLog.@Nullable Summary relayHeap,
        Surroundings surroundings) {

    /**
     * What became of the payloads that were sent within the window.
     *
     * @param expected sent payloads times subscribers
     * @param worstMissing of one subscriber
     * @param imperfectSubscribers that missed one, got one twice or broken, or were disconnected or refused
     * @param lostPackets that receivers missed at first, recovered or not
     * @param retransmittedPackets that receivers got
     */
    record Payloads(
            long expected,
            long delivered,
            long missing,
            long duplicated,
            long corrupted,
            long worstMissing,
            int imperfectSubscribers,
            long lostPackets,
            long retransmittedPackets) {}

    /** From just before a payload is given to the publisher's connection to just after a subscriber's has it. */
    record Latency(double p50, double p90, double p99, double p999, double max) {
        static Latency of(Histogram micros) {
            return new Latency(
                    micros.getValueAtPercentile(50) / 1e3,
                    micros.getValueAtPercentile(90) / 1e3,
                    micros.getValueAtPercentile(99) / 1e3,
                    micros.getValueAtPercentile(99.9) / 1e3,
                    micros.getMaxValue() / 1e3);
        }
    }

    /**
     * What the relay's process used during the window.
     *
     * @param cpuSecondsPerGigabyte for each 10^9 bytes of payload delivered
     * @param residentMebibytes at the end
     */
    record Cost(double cpuSeconds, double cores, double cpuSecondsPerGigabyte, long residentMebibytes) {}

    /**
     * What says whether the figures can be trusted.
     *
     * @param generatorCores used by this program
     * @param otherCores used by neither this program nor the relay
     * @param stolenCores taken by the host of a virtual machine
     * @param sendLagP99Millis how much later than planned payloads were sent
     * @param udpReceiveBufferErrors of the whole machine
     */
    record Surroundings(
            double generatorCores,
            double otherCores,
            double stolenCores,
            double sendLagP99Millis,
            long udpReceiveBufferErrors) {}

    /** Whether every payload arrived at every subscriber exactly once. */
    boolean isPerfect() {
        return payloads.expected() > 0 && payloads.missing() == 0 && payloads.imperfectSubscribers() == 0;
    }

    String toJson() {
        try {
            return new ObjectMapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    String toTable() {
        StringBuilder table = new StringBuilder();
        row(table, "expected", "%,d payloads in %d s", payloads.expected(), seconds);
        row(
                table,
                "missing",
                "%,d (worst subscriber %,d), duplicated %,d, corrupted %,d",
                payloads.missing(),
                payloads.worstMissing(),
                payloads.duplicated(),
                payloads.corrupted());
        row(
                table,
                "subscribers",
                "%,d of %,d perfect; %,d packets lost on the way, %,d retransmitted",
                load.allSubscribers() - payloads.imperfectSubscribers(),
                load.allSubscribers(),
                payloads.lostPackets(),
                payloads.retransmittedPackets());
        row(
                table,
                "latency",
                "p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f ms",
                latencyMillis.p50(),
                latencyMillis.p90(),
                latencyMillis.p99(),
                latencyMillis.p999(),
                latencyMillis.max());
        relayRows(table);
        row(
                table,
                "generator",
                "%.2f cores, sends late by %.2f ms (p99)",
                surroundings.generatorCores(),
                surroundings.sendLagP99Millis());
        row(
                table,
                "others",
                "%.2f cores used by other processes, %.2f stolen; %,d UDP receive buffer errors",
                surroundings.otherCores(),
                surroundings.stolenCores(),
                surroundings.udpReceiveBufferErrors());
        return table.toString();
    }

    private void relayRows(StringBuilder table) {
        if (relay != null) {
            row(
                    table,
                    "relay",
                    "%.2f cores, %.3f CPU seconds per delivered GB, %,d MiB resident",
                    relay.cores(),
                    relay.cpuSecondsPerGigabyte(),
                    relay.residentMebibytes());
        }
        if (relayHeap != null) {
            row(
                    table,
                    "relay's heap",
                    "%.0f MiB live at first, %.0f at the end; after %d collections %.0f to %.0f, median %.0f",
                    relayHeap.liveBeforeMebibytes(),
                    relayHeap.liveAfterMebibytes(),
                    relayHeap.collections(),
                    relayHeap.minMebibytes(),
                    relayHeap.maxMebibytes(),
                    relayHeap.medianMebibytes());
            row(
                    table,
                    "relay's garbage",
                    "%.1f MiB/s, longest pause %.1f ms",
                    relayHeap.garbageMebibytesPerSecond(),
                    relayHeap.longestPauseMillis());
        }
    }

    private static void row(StringBuilder table, String name, String format, Object... values) {
        table.append(String.format(Locale.ROOT, "%-16s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
