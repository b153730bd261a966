package io.millrace.relay.http;

import io.millrace.relay.config.ApiScope;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the API. Each is declared once, with its method, its path ({@code :name} is a segment of any content) and the
 * scope that it takes; the handlers that it is given then see only requests that are allowed to be there.
 */
final class ApiRoutes {
    /** Where the API is described. */
    static final String DOCUMENT = "/api/v1/openapi.json";

    private static final String SCOPE = "scope";

    private final Router router;
    private final ApiGuard guard;

    ApiRoutes(Router router, ApiGuard guard) {
        this.router = router;
        this.guard = guard;
    }

    /** The path that a route was declared with; null for one that is no single path's. */
    static @Nullable String path(Route route) {
        return route.methods() == null || route.getName().endsWith("*") ? null : route.getName();
    }

    /** What a route was declared to take; null for one that takes nothing. */
    static @Nullable ApiScope scope(Route route) {
        return route.getMetadata(SCOPE);
    }

    /** To look at something. */
    Route get(String path, ApiScope scope) {
        return add(HttpMethod.GET, path, scope);
    }

    Route post(String path, ApiScope scope) {
        return change(HttpMethod.POST, path, scope);
    }

    Route put(String path, ApiScope scope) {
        return change(HttpMethod.PUT, path, scope);
    }

    Route patch(String path, ApiScope scope) {
        return change(HttpMethod.PATCH, path, scope);
    }

    Route delete(String path, ApiScope scope) {
        return change(HttpMethod.DELETE, path, scope);
    }

    /** To be read by a monitoring system, which is another machine. */
    Route scraped(String path, ApiScope scope) {
        return router.get(path).setName(path).putMetadata(SCOPE, scope).handler(guard.whereTokensAre(scope));
    }

    /**
     * At the path of another server, for programs that know only that one.
     *
     * @param there ends requests for what is switched off
     */
    Route foreign(String path, ApiScope scope, SecurityPolicyHandler there) {
        return router.get(path)
                .setName(path)
                .putMetadata(SCOPE, scope)
                .handler(there)
                .handler(guard.requiringInAnyForm(scope));
    }

    /** To look at what tells nothing of this relay: no token is asked for. */
    Route open(String path) {
        return router.get(path).setName(path).handler(guard.open());
    }

    /** For everybody, from everywhere: what lies in the program for all to see. */
    Route page(String path) {
        return router.get(path).setName(path);
    }

    private Route change(HttpMethod method, String path, ApiScope scope) {
        return add(method, path, scope).handler(guard.ownPages());
    }

    private Route add(HttpMethod method, String path, ApiScope scope) {
        return router.route(method, path)
                .setName(path)
                .putMetadata(SCOPE, scope)
                .handler(guard.requiring(scope));
    }
}
