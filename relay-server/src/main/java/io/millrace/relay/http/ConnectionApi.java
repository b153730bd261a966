package io.millrace.relay.http;

import io.millrace.relay.access.Bans;
import io.millrace.relay.config.AddressRange;
import io.millrace.relay.config.ApiScope;
import io.millrace.relay.stats.ConnectionDirectory;
import io.millrace.relay.stats.ConnectionInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open connections: to look at, to name and to end. */
final class ConnectionApi {
    private static final String ALL = "/api/v1/connections";
    private static final String ONE = ALL + "/:id";
    private static final int MAX_LABEL = 128;

    private final ConnectionDirectory connections;
    private final Bans bans;

    ConnectionApi(ConnectionDirectory connections, Bans bans) {
        this.connections = connections;
        this.bans = bans;
    }

    void addTo(ApiRoutes routes) {
        routes.get(ALL, ApiScope.READ).handler(this::list);
        routes.get(ONE, ApiScope.READ).handler(request -> {
            ConnectionInfo connection = connection(request);
            JsonAnswer.build(request, () -> ConnectionJson.of(connection));
        });
        routes.patch(ONE, ApiScope.OPERATE).handler(JsonBody.handler()).handler(this::label);
        routes.delete(ONE, ApiScope.OPERATE).handler(this::close);
    }

    private void list(RoutingContext request) {
        Query query = Query.of(request, List.of("stream", "role", "limit"));
        String stream = query.text("stream");
        String role = query.oneOf("role", ConnectionJson.ROLES);
        int limit = query.wholeNumber("limit", Integer.MAX_VALUE, 1, 1_000_000);
        JsonAnswer.build(request, () -> list(stream, role, limit));
    }

    private JsonArray list(@Nullable String stream, @Nullable String role, int limit) {
        JsonArray list = new JsonArray();
        connections.connections().stream()
                .filter(connection ->
                        stream == null || connection.facts().stream().equals(stream))
                .filter(connection ->
                        role == null || ConnectionJson.role(connection).equals(role))
                .limit(limit)
                .forEach(connection -> list.add(ConnectionJson.of(connection)));
        return list;
    }

    private ConnectionInfo connection(RoutingContext request) {
        return connection(request, connections);
    }

    /** The open connection that a path names by its {@code :id}. */
    static ConnectionInfo connection(RoutingContext request, ConnectionDirectory connections) {
        ConnectionInfo connection = connections.connection(PathParameter.number(request, "id"));
        if (connection == null) {
            throw new ProblemException(
                    Problem.notFound("no connection of this id is open; GET " + ALL + " lists those that are"));
        }
        return connection;
    }

    private void label(RoutingContext request) {
        ConnectionInfo connection = connection(request);
        JsonBody body = JsonBody.of(request, List.of("label"));
        if (!body.has("label")) {
            throw JsonBody.mustBe("label", "a text or null");
        }
        connection.label(body.optionalLine("label", MAX_LABEL));
        JsonAnswer.build(request, () -> ConnectionJson.of(connection));
    }

    private void close(RoutingContext request) {
        ConnectionInfo connection = connection(request);
        int seconds = Query.of(request, List.of("banSeconds"))
                .wholeNumber("banSeconds", 0, 0, (int) Bans.MAX_DURATION.toSeconds());
        String caller = ApiGuard.caller(request);
        // Before the end: its peer may call again at once.
        Bans.Ban ban = seconds == 0
                ? null
                : BanApi.add(
                        bans,
                        new Bans.Target(
                                AddressRange.ofHolder(connection.facts().peer().getAddress()), null, null),
                        Duration.ofSeconds(seconds),
                        "with connection " + connection.id(),
                        caller);
        JsonAnswer.send(request, 200, kick(connection, caller).put("ban", ban == null ? null : ban.toJson()));
    }

    /** Ends a connection, and says which. */
    static JsonObject kick(ConnectionInfo connection, String caller) {
        connection.close("kicked through the API by " + caller);
        return new JsonObject()
                .put("connection", connection.id())
                .put("role", ConnectionJson.role(connection))
                .put("stream", connection.facts().stream());
    }
}
