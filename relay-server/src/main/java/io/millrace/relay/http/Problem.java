package io.millrace.relay.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Why a request was not served, as the API says it. RFC 9457.
 *
 * @param status of HTTP
 * @param title what kind of problem it is, the same every time
 * @param detail what was wrong this time, and what would be right
 */
record Problem(int status, String title, String detail) {
    private static final String MEDIA_TYPE = "application/problem+json";

    static Problem badRequest(String detail) {
        return new Problem(400, "Bad Request", detail);
    }

    static Problem forbidden(String detail) {
        return new Problem(403, "Forbidden", detail);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "Not Found", detail);
    }

    static Problem conflict(String detail) {
        return new Problem(409, "Conflict", detail);
    }

    static Problem unavailable(String detail) {
        return new Problem(503, "Service Unavailable", detail);
    }

    void send(RoutingContext request) {
        send(request.response());
    }

    void send(HttpServerResponse response) {
        JsonObject json = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        var unused = response.setStatusCode(status)
                .putHeader("Content-Type", MEDIA_TYPE)
                .end(json.toBuffer());
    }
}
