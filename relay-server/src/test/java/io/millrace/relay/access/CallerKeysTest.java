package io.millrace.relay.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.Passphrase;
import io.millrace.srt.handshake.KeyAgreement;
import io.millrace.srt.handshake.RejectReason;
import java.net.InetAddress;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallerKeysTest {
    private static final Passphrase RIGHT = Passphrase.of("correct horse");
    private static final Passphrase WRONG = Passphrase.of("another horse");
    private static final InetAddress PEER = InetAddress.getLoopbackAddress();

    private final Random random = new Random(1);
    private final KeyUnwrapper unwrapper = new KeyUnwrapper();
    private final WrongPassphraseBudget budget = new WrongPassphraseBudget(2, () -> 0);

    @Test
    void passphraseThatFitsIsKnownAndCostsNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            CallerKeys keys = keys(RIGHT);

            assertThat(keys.unwrap(RIGHT)).isNotNull().isSameAs(keys.unwrap(RIGHT));
            assertThat(keys.passphrase()).isEqualTo(RIGHT);
            keys.requireBudget();
        }
    }

    @Test
    void callerIsChargedOnceHoweverManyPassphrasesAreTriedOnIt() throws Exception {
        CallerKeys first = keys(RIGHT);
        for (int i = 0; i < 5; i++) {
            assertThat(first.unwrap(Passphrase.of("wrong passphrase " + i))).isNull();
        }
        first.requireBudget();
        assertThat(first.passphrase()).isNull();
        assertThat(keys(RIGHT).unwrap(WRONG)).isNull();

        CallerKeys third = keys(RIGHT);
        assertThat(third.unwrap(RIGHT)).isNull();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(third::requireBudget)
                .satisfies(e -> assertThat(e.refusal().reason()).isEqualTo(RejectReason.OVERLOAD));
    }

    @Test
    void callerIsChargedNothingOnceAPassphraseFits() {
        for (int i = 0; i < 5; i++) {
            CallerKeys keys = keys(RIGHT);
            keys.unwrap(WRONG);

            assertThat(keys.unwrap(RIGHT)).isNotNull();
        }
    }

    @Test
    void keysAreWipedThatComeToNothing() {
        CallerKeys keys = keys(RIGHT);
        KeyAgreement.Secured unwrapped = keys.unwrap(RIGHT);

        keys.wipe();

        assertThatIllegalStateException().isThrownBy(() -> unwrapped.kek().copy());
        assertThat(keys.passphrase()).isNull();
        assertThat(keys.unwrap(RIGHT)).isNotNull();
    }

    @Test
    void keysAreWipedWhenAnotherPassphraseIsWanted() {
        CallerKeys keys = keys(RIGHT);
        KeyAgreement.Secured unwrapped = keys.unwrap(RIGHT);

        assertThat(keys.unwrap(WRONG)).isNull();

        assertThatIllegalStateException().isThrownBy(() -> unwrapped.kek().copy());
        assertThat(keys.passphrase()).isNull();
    }

    @Test
    void callerInClearHasNoKeysAndPaysNothing() throws Exception {
        for (int i = 0; i < 5; i++) {
            CallerKeys keys = keys(null);

            assertThat(keys.areThere()).isFalse();
            assertThat(keys.unwrap(RIGHT)).isNull();
            keys.requireBudget();
        }
    }

    /** Of a caller with this passphrase, or none. */
    private CallerKeys keys(@Nullable Passphrase passphrase) {
        if (passphrase == null) {
            return new CallerKeys(null, PEER, unwrapper, budget);
        }
        KeyEncryptionKey kek = KeyEncryptionKey.derive(passphrase, KeyEncryptionKey.generateSalt(random), 16);
        return new CallerKeys(
                KeyAgreement.Secured.initiate(kek, CipherMode.CTR, random).material(), PEER, unwrapper, budget);
    }
}
