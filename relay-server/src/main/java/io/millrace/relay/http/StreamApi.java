package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.millrace.relay.config.RelayConfig;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.millrace.relay.stream.StreamDirectory;
import io.millrace.relay.stream.StreamVerticle;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** The streams of the node. */
final class StreamApi {
    private static final String ALL = "/api/v1/streams";
    private static final String ONE = ALL + "/:name";

    private final StreamDirectory streams;
    private final ConnectionDirectory connections;
    private final Supplier<RelayConfig> config;

    StreamApi(StreamDirectory streams, ConnectionDirectory connections, Supplier<RelayConfig> config) {
        this.streams = streams;
        this.connections = connections;
        this.config = config;
    }

    void addTo(ApiRoutes routes) {
        routes.get(ALL, ApiScope.READ).handler(request -> JsonAnswer.build(request, this::list));
        routes.get(ONE, ApiScope.READ).handler(this::one);
        routes.delete(ONE + "/publisher", ApiScope.OPERATE).handler(this::kickPublisher);
    }

    private JsonArray list() {
        return StreamJson.of(streams.streams(), figures());
    }

    private void one(RoutingContext request) {
        StreamVerticle stream = stream(request);
        JsonAnswer.build(request, () -> StreamJson.of(stream, figures()));
    }

    private StreamFigures figures() {
        return StreamFigures.of(
                connections.connections(), config.get().streams().analysis());
    }

    private StreamVerticle stream(RoutingContext request) {
        return stream(streams, request);
    }

    /** The stream that a request's path names. */
    static StreamVerticle stream(StreamDirectory streams, RoutingContext request) {
        StreamVerticle stream = streams.stream(PathParameter.text(request, "name"));
        if (stream == null) {
            throw new ProblemException(Problem.notFound("there is no such stream; GET " + ALL
                    + " lists those there are." + " A slash in a name is written %2F"));
        }
        return stream;
    }

    private void kickPublisher(RoutingContext request) {
        ConnectionInfo publisher = connections.publisherOf(stream(request).name());
        if (publisher == null) {
            throw new ProblemException(Problem.notFound("nobody publishes this stream"));
        }
        JsonAnswer.send(
                request,
                200,
                ConnectionApi.kick(publisher, ApiGuard.caller(request)).putNull("ban"));
    }
}
