package io.millrace.relay.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** An answer of the API that says what is wrong with a request. RFC 9457, "Problem Details for HTTP APIs". */
final class Problem {
    private static final String CONTENT_TYPE = "application/problem+json";

    private Problem() {}

    /** @param detail what is wrong, for who sent the request */
    static void badRequest(RoutingContext request, String detail) {
        // Without a type, the title is the status's own. RFC 9457 §4.2.1
        JsonObject problem =
                new JsonObject().put("title", "Bad Request").put("status", 400).put("detail", detail);
        var unused = request.response()
                .setStatusCode(400)
                .putHeader("Content-Type", CONTENT_TYPE)
                .end(problem.toBuffer());
    }
}
