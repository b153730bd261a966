package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.vertx.ext.web.Route;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A route of the relay's HTTP side, as it was declared.
 *
 * @param operation method and path, written as in OpenAPI: {@code GET /api/v1/connections/{id}}
 * @param scope that it takes, in lower case; null for none
 */
public record DeclaredRoute(String operation, String scope) {
    /** All that a relay serves. */
    public static List<DeclaredRoute> of(HttpVerticle http) {
        return http.routes().stream()
                .filter(route -> ApiRoutes.path(route) != null)
                .flatMap(DeclaredRoute::of)
                .toList();
    }

    private static Stream<DeclaredRoute> of(Route route) {
        String path = ApiRoutes.path(route).replaceAll(":(\\w+)", "{$1}");
        ApiScope scope = ApiRoutes.scope(route);
        return route.methods().stream()
                .map(method -> new DeclaredRoute(
                        method.name() + " " + path,
                        scope == null ? null : scope.name().toLowerCase(Locale.ROOT)));
    }
}
