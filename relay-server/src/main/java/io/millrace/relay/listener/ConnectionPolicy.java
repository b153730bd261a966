package io.millrace.relay.listener;

import io.millrace.relay.access.GrantLimits;
import io.millrace.relay.config.JoinMode;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.config.SrtConfig;
import io.millrace.relay.config.StreamsConfig;
import io.millrace.relay.config.SubscriberLatency;
import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.handshake.Offer;
import io.millrace.srt.handshake.SrtExtension;
import io.millrace.srt.send.BandwidthLimit;
import org.jspecify.annotations.Nullable;

/** What the relay brings into the handshake of a publisher and of a subscriber. */
final class ConnectionPolicy {
    private final SrtConfig srt;
    private final StreamsConfig streams;

    ConnectionPolicy(RelayConfig config) {
        srt = config.srt();
        streams = config.streams();
    }

    ConnectionSettings forPublisher(GrantLimits limits) {
        return settings(Math.max(srt.latencyMillis(), limits.latencyMillis()), 0, srt.maxBandwidth());
    }

    /**
     * Since nothing waits in the relay, a packet that was recovered on the publisher's leg has used up a part of the time
     * that the subscriber gives it. So the subscriber is asked for at least the publisher's latency.
     *
     * @param publisherLatencyMillis latency of the publisher's leg
     * @param askedMillis latency that the subscriber asks for itself
     * @param limits what it was granted
     */
    ConnectionSettings forSubscriber(int publisherLatencyMillis, int askedMillis, GrantLimits limits) {
        int own = Math.max(Math.max(srt.latencyMillis(), limits.latencyMillis()), askedMillis);
        SubscriberLatency latency = streams.latency();
        int wanted = switch (latency.base()) {
            case MAX -> Math.max(own, publisherLatencyMillis + latency.marginMillis());
            case SUM -> publisherLatencyMillis + own;
        };
        return settings(
                srt.latencyMillis(), Math.min(wanted, SrtExtension.MAX_LATENCY_MILLIS), bandwidth(limits.bitRate()));
    }

    /**
     * Where a subscriber begins: as it says itself, or who let it in, or the configuration.
     *
     * @param asked null if it doesn't say
     * @param granted null if that doesn't say
     */
    JoinMode join(@Nullable JoinMode asked, @Nullable JoinMode granted) {
        if (!streams.analysis()) {
            return JoinMode.LIVE;
        }
        if (asked != null) {
            return asked;
        }
        return granted != null ? granted : streams.join();
    }

    /** Bytes per second for MAXBW. A bound by the input rate gives way to one in numbers. */
    private long bandwidth(long bitRate) {
        if (bitRate == 0) {
            return srt.maxBandwidth();
        }
        long granted = Math.max(1, bitRate / 8);
        return srt.maxBandwidth() > 0 ? Math.min(granted, srt.maxBandwidth()) : granted;
    }

    private ConnectionSettings settings(int receiveLatencyMillis, int sendLatencyMillis, long maxBandwidth) {
        return new ConnectionSettings(
                new Offer(receiveLatencyMillis, sendLatencyMillis, srt.mss(), srt.flowWindowPackets()),
                srt.peerIdleTimeoutMillis() * 1000L,
                new BandwidthLimit(maxBandwidth, srt.inputBandwidth(), srt.overheadPercent(), srt.retransmitPercent()),
                new RefreshPeriod(srt.kmRefreshRate(), Math.min(srt.kmPreAnnounce(), (srt.kmRefreshRate() - 1) / 2)));
    }
}
