package io.millrace.relay.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a problem of every request that no route has answered. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Problem NOT_ENCODED =
            Problem.badRequest("the path or the query is not percent-encoded as those of URLs are");

    private final Router router;

    private Problems(Router router) {
        this.router = router;
    }

    /** Answers what the routes of this router fail with, and what they don't take. */
    static void answer(Router router) {
        Problems problems = new Problems(router);
        for (int status : List.of(400, 404, 405, 413, 415, 500)) {
            router.errorHandler(status, request -> problems.of(request, status).send(request));
        }
    }

    /**
     * Has the router handle the requests that it can read. It would take a path or query whose encoding is broken for a fault
     * of its own, and log each of them.
     */
    static Handler<HttpServerRequest> guard(Router router) {
        return request -> {
            if (BROKEN_ESCAPE.matcher(request.uri()).find()) {
                NOT_ENCODED.send(request.response());
            } else {
                router.handle(request);
            }
        };
    }

    private Problem of(RoutingContext request, int status) {
        if (request.failure() instanceof ProblemException e) {
            return e.problem();
        }
        return switch (status) {
            // By the router itself, which reads paths and queries.
            case 400 -> NOT_ENCODED;
            case 404 ->
                Problem.notFound("nothing is at this path; " + ApiRoutes.DOCUMENT
                        + " has all there are. A slash in the name of a stream is written %2F");
            case 405 -> methodNotAllowed(request);
            case 413 ->
                new Problem(413, "Content Too Large", "the body has more than " + JsonBody.MAX_BYTES + " bytes");
            case 415 -> new Problem(415, "Unsupported Media Type", "send JSON, with Content-Type: application/json");
            default -> {
                LOG.error(
                        "{} {} failed",
                        request.request().method(),
                        request.request().path(),
                        request.failure());
                yield new Problem(500, "Internal Server Error", "a fault of the relay; its log says more, report that");
            }
        };
    }

    private Problem methodNotAllowed(RoutingContext request) {
        String allowed = router.getRoutes().stream()
                .filter(route -> isAt(route, request.normalizedPath()))
                .flatMap(route -> route.methods().stream())
                .map(HttpMethod::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        request.response().putHeader("Allow", allowed);
        return new Problem(
                405, "Method Not Allowed", request.request().method() + " is not for this path; allowed: " + allowed);
    }

    private static boolean isAt(Route route, String path) {
        String declared = ApiRoutes.path(route);
        if (declared == null) {
            return false;
        }
        String[] segments = declared.split("/", -1);
        String[] asked = path.split("/", -1);
        return segments.length == asked.length
                && IntStream.range(0, asked.length)
                        .allMatch(i -> segments[i].equals(asked[i]) || segments[i].startsWith(":"));
    }
}
