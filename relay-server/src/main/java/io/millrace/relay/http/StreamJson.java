package io.millrace.relay.http;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.Publication;
import io.millrace.relay.stream.StreamVerticle;
import io.millrace.srt.connection.ConnectionStatistics;
import io.millrace.srt.connection.Statistic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The streams as the API shows them. */
final class StreamJson {
    private StreamJson() {}

    static JsonArray of(Collection<StreamVerticle> streams, StreamFigures figures) {
        JsonArray list = new JsonArray();
        streams.stream()
                .sorted(Comparator.comparing(StreamVerticle::name))
                .forEach(stream -> list.add(of(stream, figures)));
        return list;
    }

    /** Who publishes each stream. */
    static Map<String, ConnectionInfo> publishers(Collection<ConnectionInfo> connections) {
        Map<String, ConnectionInfo> publishers = new HashMap<>();
        for (ConnectionInfo connection : connections) {
            if (connection.facts().role() == ConnectionInfo.Role.PUBLISHER) {
                publishers.put(connection.facts().stream(), connection);
            }
        }
        return publishers;
    }

    static JsonObject of(StreamVerticle stream, StreamFigures figures) {
        ConnectionInfo connection = figures.publisherOf(stream);
        JsonObject json = new JsonObject()
                .put("name", stream.name())
                .put("subscribers", stream.subscribers())
                .put("httpViewers", stream.viewers())
                .put("nodes", stream.nodes());
        Publication publication = stream.publication();
        if (publication == null) {
            // Waits for its publisher: kept, and said so, rather than left out.
            json.putNull("publisher")
                    .putNull("pulledFrom")
                    .putNull("since")
                    .put("bitRate", 0)
                    .putNull("publisherConnection");
        } else {
            json.put("publisher", LoggableAddress.of(publication.publisher().address()))
                    .put(
                            "pulledFrom",
                            publication.isPulled() ? publication.publisher().identity() : null)
                    .put("since", publication.since().toString())
                    .put("bitRate", bitRate(stream, connection))
                    .put("publisherConnection", connection == null ? null : connection.id());
        }
        figures.addTo(json, stream);
        return json;
    }

    /** Bits per second that come in. */
    static long bitRate(StreamVerticle stream, @Nullable ConnectionInfo publisher) {
        ConnectionStatistics statistics = publisher == null ? null : publisher.statistics();
        double megabits = statistics == null ? 0 : statistics.value(Statistic.mbpsRecvRate);
        return stream.publication() == null ? 0 : Math.round(megabits * 1e6);
    }
}
