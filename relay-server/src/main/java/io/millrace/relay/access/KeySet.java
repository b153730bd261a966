package io.millrace.relay.access;

import io.millrace.relay.config.JwtAlgorithm;
import io.millrace.relay.config.PublicKeyPem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys whose signatures count. */
record KeySet(List<VerificationKey> keys) {
    /** As many as a token without a key id makes us try at most. */
    private static final int MAX_KEYS = 64;

    private static final List<String> PUBLIC_MEMBERS = List.of("kty", "kid", "n", "e", "crv", "x", "y");

    KeySet {
        keys = List.copyOf(keys);
    }

    /** The keys that may have signed a token of this algorithm and key id. */
    List<VerificationKey> candidates(JwtAlgorithm algorithm, @Nullable String keyId) {
        return keys.stream().filter(key -> key.fits(algorithm, keyId)).toList();
    }

    /**
     * The one key that was configured: a public key as PEM, or a secret. What looks like PEM is never a secret: everybody
     * may know it.
     */
    static KeySet of(Vertx vertx, String key, List<JwtAlgorithm> algorithms) {
        PublicKey publicKey = PublicKeyPem.parse(key);
        boolean isPem = PublicKeyPem.isPem(key);
        List<VerificationKey> keys = new ArrayList<>();
        for (JwtAlgorithm algorithm : algorithms) {
            boolean fits = isPem
                    ? publicKey != null && algorithm.fits(publicKey)
                    : publicKey == null && algorithm.isSymmetric();
            if (fits) {
                String material = publicKey == null ? key : pem(publicKey);
                PubSecKeyOptions options = new PubSecKeyOptions()
                        .setAlgorithm(algorithm.toString())
                        .setBuffer(material);
                keys.add(VerificationKey.of(vertx, null, algorithm, new JWTAuthOptions().addPubSecKey(options)));
            }
        }
        return new KeySet(keys);
    }

    /** As the library reads it, which knows neither certificates with several blocks nor other line breaks. */
    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /**
     * A published key set (JWKS), RFC 7517 §5. Keys that are not for signatures, of an unknown type or faulty are left out,
     * as that section asks; shared secrets too, since whoever can read the set could sign.
     *
     * @throws DecodeException if the text is no key set
     */
    static KeySet parse(Vertx vertx, Buffer json, List<JwtAlgorithm> algorithms) {
        if (!(new JsonObject(json).getValue("keys") instanceof JsonArray published)) {
            throw new DecodeException("a JSON object without a list \"keys\"");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (Object entry : published.stream().limit(MAX_KEYS).toList()) {
            if (entry instanceof JsonObject key && isForSignatures(key)) {
                algorithms.stream()
                        .filter(algorithm -> fits(algorithm, key))
                        .map(algorithm -> publicKey(vertx, key, algorithm))
                        .flatMap(Optional::stream)
                        .forEach(keys::add);
            }
        }
        return new KeySet(keys);
    }

    private static boolean isForSignatures(JsonObject key) {
        boolean mayVerify = !(key.getValue("key_ops") instanceof JsonArray operations) || operations.contains("verify");
        return mayVerify && "sig".equals(key.getValue("use", "sig"));
    }

    private static boolean fits(JwtAlgorithm algorithm, JsonObject key) {
        String name = algorithm.toString();
        return !algorithm.isSymmetric()
                && name.equals(key.getValue("alg", name))
                && key.getValue("kty") instanceof String keyType
                && algorithm.fits(keyType, key.getValue("crv") instanceof String curve ? curve : null);
    }

    private static Optional<VerificationKey> publicKey(Vertx vertx, JsonObject published, JwtAlgorithm algorithm) {
        try {
            JsonObject key = new JsonObject().put("alg", algorithm.toString());
            PUBLIC_MEMBERS.stream()
                    .filter(published::containsKey)
                    .forEach(member -> key.put(member, published.getString(member)));
            if (key.containsKey("n")) {
                int bits = Base64.getUrlDecoder().decode(key.getString("n")).length * Byte.SIZE;
                if (!JwtAlgorithm.isLongEnough(bits)) {
                    return Optional.empty();
                }
            }
            return Optional.of(
                    VerificationKey.of(vertx, key.getString("kid"), algorithm, new JWTAuthOptions().addJwk(key)));
        } catch (RuntimeException e) {
            // Its numbers are none, or describe no key.
            return Optional.empty();
        }
    }
}
