package io.millrace.relay.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The result of a run; its JSON is one line, with a unit in every name that has one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BenchReport(
        BenchOptions.Load load,
        @Nullable Impaired impairment,
        int seconds,
        Connections connections,
        Payloads payloads,
        Latency latencyMillis,
        @Nullable Cost server,
        GcLog.@Nullable Summary serverHeap,
        Surroundings surroundings) {

    /**
     * What the built-in bad network did from the first call to the end, in both directions together.
     *
     * @param legs subscribers, publishers or both
     * @param lostDatagrams the number that did not get through
     */
    record Impaired(double lossPercent, int delayMillis, String legs, long seed, long datagrams, long lostDatagrams) {
        static Impaired of(Impairment asked, ImpairedEndpoint.Toll toll) {
            return new Impaired(
                    asked.lossPercent(),
                    asked.delayMillis(),
                    asked.legs().optionValue(),
                    asked.seed(),
                    toll.datagrams(),
                    toll.lostDatagrams());
        }
    }

    /**
     * What became of the connections.
     *
     * @param closedPublishers that the server disconnected
     * @param joinedSubscribers that were connected at first
     * @param closedSubscribers of these, that the server disconnected
     * @param refusedSubscribers how many failed to connect, by reason
     */
    record Connections(
            int closedPublishers,
            int joinedSubscribers,
            int closedSubscribers,
            Map<String, Integer> refusedSubscribers) {}

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
     * What the server's process used during the window.
     *
     * @param cpuSecondsPerGigabyte for each 10^9 bytes of payload delivered
     * @param residentMebibytes at the end
     */
    record Cost(double cpuSeconds, double cores, double cpuSecondsPerGigabyte, long residentMebibytes) {}

    /**
     * What says whether the figures can be trusted.
     *
     * @param generatorCores used by this program
     * @param sendLagP99Millis how much later than planned payloads were sent
     * @param machine null where there is no Linux to ask
     */
    record Surroundings(
            double generatorCores,
            double sendLagP99Millis,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Machine machine) {}

    /**
     * What else happened on the generator's machine.
     *
     * @param otherCores used by neither this program nor the server, if that is known
     * @param stolenCores taken by the host of a virtual machine
     * @param udpReceiveBufferErrors datagrams that were dropped since a socket's buffer was full
     */
    record Machine(double otherCores, double stolenCores, long udpReceiveBufferErrors) {}

    /** Whether every payload arrived at every subscriber exactly once. */
    boolean isPerfect() {
        return payloads.expected() > 0
                && payloads.missing() == 0
                && payloads.imperfectSubscribers() == 0
                && connections.closedPublishers() == 0;
    }

    String toJson() {
        try {
            return new ObjectMapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
