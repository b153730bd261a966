package io.millrace.relay.http;

import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stats.RecentLink;
import io.millrace.relay.stats.StreamHealth;
import io.millrace.relay.stream.StreamVerticle;
import io.millrace.relay.ts.TsSnapshot;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How streams are doing, from the snapshots that there are. A list of many streams goes through the connections once.
 *
 * @param publishers by the name of the stream, as are the subscribers
 * @param analysed whether streams are looked at
 */
record StreamFigures(
        Map<String, ConnectionInfo> publishers, Map<String, List<ConnectionInfo>> subscribers, boolean analysed) {

    static StreamFigures of(Collection<ConnectionInfo> connections, boolean analysed) {
        Map<String, List<ConnectionInfo>> subscribers = new HashMap<>();
        for (ConnectionInfo connection : connections) {
            if (connection.facts().role() == ConnectionInfo.Role.SUBSCRIBER) {
                subscribers
                        .computeIfAbsent(connection.facts().stream(), stream -> new ArrayList<>())
                        .add(connection);
            }
        }
        return new StreamFigures(StreamJson.publishers(connections), subscribers, analysed);
    }

    /** The connection that publishes a stream; null if there is none. */
    @Nullable
    ConnectionInfo publisherOf(StreamVerticle stream) {
        return stream.publication() == null ? null : publishers.get(stream.name());
    }

    void addTo(JsonObject json, StreamVerticle stream) {
        boolean published = stream.publication() != null;
        ConnectionInfo publisher = publisherOf(stream);
        List<ConnectionInfo> receivers = subscribers.getOrDefault(stream.name(), List.of());
        TsSnapshot content = analysed ? stream.analysis().snapshot() : null;
        StreamHealth health =
                StreamHealth.of(new StreamHealth.Signs(published, publisher, receivers, analysed, content));
        RecentLink recent = publisher == null ? null : publisher.meter().recent();
        json.put("outBitRate", bitRate(receivers, Statistic.mbpsSendRate))
                .put("lostPercent", recent == null ? null : ConnectionJson.number(recent.lostPercent()))
                .put("notRecovered", recent == null ? null : recent.droppedPackets())
                .put("rttMillis", recent == null ? null : ConnectionJson.number(recent.rttMillis()))
                .put("media", published && content != null ? MediaLine.of(content) : null)
                .put(
                        "health",
                        new JsonObject()
                                .put("state", health.state().name().toLowerCase(Locale.ROOT))
                                .put("reasons", new JsonArray(health.reasons())));
    }

    /**
     * Bits per second of all of them.
     *
     * @param megabits the statistic that has it of one
     */
    static long bitRate(Collection<ConnectionInfo> connections, Statistic megabits) {
        double sum = 0;
        for (ConnectionInfo connection : connections) {
            ConnectionStatistics statistics = connection.statistics();
            sum += statistics == null ? 0 : statistics.value(megabits);
        }
        return Math.round(sum * 1e6);
    }
}
