package io.millrace.relay.access;

import io.millrace.relay.access.StreamRequest.Mode;
import io.millrace.relay.config.Glob;
import io.millrace.relay.config.JoinMode;
import io.millrace.relay.config.JwtConfig;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.RejectReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a token says whose signature is good.
 *
 * <table>
 * <caption>Claims, all optional</caption>
 * <tr><td>{@code publish}</td><td>streams that its bearer may publish: a glob or a list of them</td></tr>
 * <tr><td>{@code request} or {@code read}</td><td>streams that its bearer may request, likewise</td></tr>
 * <tr><td>{@code mediamtx_permissions}</td><td>as MediaMTX has it: {@code [{"action": "publish", "path": GLOB}]}, actions
 *     publish and read; no path is any path</td></tr>
 * <tr><td>{@code passphrase}</td><td>that the caller must encrypt with. Whoever sees the token can read it</td></tr>
 * <tr><td>{@code join}</td><td>where its bearer begins in a stream: newest, next or live</td></tr>
 * <tr><td>{@code subscribers}, {@code bitRate}, {@code durationSeconds}, {@code latencyMillis}</td>
 *     <td>as in {@link GrantLimits}</td></tr>
 * <tr><td>{@code exp}, {@code nbf}, {@code iss}, {@code aud}, {@code sub}</td><td>RFC 7519 §4.1; {@code exp} limits when a
 *     connection may start, not how long it lasts</td></tr>
 * </table>
 */
record TokenClaims(JsonObject claims) {
    private static final String MEDIAMTX = "mediamtx_permissions";
    private static final int MAX_LATENCY_MILLIS = 60_000;
    /** The last second of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /** A claim has not the form that it must have. The message follows "the token's claim". */
    private static final class BadClaimException extends Exception {
        BadClaimException(String message) {
            super(message);
        }
    }

    AccessDecision decide(AccessRequest request, JwtConfig config, Instant now) {
        String fault = fault(config, now);
        if (fault != null) {
            return new Refusal(RejectReason.UNAUTHORIZED, "the token " + fault);
        }
        String missing = missingPermission(request.request());
        if (missing != null) {
            return new Refusal(RejectReason.FORBIDDEN, missing);
        }
        try {
            return grant(request);
        } catch (BadClaimException e) {
            return new Refusal(RejectReason.UNAUTHORIZED, "the token's claim " + e.getMessage());
        }
    }

    /** Why the token doesn't count at all; says when and not for how long, so that a repetition reads the same. */
    private @Nullable String fault(JwtConfig config, Instant now) {
        double seconds = now.getEpochSecond() + now.getNano() / 1e9;
        if (claims.getValue("exp") instanceof Number exp && seconds >= exp.doubleValue() + config.leewaySeconds()) {
            return "expired at " + time(exp) + ": get a new one";
        }
        if (claims.getValue("nbf") instanceof Number nbf && seconds < nbf.doubleValue() - config.leewaySeconds()) {
            return "is not valid before " + time(nbf) + ": wait, or set the clocks";
        }
        if (config.issuer() != null && !config.issuer().equals(claims.getValue("iss"))) {
            return "has another issuer than access.jwt.issuer: " + shown("iss");
        }
        if (config.audience() != null && !texts(claims.getValue("aud")).contains(config.audience())) {
            return "is for another audience than access.jwt.audience: " + shown("aud");
        }
        return null;
    }

    private static Instant time(Number seconds) {
        return Instant.ofEpochSecond(Math.max(0, Math.min(LAST_SECOND, seconds.longValue())));
    }

    private String shown(String claim) {
        Object value = claims.getValue(claim);
        return value == null ? "none" : '"' + LoggableStreamId.quoted(value.toString()) + '"';
    }

    private @Nullable String missingPermission(StreamRequest request) {
        boolean publish = request.mode() == Mode.PUBLISH;
        List<String> permitted = (publish
                        ? Stream.of(texts(claims.getValue("publish")), mediaMtx("publish"))
                        : Stream.of(
                                texts(claims.getValue("request")), texts(claims.getValue("read")), mediaMtx("read")))
                .flatMap(List::stream)
                .toList();
        if (permitted.stream()
                .map(Glob::parse)
                .flatMap(Optional::stream)
                .anyMatch(glob -> glob.matches(request.stream()))) {
            return null;
        }
        String action = publish ? "publish" : "request";
        return permitted.isEmpty()
                ? "the token permits to " + action + " nothing: it needs a claim \"" + action
                        + "\" with a list of streams"
                : "the token doesn't permit to " + action + " \"" + LoggableStreamId.quoted(request.stream())
                        + "\": its claim lists other streams";
    }

    /** A text or a list of texts. */
    private static List<String> texts(@Nullable Object claim) {
        if (claim instanceof String text) {
            return List.of(text);
        }
        return claim instanceof JsonArray list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private List<String> mediaMtx(String action) {
        return claims.getValue(MEDIAMTX) instanceof JsonArray permissions
                ? permissions.stream()
                        .filter(JsonObject.class::isInstance)
                        .map(JsonObject.class::cast)
                        .filter(permission -> action.equals(permission.getValue("action")))
                        .map(permission -> permission.getValue("path", ""))
                        .filter(String.class::isInstance)
                        .map(path -> path.equals("") ? "**" : (String) path)
                        .toList()
                : List.of();
    }

    private Grant grant(AccessRequest request) throws BadClaimException {
        GrantLimits limits = new GrantLimits(
                (int) number("subscribers", Integer.MAX_VALUE),
                number("bitRate", Long.MAX_VALUE),
                number("durationSeconds", Integer.MAX_VALUE),
                (int) number("latencyMillis", MAX_LATENCY_MILLIS));
        String source = claims.getValue("sub") instanceof String subject
                ? "token of \"" + LoggableStreamId.quoted(subject) + '"'
                : "token";
        return new Grant(source, request.request().stream(), passphrase(), join(), limits, () -> {});
    }

    private @Nullable JoinMode join() throws BadClaimException {
        Object value = claims.getValue("join");
        return value == null
                ? null
                : JoinMode.parse(value.toString())
                        .orElseThrow(() -> new BadClaimException("join is none of newest, next and live"));
    }

    /** 0 where there is no such claim. */
    private long number(String claim, long max) throws BadClaimException {
        Object value = claims.getValue(claim);
        if (value == null) {
            return 0;
        }
        boolean isWhole = value instanceof Integer || value instanceof Long;
        if (!isWhole || ((Number) value).longValue() < 0 || ((Number) value).longValue() > max) {
            throw new BadClaimException(claim + " is no whole number from 0 to " + max);
        }
        return ((Number) value).longValue();
    }

    private @Nullable Passphrase passphrase() throws BadClaimException {
        Object value = claims.getValue("passphrase");
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            throw new BadClaimException("passphrase is no text");
        }
        try {
            return Passphrase.of(text);
        } catch (IllegalArgumentException e) {
            throw new BadClaimException("passphrase is none: " + e.getMessage());
        }
    }

    /** Without the claims: one of them may be a passphrase. */
    @Override
    public String toString() {
        return "TokenClaims[...]";
    }
}
