package io.millrace.relay.listener;

import io.millrace.relay.config.ClusterConfig;
import io.millrace.relay.config.SecretReference;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.handshake.SynCookie;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What the cookies of listeners are made with: a secret of their own, or in a cluster one that all nodes derive from
 * theirs, so that a caller who got his cookie from one node may go on at another.
 */
final class CookieSecrets {
    /** Anybody can collect cookies and try secrets on them at home: a try is to take a tenth of a second. */
    private static final int ITERATIONS = 200_000;

    private static final int KEY_BITS = 256;

    /** Between the clocks of nodes. */
    private static final long SKEW_MICROS = 10_000_000;

    private final RandomGenerator random;
    private final byte @Nullable [] clusterKey;

    private CookieSecrets(RandomGenerator random, byte @Nullable [] clusterKey) {
        this.random = random;
        this.clusterKey = clusterKey;
    }

    /** Takes its time in a cluster. */
    static CookieSecrets of(ClusterConfig cluster, RandomGenerator random) {
        SecretReference secret = cluster.secret();
        return new CookieSecrets(
                random, !cluster.hasOthers() || secret == null ? null : stretched(secret, cluster.name()));
    }

    SynCookie.Secret of(String listener) {
        return clusterKey == null ? new SynCookie.Secret(random) : new SynCookie.Secret(clusterKey, listener);
    }

    /**
     * The cookies that a loop gives to callers.
     *
     * @param loops how many this node has; another one may have more
     */
    SynCookie cookies(SynCookie.Secret secret, int loop, int loops) {
        return clusterKey == null
                ? new SynCookie(secret, loop, loops)
                : new SynCookie(secret, loop, SynCookie.MAX_ISSUERS, CookieSecrets::wallClockOffsetMicros, SKEW_MICROS);
    }

    private static long wallClockOffsetMicros() {
        return System.currentTimeMillis() * 1_000 - LoopClock.nowMicros();
    }

    private static byte[] stretched(SecretReference secret, String clusterName) {
        try {
            byte[] salt = ("cookies of " + clusterName).getBytes(StandardCharsets.UTF_8);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(secret.value().toCharArray(), salt, ITERATIONS, KEY_BITS))
                    .getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("cluster.secret was readable a moment ago", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2WithHmacSHA256", e);
        }
    }
}
