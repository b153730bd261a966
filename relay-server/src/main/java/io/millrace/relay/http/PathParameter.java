package io.millrace.relay.http;

import io.vertx.ext.web.RoutingContext;

/** A segment of a request's path that stands for something, decoded: the name of a stream may have slashes in it. */
final class PathParameter {
    private PathParameter() {}

    static String text(RoutingContext request, String name) {
        String text = request.pathParam(name);
        if (text == null) {
            throw new IllegalStateException("the path has no " + name);
        }
        return text;
    }

    /** A number such as we give to connections. */
    static long number(RoutingContext request, String name) {
        String text = text(request, name);
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProblemException(
                    Problem.notFound("the last part of the path is not a number, as ids of this kind are"));
        }
        return Long.parseLong(text);
    }
}
