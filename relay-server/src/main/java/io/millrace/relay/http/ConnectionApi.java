package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.ConnectionDirectory;
import io.vertx.core.json.JsonArray;

/** The open connections. */
final class ConnectionApi {
    private final ConnectionDirectory connections;

    ConnectionApi(ConnectionDirectory connections) {
        this.connections = connections;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/connections", ApiScope.READ).handler(request -> JsonAnswer.build(request, this::list));
    }

    private JsonArray list() {
        JsonArray list = new JsonArray();
        connections.connections().forEach(connection -> list.add(ConnectionJson.of(connection)));
        return list;
    }
}
