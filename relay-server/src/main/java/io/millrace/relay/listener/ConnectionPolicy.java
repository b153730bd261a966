package io.millrace.relay.listener;

import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.SrtConfig;
import io.millrace.relay.config.SubscriberLatency;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.handshake.Offer;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.send.BandwidthLimit;

/** What the relay brings into the handshake of a publisher and of a subscriber. */
final class ConnectionPolicy {
    private final SrtConfig srt;
    private final SubscriberLatency subscriberLatency;

    ConnectionPolicy(RelayConfig config) {
        srt = config.srt();
        subscriberLatency = config.streams().latency();
    }

    ConnectionSettings forPublisher() {
        return settings(srt.latencyMillis(), 0);
    }

    /**
     * Since nothing waits in the relay, a packet that was recovered on the publisher's leg has used up a part of the time
     * that the subscriber gives it. So the subscriber is asked for at least the publisher's latency.
     *
     * @param publisherLatencyMillis latency of the publisher's leg
     * @param askedMillis latency that the subscriber asks for itself
     */
    ConnectionSettings forSubscriber(int publisherLatencyMillis, int askedMillis) {
        int own = Math.max(srt.latencyMillis(), askedMillis);
        int wanted = switch (subscriberLatency.base()) {
            case MAX -> Math.max(own, publisherLatencyMillis + subscriberLatency.marginMillis());
            case SUM -> publisherLatencyMillis + own;
        };
        return settings(srt.latencyMillis(), Math.min(wanted, SrtExtension.MAX_LATENCY_MILLIS));
    }

    private ConnectionSettings settings(int receiveLatencyMillis, int sendLatencyMillis) {
        return new ConnectionSettings(
                new Offer(receiveLatencyMillis, sendLatencyMillis, srt.mss(), srt.flowWindowPackets()),
                srt.peerIdleTimeoutMillis() * 1000L,
                new BandwidthLimit(
                        srt.maxBandwidth(), srt.inputBandwidth(), srt.overheadPercent(), srt.retransmitPercent()),
                new RefreshPeriod(srt.kmRefreshRate(), Math.min(srt.kmPreAnnounce(), (srt.kmRefreshRate() - 1) / 2)));
    }
}
