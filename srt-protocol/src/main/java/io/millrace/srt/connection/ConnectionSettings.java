package io.millrace.srt.connection;

import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.handshake.Offer;
import io.millrace.srt.send.BandwidthLimit;

/**
 * What one connection is made with.
 *
 * @param offer latencies, segment size and window that our side brings into the handshake
 * @param peerIdleTimeoutMicros silence of the peer after which the connection is closed
 * @param bandwidth how fast we may send
 * @param refreshPeriod how long we send by one key, where the connection is encrypted
 */
public record ConnectionSettings(
        Offer offer, long peerIdleTimeoutMicros, BandwidthLimit bandwidth, RefreshPeriod refreshPeriod) {
    /** libsrt's defaults. */
    public static final ConnectionSettings DEFAULT =
            new ConnectionSettings(Offer.DEFAULT, 5_000_000, BandwidthLimit.DEFAULT, RefreshPeriod.DEFAULT);

    /** The same with other latencies, milliseconds: our receiver's, and what we ask of the peer's. */
    public ConnectionSettings withLatency(int receiveLatencyMillis, int sendLatencyMillis) {
        return new ConnectionSettings(
                new Offer(receiveLatencyMillis, sendLatencyMillis, offer.maximumSegmentSize(), offer.flowWindow()),
                peerIdleTimeoutMicros,
                bandwidth,
                refreshPeriod);
    }

    /** The same with another refresh of keys. */
    public ConnectionSettings withRefreshPeriod(RefreshPeriod period) {
        return new ConnectionSettings(offer, peerIdleTimeoutMicros, bandwidth, period);
    }
}
