package io.millrace.relay.access;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token as it was sent, taken apart and not yet believed: RFC 7515 §7.1, RFC 7519.
 *
 * @param text all of it
 * @param algorithm {@code alg}, as sent
 * @param keyId {@code kid}, as sent; null where the token names no key
 * @param claims what it says
 */
record JsonWebToken(String text, String algorithm, @Nullable String keyId, JsonObject claims) {
    private static final Pattern SHAPE = Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]*)\\.([A-Za-z0-9_-]*)");
    private static final List<String> TIMES = List.of("exp", "nbf", "iat");

    /** Somebody took this for a token, but it is none. The message follows "the token". */
    static final class MalformedTokenException extends Exception {
        MalformedTokenException(String message) {
            super(message);
        }
    }

    /** Takes a text apart; null where it is no attempt at a token: a password may have dots in it. */
    static @Nullable JsonWebToken parse(String text) throws MalformedTokenException {
        var parts = SHAPE.matcher(text);
        JsonObject header = parts.matches() ? json(parts.group(1)) : null;
        if (header == null) {
            return null;
        }
        if (!(header.getValue("alg") instanceof String algorithm)) {
            throw new MalformedTokenException("names no algorithm");
        }
        if (parts.group(3).isEmpty()) {
            throw new MalformedTokenException("is not signed");
        }
        // RFC 7515 §4.1.11: what it lists must be understood, and we understand no extension.
        if (header.containsKey("crit")) {
            throw new MalformedTokenException("asks for an extension that is not supported");
        }
        Object keyId = header.getValue("kid");
        if (keyId != null && !(keyId instanceof String)) {
            throw new MalformedTokenException("has a key id that is no text");
        }
        JsonObject claims = json(parts.group(2));
        if (claims == null) {
            throw new MalformedTokenException("holds no claims that can be read");
        }
        for (String time : TIMES) {
            if (claims.containsKey(time) && !(claims.getValue(time) instanceof Number)) {
                throw new MalformedTokenException("has a claim " + time + " that is no number");
            }
        }
        return new JsonWebToken(text, algorithm, (String) keyId, claims);
    }

    private static @Nullable JsonObject json(String base64) {
        try {
            return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(base64)));
        } catch (IllegalArgumentException | DecodeException e) {
            return null;
        }
    }

    /** Without the token: it is a secret until it expires. */
    @Override
    public String toString() {
        return "JsonWebToken[" + LoggableStreamId.quoted(algorithm) + ']';
    }
}
