package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.SocketDirectory;
import io.vertx.core.json.JsonArray;

/** The sockets of the listeners. */
final class ListenerApi {
    private final SocketDirectory sockets;

    ListenerApi(SocketDirectory sockets) {
        this.sockets = sockets;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/listeners", ApiScope.READ).handler(request -> JsonAnswer.build(request, this::list));
    }

    private JsonArray list() {
        JsonArray list = new JsonArray();
        sockets.sockets().forEach(socket -> list.add(ListenerJson.of(socket)));
        return list;
    }
}
