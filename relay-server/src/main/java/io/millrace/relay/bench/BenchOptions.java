package io.millrace.relay.bench;

import io.millrace.relay.call.Encryption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a run.
 *
 * @param server what subscribers call
 * @param publishServer what publishers call: the same, or another port of a server that has one for them
 * @param publishId stream id of publishers; {@code %d} becomes the stream's number
 * @param requestId stream id of subscribers, likewise
 * @param load what is sent to whom
 * @param schedule how long each part takes
 * @param impairment null for none
 * @param encryption null for none
 * @param serverPid process whose CPU time, memory and collections are reported; 0 for none
 * @param gcLog what it writes with {@code -Xlog:gc:file=…:timemillis}
 */
record BenchOptions(
        ServerAddress server,
        ServerAddress publishServer,
        String publishId,
        String requestId,
        Load load,
        Schedule schedule,
        @Nullable Impairment impairment,
        @Nullable Encryption encryption,
        long serverPid,
        @Nullable Path gcLog) {

    /**
     * What is sent to whom.
     *
     * @param streams publishers
     * @param subscribers of each stream
     * @param bitsPerSecond payload of each stream
     * @param burstMillis 0 for even pace; else what belongs to this time is sent at once, as an encoder sends a frame
     * @param latencyMillis SRT latency that both sides ask for
     * @param keyLengthBytes of the encryption; 0 in clear
     * @param sockets UDP sockets that all subscribers share, round robin
     */
    record Load(
            int streams,
            int subscribers,
            long bitsPerSecond,
            int burstMillis,
            int latencyMillis,
            int keyLengthBytes,
            int sockets) {
        /** All subscribers of all streams. */
        int allSubscribers() {
            return streams * subscribers;
        }

        /** Time between two payloads of a stream. */
        double payloadIntervalMicros() {
            return TestPayload.LENGTH * 8e6 / bitsPerSecond;
        }
    }

    /**
     * How long each part takes.
     *
     * @param callsPerSecond pace at which publishers, and then subscribers, connect
     * @param warmUpSeconds from the last join to the window
     * @param windowSeconds the part that counts
     * @param drainSeconds wait after the window for what is still on its way
     */
    record Schedule(int callsPerSecond, int warmUpSeconds, int windowSeconds, int drainSeconds) {}

    String publishId(int stream) {
        return publishId.replace("%d", Integer.toString(stream));
    }

    String requestId(int stream) {
        return requestId.replace("%d", Integer.toString(stream));
    }
}
