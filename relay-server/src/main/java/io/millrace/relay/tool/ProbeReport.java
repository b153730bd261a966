package io.millrace.relay.tool;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a probe has found; its JSON is one line, with a unit in every name that has one.
 *
 * @param server as the user wrote it, without parameters
 * @param address that it was resolved to
 * @param streamId as it was sent, without secrets
 * @param reached how far the probe came
 * @param failure why it came no further; null if it did
 * @param code the server's code of refusal; null without one
 * @param findings what is wrong, and what is worth a note
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProbeReport(
        String server,
        String address,
        String streamId,
        Reached reached,
        @Nullable String failure,
        @Nullable Integer code,
        @Nullable Handshake handshake,
        @Nullable RoundTrip roundTripMillis,
        @Nullable Reception reception,
        @Nullable TsReport ts,
        List<Finding> findings) {

    /** How far a probe came. */
    enum Reached {
        /** Nothing answers. */
        NOTHING,
        /** An SRT listener answers the first step of the handshake. */
        LISTENER,
        /** The connection was made. */
        CONNECTED,
        /** Payloads came. */
        MEDIA
    }

    /**
     * What was agreed on.
     *
     * @param peerVersion such as 1.5.3
     * @param peerFlags by libsrt's names
     * @param receiveLatencyMillis of what comes to us
     * @param sendLatencyMillis of what we would send
     * @param keyLengthBits 0 in clear
     * @param cipher CTR or GCM; null in clear
     * @param maximumSegmentBytes with 44 of headers
     * @param flowWindowPackets that the server's receiver takes before its first acknowledgement
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Handshake(
            String peerVersion,
            List<String> peerFlags,
            int receiveLatencyMillis,
            int sendLatencyMillis,
            int keyLengthBits,
            @Nullable String cipher,
            int maximumSegmentBytes,
            int maximumPayloadBytes,
            int flowWindowPackets) {}

    /** @param samples that they are of */
    record RoundTrip(double min, double mean, double max, int samples) {}

    /**
     * What came, in the time from the first payload to the last.
     *
     * @param recoveredPackets of the lost ones, in time
     * @param droppedPackets of the lost ones, that did not come in time
     * @param oddPayloads whose length is no multiple of 188
     * @param closed why the connection ended before the probe did; null otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Reception(
            double seconds,
            long payloads,
            long bytes,
            double bitsPerSecond,
            long lostPackets,
            long recoveredPackets,
            long droppedPackets,
            long undecryptablePackets,
            int leastPayloadBytes,
            int mostPayloadBytes,
            long oddPayloads,
            @Nullable String closed) {
        /** Packets that were sent, as far as we know. */
        long expectedPackets() {
            return payloads + droppedPackets;
        }
    }

    /**
     * The transport stream.
     *
     * @param isTransportStream whether it is one at all
     * @param nullPercent of its packets only fill it up
     */
    record TsReport(
            boolean isTransportStream,
            boolean hasPat,
            List<ProgramReport> programs,
            List<PidReport> pids,
            long packets,
            long continuityErrors,
            long transportErrors,
            long scrambledPackets,
            long damagedTables,
            double nullPercent) {}

    /**
     * One program.
     *
     * @param described whether its PMT came
     * @param pcrPid -1 if there is none
     * @param pcrCount references that came
     * @param longestPcrIntervalMillis by the clock itself
     * @param pcrJumps where the clock began anew without a word
     */
    record ProgramReport(
            int number,
            int pmtPid,
            boolean described,
            int pcrPid,
            long pcrCount,
            double longestPcrIntervalMillis,
            long pcrJumps) {}

    /**
     * One PID, whether its packets came or a PMT promises them.
     *
     * @param program that it belongs to; 0 for none
     * @param what such as "H.264 video" or "PAT"
     */
    record PidReport(
            int pid,
            int program,
            String what,
            String language,
            long packets,
            double bitsPerSecond,
            long continuityErrors) {}

    /**
     * One remark.
     *
     * @param problem whether something is wrong; else it is only worth to be known
     * @param text what there is
     * @param remedy what to do about it; empty where nothing needs to be done
     */
    record Finding(boolean problem, String text, String remedy) {}

    /** Whether the connection was made and nothing is wrong. */
    boolean isGood() {
        return failure == null && findings.stream().noneMatch(Finding::problem);
    }

    /** The same with these findings. */
    ProbeReport with(List<Finding> found) {
        return new ProbeReport(
                server,
                address,
                streamId,
                reached,
                failure,
                code,
                handshake,
                roundTripMillis,
                reception,
                ts,
                List.copyOf(found));
    }
}
