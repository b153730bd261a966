package io.millrace.relay.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as an issuer makes them, with the JDK alone. */
public final class SignedToken {
    public static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static final Map<String, String> JDK_NAMES = Map.ofEntries(
            Map.entry("HS256", "HmacSHA256"),
            Map.entry("HS384", "HmacSHA384"),
            Map.entry("HS512", "HmacSHA512"),
            Map.entry("RS256", "SHA256withRSA"),
            Map.entry("RS384", "SHA384withRSA"),
            Map.entry("RS512", "SHA512withRSA"),
            Map.entry("PS256", "RSASSA-PSS"),
            Map.entry("PS384", "RSASSA-PSS"),
            Map.entry("PS512", "RSASSA-PSS"),
            Map.entry("ES256", "SHA256withECDSAinP1363Format"),
            Map.entry("ES384", "SHA384withECDSAinP1363Format"),
            Map.entry("EdDSA", "EdDSA"));

    private SignedToken() {}

    static KeyPair rsa(int bits) {
        return keyPair("RSA", bits);
    }

    static KeyPair ec(int bits) {
        return keyPair("EC", bits);
    }

    static KeyPair ed25519() {
        return keyPair("Ed25519", 255);
    }

    private static KeyPair keyPair(String type, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    public static String hmac(String algorithm, String secret, JsonObject claims) {
        return hmac(new JsonObject().put("alg", algorithm), secret, claims);
    }

    static String hmac(JsonObject header, String secret, JsonObject claims) {
        try {
            String name = JDK_NAMES.get(header.getString("alg"));
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), name));
            String signed = signed(header, claims);
            return signed + '.' + base64(mac.doFinal(signed.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(String algorithm, String keyId, PrivateKey key, JsonObject claims) {
        return of(new JsonObject().put("alg", algorithm).put("kid", keyId), key, claims);
    }

    static String of(String algorithm, PrivateKey key, JsonObject claims) {
        return of(new JsonObject().put("alg", algorithm), key, claims);
    }

    static String of(JsonObject header, PrivateKey key, JsonObject claims) {
        try {
            String algorithm = header.getString("alg");
            Signature signature = Signature.getInstance(JDK_NAMES.get(algorithm));
            if (algorithm.startsWith("PS")) {
                int bits = Integer.parseInt(algorithm.substring(2));
                signature.setParameter(new PSSParameterSpec(
                        "SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), bits / Byte.SIZE, 1));
            }
            signature.initSign(key);
            String signed = signed(header, claims);
            signature.update(signed.getBytes(US_ASCII));
            return signed + '.' + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(JsonObject claims) {
        return signed(new JsonObject().put("alg", "none"), claims) + '.';
    }

    private static String signed(JsonObject header, JsonObject claims) {
        return base64(header.encode().getBytes(UTF_8))
                + '.'
                + base64(claims.encode().getBytes(UTF_8));
    }

    /** A public key as it stands in a key set. */
    static JsonObject jwk(String keyId, PublicKey key) {
        JsonObject json = new JsonObject().put("kid", keyId);
        if (key instanceof RSAPublicKey rsa) {
            return json.put("kty", "RSA")
                    .put("n", base64(unsigned(rsa.getModulus().toByteArray())))
                    .put("e", base64(rsa.getPublicExponent().toByteArray()));
        }
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            byte[] encoded = key.getEncoded();
            byte[] x = Arrays.copyOfRange(encoded, encoded.length - bits / 4, encoded.length - bits / 8);
            byte[] y = Arrays.copyOfRange(encoded, encoded.length - bits / 8, encoded.length);
            return json.put("kty", "EC")
                    .put("crv", "P-" + bits)
                    .put("x", base64(x))
                    .put("y", base64(y));
        }
        byte[] encoded = key.getEncoded();
        return json.put("kty", "OKP")
                .put("crv", "Ed25519")
                .put("x", base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
    }

    private static byte[] unsigned(byte[] number) {
        return number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
