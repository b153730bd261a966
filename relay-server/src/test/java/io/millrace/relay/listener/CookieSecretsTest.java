package io.millrace.relay.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.TestConfig;
import io.millrace.relay.config.ClusterConfig;
import io.millrace.relay.net.LoopClock;
import io.millrace.srt.handshake.SynCookie;
import java.net.InetSocketAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CookieSecretsTest {
    private static final InetSocketAddress CALLER = new InetSocketAddress("192.0.2.1", 5000);
    private static final String SECRET = "correct horse battery";

    private long randoms;

    @Test
    void nodesOfAClusterKnowEachOthersCookiesHoweverManyLoopsTheyHave() {
        int cookie = cookies(cluster(SECRET), "main", 7, 8).of(CALLER, LoopClock.nowMicros());

        assertThat(cookies(cluster(SECRET), "main", 0, 2).issuer(cookie, CALLER, LoopClock.nowMicros()))
                .isEqualTo(7);
    }

    @Test
    void anotherSecretOrListenerHasOtherCookies() {
        int cookie = cookies(cluster(SECRET), "main", 0, 2).of(CALLER, LoopClock.nowMicros());

        assertThat(cookies(cluster(SECRET + "!"), "main", 0, 2).issuer(cookie, CALLER, LoopClock.nowMicros()))
                .isEqualTo(SynCookie.INVALID);
        assertThat(cookies(cluster(SECRET), "other", 0, 2).issuer(cookie, CALLER, LoopClock.nowMicros()))
                .isEqualTo(SynCookie.INVALID);
    }

    @Test
    void nodeThatIsAloneKeepsItsSecret() {
        ClusterConfig alone = TestConfig.of().cluster();
        int cookie = cookies(alone, "main", 0, 2).of(CALLER, LoopClock.nowMicros());

        assertThat(cookies(alone, "main", 0, 2).issuer(cookie, CALLER, LoopClock.nowMicros()))
                .isEqualTo(SynCookie.INVALID);
    }

    private SynCookie cookies(ClusterConfig cluster, String listener, int loop, int loops) {
        CookieSecrets secrets = CookieSecrets.of(cluster, new Random(randoms++));
        return secrets.cookies(secrets.of(listener), loop, loops);
    }

    private static ClusterConfig cluster(String secret) {
        return TestConfig.of("cluster.mode=host", "cluster.secret=" + secret).cluster();
    }
}
