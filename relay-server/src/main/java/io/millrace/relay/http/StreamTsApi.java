package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.net.LoopClock;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamVerticle;
import io.millrace.relay.ts.TsSnapshot;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.function.Supplier;

/** What is in a stream: {@code GET /api/v1/streams/{name}/ts}. */
final class StreamTsApi {
    private final StreamDirectory streams;
    private final Supplier<RelayConfig> config;

    StreamTsApi(StreamDirectory streams, Supplier<RelayConfig> config) {
        this.streams = streams;
        this.config = config;
    }

    void addTo(ApiRoutes routes) {
        routes.get("/api/v1/streams/:name/ts", ApiScope.READ).handler(this::show);
    }

    private void show(RoutingContext request) {
        StreamVerticle stream = StreamApi.stream(streams, request);
        JsonAnswer.build(request, () -> show(stream));
    }

    private JsonObject show(StreamVerticle stream) {
        TsSnapshot snapshot = stream.analysis().snapshot();
        if (!config.get().streams().analysis()) {
            return TsJson.of("off");
        }
        if (snapshot == null) {
            return TsJson.of("waiting");
        }
        return new TsJson(Instant.now(), LoopClock.nowMicros()).of(snapshot);
    }
}
