package io.millrace.relay.http;

import io.millrace.relay.access.LoggableAddress;
import io.millrace.relay.config.ApiScope;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom the API answers: with tokens, who sends one of sufficient scope (RFC 6750); without any, callers on this machine.
 * What somebody changes is logged.
 */
final class ApiGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ApiGuard.class);
    private static final String CALLER = "caller";
    private static final String HOW = "send a token of http.tokens, as the header Authorization: Bearer TOKEN";
    private static final String HOW_IN_ANY_FORM = HOW + ", in the query as key=TOKEN, or as the password of the URL";
    private static final Pattern LOOPBACK_HOST =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?::1]?|\\[?::ffff:127(\\.[0-9]{1,3}){3}]?");

    private final ApiTokens tokens;

    ApiGuard(ApiTokens tokens) {
        this.tokens = tokens;
    }

    /** Lets pass who may do what takes this scope. */
    SecurityPolicyHandler requiring(ApiScope scope) {
        return request -> {
            if (tokens.areThere()) {
                authenticate(request, scope);
            } else {
                admitLocal(request);
            }
        };
    }

    /** The same for programs that send no header of their own: they may have the token in their URL. */
    SecurityPolicyHandler requiringInAnyForm(ApiScope scope) {
        return request -> {
            if (tokens.areThere()) {
                authenticate(request, scope, PresentedToken.inAnyForm(request), HOW_IN_ANY_FORM);
            } else {
                admitLocal(request);
            }
        };
    }

    /** With tokens, lets pass who may do what takes this scope; without any, everybody. */
    SecurityPolicyHandler whereTokensAre(ApiScope scope) {
        return request -> {
            if (tokens.areThere()) {
                authenticate(request, scope);
            } else {
                request.next();
            }
        };
    }

    /** Lets pass who may see what tells nothing of this relay: no token is asked for. */
    SecurityPolicyHandler open() {
        return request -> {
            if (tokens.areThere()) {
                request.next();
            } else {
                admitLocal(request);
            }
        };
    }

    /** Lets pass changes that no other site's page has a browser make. */
    SecurityPolicyHandler ownPages() {
        return new OwnPages(tokens::areThere);
    }

    /** Who sent a request that was let pass, for logs and reasons. */
    static String caller(RoutingContext request) {
        return request.get(CALLER, "nobody");
    }

    private void authenticate(RoutingContext request, ApiScope scope) {
        authenticate(request, scope, PresentedToken.bearer(request.request()), HOW);
    }

    private void authenticate(RoutingContext request, ApiScope scope, @Nullable String token, String how) {
        if (token == null) {
            unauthorized(request, "", how);
            return;
        }
        // What comes of the body meanwhile would be lost.
        request.request().pause();
        request.vertx()
                .executeBlocking(() -> tokens.holder(token), false)
                .onSuccess(holder -> holder.ifPresentOrElse(
                        known -> authorize(request, known, scope),
                        () -> unauthorized(
                                request,
                                " error=\"invalid_token\"",
                                "no entry of http.tokens has this token; it may have been changed")))
                .onFailure(request::fail)
                .onComplete(answered -> request.request().resume());
    }

    private static void authorize(RoutingContext request, ApiTokens.Holder holder, ApiScope scope) {
        if (holder.scope().includes(scope)) {
            admit(request, holder.name());
            return;
        }
        String needed = scope.name().toLowerCase(Locale.ROOT);
        request.response()
                .putHeader(
                        "WWW-Authenticate",
                        "Bearer realm=\"millrace\", error=\"insufficient_scope\", scope=\"" + needed + '"');
        Problem.forbidden("this takes scope " + needed + ", and the token of " + holder.name() + " has "
                        + holder.scope().name().toLowerCase(Locale.ROOT) + "; send another token, or raise its scope")
                .send(request);
    }

    private static void unauthorized(RoutingContext request, String error, String detail) {
        request.response()
                .putHeader("WWW-Authenticate", "Bearer realm=\"millrace\"" + (error.isEmpty() ? "" : "," + error));
        new Problem(401, "Unauthorized", detail).send(request);
    }

    private static void admitLocal(RoutingContext request) {
        InetAddress address = address(request.request());
        if (address == null || !address.isLoopbackAddress()) {
            Problem.forbidden("without http.tokens only callers on this machine are answered; add a token to the"
                            + " configuration, and send it as the header Authorization: Bearer TOKEN")
                    .send(request);
        } else if (!isLoopback(request.request().authority())) {
            // Another site's name may be made to point here (DNS rebinding), and its pages would then be ours.
            Problem.forbidden("without http.tokens the API has to be called as localhost, 127.0.0.1 or [::1]: the Host"
                            + " header has another name")
                    .send(request);
        } else {
            admit(request, "a local caller");
        }
    }

    private static void admit(RoutingContext request, String caller) {
        request.put(CALLER, caller);
        if (!request.request().method().equals(HttpMethod.GET)) {
            request.addEndHandler(ended -> log(request, caller));
        }
        request.next();
    }

    /** Without the query, and only what fits on a line. */
    private static void log(RoutingContext request, String caller) {
        String path = request.request().path().replaceAll("[^!-~]", "?");
        InetAddress address = address(request.request());
        LOG.info(
                "{} {} by {} from {}: {}",
                request.request().method(),
                path.substring(0, Math.min(path.length(), 1_000)),
                caller,
                address == null ? "somewhere" : LoggableAddress.of(address),
                request.response().getStatusCode());
    }

    private static @Nullable InetAddress address(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        try {
            // A literal: nothing is looked up.
            return remote == null || remote.hostAddress() == null ? null : InetAddress.getByName(remote.hostAddress());
        } catch (UnknownHostException e) {
            return null;
        }
    }

    static boolean isLoopback(@Nullable HostAndPort host) {
        return host != null
                && LOOPBACK_HOST.matcher(host.host().toLowerCase(Locale.ROOT)).matches();
    }
}
