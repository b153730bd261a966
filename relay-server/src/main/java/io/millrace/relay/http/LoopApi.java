package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.net.EventLoops;
import io.millrace.relay.stats.SocketDirectory;

/** The event loops. */
final class LoopApi {
    private final EventLoops loops;
    private final SocketDirectory sockets;

    LoopApi(EventLoops loops, SocketDirectory sockets) {
        this.loops = loops;
        this.sockets = sockets;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/loops", ApiScope.READ)
                .handler(
                        request -> JsonAnswer.build(request, () -> LoopJson.of(loops.statistics(), sockets.sockets())));
    }
}
