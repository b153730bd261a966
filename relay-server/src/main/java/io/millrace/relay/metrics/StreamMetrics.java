package io.millrace.relay.metrics;

import io.millrace.relay.config.MetricsConfig;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Publication;
import io.millrace.relay.stream.StreamVerticle;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The streams, together and, where that is asked for, each one by name. */
final class StreamMetrics {
    private final @Nullable StreamLedger ledger;

    StreamMetrics(MetricsConfig config) {
        ledger = config.streams() ? new StreamLedger(config.maxStreams()) : null;
    }

    /** Once a second. */
    void observe(Collection<StreamVerticle> streams, Collection<ConnectionInfo> open) {
        if (ledger != null) {
            ledger.book(open, streams.stream().map(StreamVerticle::name).toList());
        }
    }

    void collect(Samples samples, Collection<StreamVerticle> streams, Collection<ConnectionInfo> open) {
        long published =
                streams.stream().filter(stream -> stream.publication() != null).count();
        String help = "Streams that are published here, come from another node, or wait for their publisher";
        long pulled = streams.stream().filter(StreamMetrics::isPulled).count();
        samples.gauge("millrace_streams", help, published - pulled, "state", "published");
        samples.gauge("millrace_streams", help, pulled, "state", "pulled");
        samples.gauge("millrace_streams", help, streams.size() - published, "state", "waiting");
        if (ledger != null) {
            collectEach(samples, ledger, streams, open);
        }
    }

    private static boolean isPulled(StreamVerticle stream) {
        Publication publication = stream.publication();
        return publication != null && publication.isPulled();
    }

    private static void collectEach(
            Samples samples, StreamLedger ledger, Collection<StreamVerticle> streams, Collection<ConnectionInfo> open) {
        Map<String, ConnectionInfo> publishers = new HashMap<>();
        for (ConnectionInfo connection : open) {
            if (connection.facts().role() == ConnectionInfo.Role.PUBLISHER) {
                publishers.put(connection.facts().stream(), connection);
            }
        }
        int subscribersOfOthers = 0;
        for (StreamVerticle stream : streams) {
            if (ledger.has(stream.name())) {
                collectState(samples, stream, publishers.get(stream.name()));
            } else {
                subscribersOfOthers += stream.subscribers();
            }
        }
        subscribers(samples, StreamLedger.OTHERS, subscribersOfOthers);
        ledger.forEach(
                (stream, totals) -> TrafficMetrics.collect(samples, "millrace_stream_", totals, "stream", stream));
    }

    private static void collectState(Samples samples, StreamVerticle stream, @Nullable ConnectionInfo publisher) {
        samples.gauge(
                "millrace_stream_up",
                "1 while somebody publishes the stream, 0 while it waits for its publisher",
                stream.publication() == null ? 0 : 1,
                "stream",
                stream.name());
        subscribers(samples, stream.name(), stream.subscribers());
        ConnectionStatistics statistics = publisher == null ? null : publisher.statistics();
        if (publisher == null || statistics == null) {
            return;
        }
        samples.gauge(
                "millrace_stream_latency_seconds",
                "Latency of the publisher's connection",
                publisher.facts().latencyMillis() / 1e3,
                "stream",
                stream.name());
        samples.gauge(
                "millrace_stream_rtt_seconds",
                "Smoothed round-trip time to the publisher",
                statistics.value(Statistic.msRTT) / 1e3,
                "stream",
                stream.name());
        samples.gauge(
                "millrace_stream_receive_buffer_seconds",
                "Time that packets span which wait behind one that the publisher has to send again",
                statistics.value(Statistic.msRcvBuf) / 1e3,
                "stream",
                stream.name());
    }

    private static void subscribers(Samples samples, String stream, int count) {
        samples.gauge("millrace_stream_subscribers", "Subscribers of the stream on this node", count, "stream", stream);
    }
}
