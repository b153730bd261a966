package io.millrace.relay.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other sites' pages from having a browser change something here. Whoever can reach the API may use it, and a browser
 * on the same machine can: so a request that changes something says that what it sends is JSON, which a page can't say of its
 * own to another site, and if it comes from a page, then from one of this API.
 */
final class OwnPages implements SecurityPolicyHandler {
    /**
     * Where no token is asked for, not a name: another site's name may be made to point here (DNS rebinding), and would then
     * look like our own. Its pages have no token, though.
     */
    private static final Pattern SAFE_HOST = Pattern.compile("localhost|[0-9.]+|\\[[0-9a-f:.]+]");

    private final BooleanSupplier tokensAreNeeded;

    OwnPages(BooleanSupplier tokensAreNeeded) {
        this.tokensAreNeeded = tokensAreNeeded;
    }

    @Override
    public void handle(RoutingContext request) {
        if (hasBody(request.request()) && !isJson(request.request().getHeader("Content-Type"))) {
            new Problem(415, "Unsupported Media Type", "send JSON, with Content-Type: application/json").send(request);
        } else if (!isOwn(request.request())) {
            Problem.forbidden("this comes from another site's page (Origin); only pages of this relay may do that,"
                            + " called by IP address or as localhost unless http.tokens has any")
                    .send(request);
        } else {
            request.next();
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0"));
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private boolean isOwn(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        // Browsers that leave out the origin of some requests say at least whether it is this one.
        String site = request.getHeader("Sec-Fetch-Site");
        return (origin == null || isOwn(origin, request.authority(), tokensAreNeeded.getAsBoolean()))
                && (site == null || site.equals("same-origin") || site.equals("none"));
    }

    static boolean isOwn(String origin, @Nullable HostAndPort host, boolean byAnyName) {
        if (host == null
                || !(byAnyName
                        || SAFE_HOST
                                .matcher(host.host().toLowerCase(Locale.ROOT))
                                .matches())) {
            return false;
        }
        String own = "://" + host.host() + (host.port() < 0 ? "" : ":" + host.port());
        return origin.equalsIgnoreCase("http" + own) || origin.equalsIgnoreCase("https" + own);
    }
}
