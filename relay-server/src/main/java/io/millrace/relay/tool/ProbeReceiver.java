package io.millrace.relay.tool;

import io.millrace.relay.net.LoopClock;
import io.millrace.relay.ts.TsAnalyser;
import io.millrace.relay.ts.TsPacket;
import io.millrace.relay.ts.TsSnapshot;
import io.millrace.srt.receive.PayloadReceiver;

/** Looks at what arrives and keeps nothing of it. Written by the loop, read by the tool. */
final class ProbeReceiver implements PayloadReceiver {
    private final TsAnalyser analyser = new TsAnalyser();
    private long payloads;
    private long bytes;
    private long oddPayloads;
    private int least = Integer.MAX_VALUE;
    private int most;
    private int last;
    private long firstMicros;
    private long lastMicros;

    /**
     * What came so far.
     *
     * @param seconds from the first payload to the last
     * @param bitsPerSecond in this time
     */
    record Seen(
            double seconds,
            long payloads,
            long bytes,
            double bitsPerSecond,
            int leastPayloadBytes,
            int mostPayloadBytes,
            long oddPayloads,
            TsSnapshot ts) {}

    @Override
    public synchronized void received(long offset, long originMicros, byte[] payload) {
        long nowMicros = LoopClock.nowMicros();
        if (payloads == 0) {
            firstMicros = nowMicros;
        }
        lastMicros = nowMicros;
        payloads++;
        bytes += payload.length;
        last = payload.length;
        least = Math.min(least, payload.length);
        most = Math.max(most, payload.length);
        if (payload.length % TsPacket.LENGTH != 0) {
            oddPayloads++;
        }
        analyser.take(payload, offset, originMicros);
    }

    @Override
    public void settled(long offset) {}

    synchronized Seen seen() {
        double seconds = (lastMicros - firstMicros) / 1e6;
        return new Seen(
                seconds,
                payloads,
                bytes,
                seconds == 0 ? 0 : (bytes - last) * 8 / seconds,
                payloads == 0 ? 0 : least,
                most,
                oddPayloads,
                analyser.snapshot());
    }
}
