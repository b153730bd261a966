package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proves to a server that a request is this relay's, and when it was sent. */
final class RequestSignature {
    /** Seconds since 1970, as text. */
    static final String TIMESTAMP_HEADER = "X-Millrace-Timestamp";
    /** {@code sha256=} and the HMAC in hexadecimal. */
    static final String HEADER = "X-Millrace-Signature";

    private RequestSignature() {}

    /** The header's value: over the timestamp, a dot and the body, under the UTF-8 bytes of the secret. */
    static String of(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            mac.update((timestamp + '.').getBytes(UTF_8));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
