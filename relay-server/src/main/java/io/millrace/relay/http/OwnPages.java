package io.millrace.relay.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites' pages from having a browser change something here. Whoever can reach the API may use it, and a browser
 * on the same machine can: so a request that changes something says that it is JSON, which a page can't say of its own to
 * another site, and if it comes from a page, then from one of this API.
 */
final class OwnPages implements SecurityPolicyHandler {
    /** Not a name: another site's name may be made to point here (DNS rebinding), and would then look like our own. */
    private static final Pattern SAFE_HOST = Pattern.compile("localhost|[0-9.]+|\\[[0-9a-f:.]+]");

    @Override
    public void handle(RoutingContext request) {
        String type = request.request().getHeader("Content-Type");
        if (type == null || !isJson(type)) {
            new Problem(415, "Unsupported Media Type", "send JSON, with Content-Type: application/json").send(request);
        } else if (!isOwn(request.request())) {
            new Problem(
                            403,
                            "Forbidden",
                            "this comes from another site's page (Origin); only pages of this API, called by IP"
                                    + " address or as localhost, may do that")
                    .send(request);
        } else {
            request.next();
        }
    }

    private static boolean isJson(String contentType) {
        return contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private static boolean isOwn(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin == null || isOwn(origin, request.authority());
    }

    static boolean isOwn(String origin, @Nullable HostAndPort host) {
        if (host == null
                || !SAFE_HOST.matcher(host.host().toLowerCase(Locale.ROOT)).matches()) {
            return false;
        }
        String own = "://" + host.host() + (host.port() < 0 ? "" : ":" + host.port());
        return origin.equalsIgnoreCase("http" + own) || origin.equalsIgnoreCase("https" + own);
    }
}
