package io.millrace.relay.access;

import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/** What a webhook is asked about a caller. Holds the caller's secret, so it is never printed. */
final class AccessQuestion {
    private final JsonObject unchanging;
    private final int port;
    private final String digest;

    private AccessQuestion(JsonObject unchanging, int port) {
        this.unchanging = unchanging;
        this.port = port;
        digest = digest(unchanging);
    }

    static AccessQuestion about(AccessRequest request) {
        StreamRequest stream = request.request();
        InetSocketAddress local = request.local();
        JsonObject keys = new JsonObject();
        stream.keys().forEach(keys::put);
        JsonObject unchanging = new JsonObject()
                .put("listener", request.listener())
                .put("action", stream.mode().name().toLowerCase(Locale.ROOT))
                .put("stream", stream.stream())
                .put("user", stream.user())
                .put("host", stream.host())
                .put("secret", stream.secret())
                .put("keys", keys)
                .put("address", LoggableAddress.of(request.peer().getAddress()))
                .put("localAddress", LoggableAddress.of(local.getAddress()))
                .put("localPort", local.getPort())
                .put("encrypted", request.encrypted())
                .put("srtVersion", request.srtVersion());
        return new AccessQuestion(unchanging, request.peer().getPort());
    }

    /**
     * Equal for questions that differ only in what every attempt of a caller changes: its port, the time and the
     * question's id. A digest, so that who keeps it keeps no secret.
     */
    String digest() {
        return digest;
    }

    /** The question as it is posted. */
    JsonObject posted(UUID id, Instant time) {
        return new JsonObject()
                .put("event", "access")
                .put("id", id.toString())
                .put("time", time.toString())
                .mergeIn(unchanging)
                .put("port", port);
    }

    private static String digest(JsonObject json) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(json.toBuffer().getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
