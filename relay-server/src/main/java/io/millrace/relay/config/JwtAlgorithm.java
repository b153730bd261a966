package io.millrace.relay.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a token may be signed. RFC 7518 §3.1 and RFC 8037, without "none". Each fits one type of key alone, so that a
 * public key is never taken for a shared secret.
 */
public enum JwtAlgorithm {
    HS256("HS256", "oct", null),
    HS384("HS384", "oct", null),
    HS512("HS512", "oct", null),
    RS256("RS256", "RSA", null),
    RS384("RS384", "RSA", null),
    RS512("RS512", "RSA", null),
    PS256("PS256", "RSA", null),
    PS384("PS384", "RSA", null),
    PS512("PS512", "RSA", null),
    ES256("ES256", "EC", "P-256"),
    ES384("ES384", "EC", "P-384"),
    ED_DSA("EdDSA", "OKP", "Ed25519");

    private static final int MIN_RSA_BITS = 2048;

    private final String text;
    private final String keyType;
    private final @Nullable String curve;

    JwtAlgorithm(String text, String keyType, @Nullable String curve) {
        this.text = text;
        this.keyType = keyType;
        this.curve = curve;
    }

    /** The algorithm with this name, as tokens and key sets write it. */
    public static Optional<JwtAlgorithm> of(String text) {
        return Stream.of(values())
                .filter(algorithm -> algorithm.text.equals(text))
                .findFirst();
    }

    /** Whether who checks a signature could make one as well. */
    public boolean isSymmetric() {
        return keyType.equals("oct");
    }

    /**
     * Whether a key of a key set is of this algorithm's type.
     *
     * @param keyType {@code kty}
     * @param curve {@code crv}; null where the key has none
     */
    public boolean fits(String keyType, @Nullable String curve) {
        return this.keyType.equals(keyType) && (this.curve == null || this.curve.equals(curve));
    }

    /** Whether a key is of this algorithm's type, and long enough. */
    public boolean fits(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return isLongEnough(rsa.getModulus().bitLength()) && fits("RSA", null);
        }
        if (key instanceof ECPublicKey ec) {
            return fits("EC", "P-" + ec.getParams().getCurve().getField().getFieldSize());
        }
        return key instanceof EdECPublicKey ed && fits("OKP", ed.getParams().getName());
    }

    /** Whether an RSA key of so many bits may be used. RFC 7518 §3.3. */
    public static boolean isLongEnough(int rsaBits) {
        return rsaBits >= MIN_RSA_BITS;
    }

    /** The name, as tokens and key sets write it. */
    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
