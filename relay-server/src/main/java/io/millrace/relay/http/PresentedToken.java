package io.millrace.relay.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The token that came with a request, unchecked: a secret, if it is one. */
final class PresentedToken {
    private static final String HEADER = "Authorization";
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private PresentedToken() {}

    /** As a bearer token's header has it; null for none. */
    static @Nullable String bearer(HttpServerRequest request) {
        String header = request.getHeader(HEADER);
        return header == null ? null : after(BEARER, header);
    }

    /**
     * The header's bearer token, its password, which HTTP clients take from {@code http://any:TOKEN@host}, or all of it, as
     * srt-live-server's descendants want their keys; without a header, the query's {@code key}. Null for none.
     */
    static @Nullable String inAnyForm(RoutingContext request) {
        String header = request.request().getHeader(HEADER);
        if (header == null) {
            List<String> keys = request.queryParam("key");
            // No token has a blank: it is a plus sign that was not written %2B.
            return keys.size() == 1 ? keys.get(0).replace(' ', '+') : null;
        }
        String bearer = after(BEARER, header);
        if (bearer != null) {
            return bearer;
        }
        String credentials = after(BASIC, header);
        return credentials == null ? header.strip() : password(credentials);
    }

    private static @Nullable String after(String scheme, String header) {
        return header.toLowerCase(Locale.ROOT).startsWith(scheme)
                ? header.substring(scheme.length()).strip()
                : null;
    }

    /** Or the user's name where there is no password: {@code http://TOKEN@host}. */
    private static @Nullable String password(String credentials) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(credentials), UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return null;
        }
        return colon == pair.length() - 1 ? pair.substring(0, colon) : pair.substring(colon + 1);
    }
}
