package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stream.StreamDirectory;
import io.vertx.core.json.JsonArray;

/** The streams of the node. */
final class StreamApi {
    private final StreamDirectory streams;
    private final ConnectionDirectory connections;

    StreamApi(StreamDirectory streams, ConnectionDirectory connections) {
        this.streams = streams;
        this.connections = connections;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/streams", ApiScope.READ).handler(request -> JsonAnswer.build(request, this::list));
    }

    private JsonArray list() {
        return StreamJson.of(streams.streams(), connections.connections());
    }
}
