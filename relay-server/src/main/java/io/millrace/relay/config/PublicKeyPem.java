package io.millrace.relay.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A public key as {@code openssl} writes it: {@code BEGIN PUBLIC KEY} or {@code BEGIN CERTIFICATE}. */
public final class PublicKeyPem {
    private static final String BEGIN = "-----BEGIN ";
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private PublicKeyPem() {}

    /** Whether this was meant as a key in this form. Such a text is public: it never serves as a shared secret. */
    public static boolean isPem(String text) {
        return text.stripLeading().startsWith(BEGIN);
    }

    /** The key; null where the text holds none. */
    public static @Nullable PublicKey parse(String text) {
        try {
            byte[] certificate = block(text, "CERTIFICATE");
            if (certificate != null) {
                return CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate))
                        .getPublicKey();
            }
            byte[] key = block(text, "PUBLIC KEY");
            return key == null ? null : publicKey(new X509EncodedKeySpec(key));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    private static byte @Nullable [] block(String text, String label) {
        String begin = BEGIN + label + "-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END " + label + "-----", Math.max(start, 0));
        return start < 0 || end < 0
                ? null
                : Base64.getMimeDecoder()
                        .decode(text.substring(start + begin.length(), end).getBytes(US_ASCII));
    }

    private static @Nullable PublicKey publicKey(X509EncodedKeySpec encoded) throws GeneralSecurityException {
        for (String type : KEY_TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePublic(encoded);
            } catch (InvalidKeySpecException e) {
                // The encoding says what it is, but only to the factory of its own type: the next one is tried.
            }
        }
        return null;
    }
}
