package io.millrace.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.srt.connection.ConnectionSettings;
import io.millrace.srt.connection.Statistic;
import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.crypto.RefreshPeriod;
import io.millrace.srt.crypto.SaltChanger;
import io.millrace.srt.handshake.KeyAgreement;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passphrases on the one port: who gets in with which, and that what comes out is what went in. */
class RelayEncryptionTest {
    private static final String SECRET = "correct horse battery";
    private static final String PUBLISH = "#!::r=live,m=publish";
    private static final String REQUEST = "#!::r=live";

    private TestRelay relay;

    private void start(String... settings) {
        relay = TestRelay.start(settings);
    }

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"CTR, 16", "CTR, 24", "CTR, 32", "GCM, 16", "GCM, 24", "GCM, 32"})
    void mediaIsDecryptedAndEncryptedAgain(CipherMode mode, int keyLength) {
        start("listeners[0].passphrase=" + SECRET);
        TestCall publisher = call(PUBLISH, mode, keyLength).opened();
        TestCall subscriber = call(REQUEST, mode, keyLength).opened();
        publisher.publish("payload ", 0, 199);

        assertThat(subscriber.texts(200)).startsWith("payload 0").endsWith("payload 199");
        assertThat(relay.connections())
                .extracting(connection -> connection.getString("encryption"))
                .containsOnly("AES-" + 8 * keyLength + " " + mode);
    }

    @ParameterizedTest
    @EnumSource
    void aPublisherMayChangeItsSaltAndKeyLength(CipherMode mode) {
        start("listeners[0].passphrase=" + SECRET);
        KeyAgreement.Secured keys = TestCaller.keys(SECRET, mode, 16);
        SaltChanger changer = new SaltChanger(Passphrase.of(SECRET), keys.material(), new SecureRandom());
        TestCaller caller = relay.caller();
        caller.rewrite(changer::outgoing, changer::incoming);
        // It receives too, so it takes another key before its first packet.
        TestCall publisher = caller.call(relay.listener(), PUBLISH, ConnectionSettings.DEFAULT, keys, true)
                .opened();
        TestCall subscriber = relay.call(REQUEST, SECRET).opened();
        publisher.publish("payload ", 0, 199);

        assertThat(subscriber.texts(200)).startsWith("payload 0").endsWith("payload 199");
        assertThat(changer.changes()).isEqualTo(1);
    }

    @Test
    void keysAreRefreshedTowardsSubscribersAndByPublishers() {
        start("listeners[0].passphrase=" + SECRET, "srt.kmRefreshRate=100", "srt.kmPreAnnounce=40");
        ConnectionSettings often = ConnectionSettings.DEFAULT.withRefreshPeriod(new RefreshPeriod(100, 40));
        TestCall publisher = relay.caller()
                .call(relay.listener(), PUBLISH, often, TestCaller.keys(SECRET, CipherMode.CTR, 16), true)
                .opened();
        TestCall subscriber = relay.call(REQUEST, SECRET).opened();
        for (int i = 0; i < 1_000; i += 20) {
            publisher.publish("payload ", i, i + 19);
            subscriber.received(i + 20);
        }

        assertThat(subscriber.texts(1_000)).startsWith("payload 0").endsWith("payload 999");
        assertThat(subscriber.connection().statistics(TestCaller.nowMicros()).value(Statistic.pktRcvUndecryptTotal))
                .isZero();
    }

    @Test
    void wrongPassphraseIsABadSecretAndTheOperatorSeesIt() {
        start("listeners[0].passphrase=" + SECRET);

        assertThat(relay.call(PUBLISH, "another passphrase").refusal()).isEqualTo(1010);
        assertThat(relay.get("/api/v1/attempts").body())
                .contains("BAD_SECRET", "the passphrase differs from that of listener main")
                .doesNotContain(SECRET, "another passphrase");
    }

    @Test
    void passphraseOnOneSideOnlyIsUnsecure() {
        start("listeners[0].passphrase=" + SECRET);
        assertThat(relay.call(PUBLISH).refusal()).isEqualTo(1011);
        stop();
        start();
        assertThat(relay.call(PUBLISH, SECRET).refusal()).isEqualTo(1011);
    }

    @Test
    void withoutEnforcementACallerInClearIsServed() {
        start("listeners[0].passphrase=" + SECRET, "listeners[0].enforceEncryption=false");
        TestCall publisher = relay.call(PUBLISH, SECRET).opened();
        TestCall subscriber = relay.caller()
                .call(relay.listener(), REQUEST, ConnectionSettings.DEFAULT, KeyAgreement.Clear.CLEAR, false)
                .opened();
        publisher.publish("payload ", 0, 9);

        assertThat(subscriber.texts(10)).hasSize(10);
        assertThat(relay.connections())
                .extracting(connection -> connection.getString("encryption"))
                .containsExactly("AES-128 CTR", "none (unsecured)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctr", "gcm"})
    void otherCipherThanTheConfiguredOneIsRefused(String allowed) {
        start("listeners[0].passphrase=" + SECRET, "srt.cryptoMode=" + allowed);
        CipherMode other = allowed.equals("ctr") ? CipherMode.GCM : CipherMode.CTR;

        assertThat(call(PUBLISH, other, 16).refusal()).isEqualTo(1017);
    }

    @Test
    void passphraseBelongsToAStreamAUserOrAListener() {
        start(
                "listeners[0].passphrase=of the listener",
                "access.rules[0].name=anna",
                "access.rules[0].user=anna",
                "access.rules[0].passphrase=anna's passphrase",
                "access.rules[1].name=news",
                "access.rules[1].stream=news",
                "access.rules[1].passphrase=that of the news");
        relay.call("#!::r=any,m=publish,u=anna", "anna's passphrase").opened();
        relay.call("#!::r=news,m=publish", "that of the news").opened();
        relay.call("#!::r=other,m=publish", "of the listener").opened();

        assertThat(relay.call("#!::r=x,m=publish,u=anna", "of the listener").refusal())
                .isEqualTo(1010);
        assertThat(relay.call("#!::r=news", "anna's passphrase").refusal()).isEqualTo(1010);
    }

    @Test
    void passphraseTellsTheStreamOfAnEncoderWithoutStreamId() {
        start(
                "listeners[0].withoutStreamId[0].passphrase=first camera's",
                "listeners[0].withoutStreamId[0].stream=cam1",
                "listeners[0].withoutStreamId[1].passphrase=second camera's",
                "listeners[0].withoutStreamId[1].stream=cam2");
        relay.call("", "second camera's").opened();
        relay.call("", "first camera's").opened();
        relay.awaitStream("cam1", stream -> true);
        relay.awaitStream("cam2", stream -> true);

        assertThat(relay.call("", "nobody's passphrase").refusal()).isEqualTo(2400);
        assertThat(relay.call("").refusal()).isEqualTo(2400);
    }

    @Test
    void guessingEndsWithTheBudgetAndCostsTheOthersNothing() {
        start("listeners[0].passphrase=" + SECRET, "limits.wrongPassphrasesPerMinute=5");
        TestCall publisher = relay.call(PUBLISH, SECRET).opened();
        for (int i = 0; i < 5; i++) {
            assertThat(relay.call(REQUEST, "guess number " + i).refusal()).isEqualTo(1010);
        }

        assertThat(relay.call(REQUEST, "guess number 6").refusal()).isEqualTo(2402);
        publisher.publish("payload ", 0, 9);
        assertThat(publisher.isOpen()).isTrue();
    }

    @Test
    void demoIsPublishedWhateverKeepsOthersOut() {
        relay = TestRelay.startWithDemo("listeners[0].passphrase=" + SECRET, "access.otherwise=deny");

        assertThat(relay.connections().get(0).getString("encryption")).isEqualTo("AES-128 CTR");
    }

    private TestCall call(String streamId, CipherMode mode, int keyLength) {
        return relay.caller()
                .call(
                        relay.listener(),
                        streamId,
                        ConnectionSettings.DEFAULT,
                        TestCaller.keys(SECRET, mode, keyLength),
                        true);
    }
}
