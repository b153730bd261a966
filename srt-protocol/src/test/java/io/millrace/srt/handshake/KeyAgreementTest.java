package io.millrace.srt.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.srt.crypto.CipherMode;
import io.millrace.srt.crypto.KeyEncryptionKey;
import io.millrace.srt.crypto.KmState;
import io.millrace.srt.crypto.Passphrase;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of its table. */
class KeyAgreementTest {
    private static final Passphrase PASSPHRASE = Passphrase.of("correct horse");

    private final Random random = new Random(3);
    private final KeyAgreement.Secured callers = KeyAgreement.Secured.initiate(
            KeyEncryptionKey.derive(PASSPHRASE, KeyEncryptionKey.generateSalt(random), 24), CipherMode.GCM, random);

    @Test
    void whoHasThePassphraseHasTheSameKeys() {
        KeyAgreement.Secured unwrapped = KeyAgreement.Secured.answer(
                callers.material(), KeyEncryptionKey.derive(PASSPHRASE, callers.material()));

        assertThat(KeyAgreement.respond(true, true, unwrapped)).isSameAs(unwrapped);
        assertThat(unwrapped.material()).isEqualTo(callers.material());
        assertThat(unwrapped.keys().keyLength()).isEqualTo(24);
        assertThat(callers.material().mode()).isEqualTo(CipherMode.GCM);
    }

    @Test
    void anotherPassphraseUnwrapsNothing() {
        Passphrase other = Passphrase.of("another horse");

        assertThat(KeyAgreement.Secured.answer(callers.material(), KeyEncryptionKey.derive(other, callers.material())))
                .isNull();
    }

    @Test
    void whereNobodyEncryptsItIsClear() {
        assertThat(KeyAgreement.respond(false, false, null)).isSameAs(KeyAgreement.Clear.CLEAR);
    }

    @ParameterizedTest
    @CsvSource({
        "true,  false, NO_SECRET,  UNSECURE",
        "false, true,  UNSECURED,  UNSECURE",
        "true,  true,  BAD_SECRET, BAD_SECRET",
    })
    void withoutCommonKeysTheStateIsToldOrTheCallerRefused(
            boolean requested, boolean hasPassphrase, KmState state, RejectReason refusal) {
        KeyAgreement agreement = KeyAgreement.respond(requested, hasPassphrase, null);

        assertThat(agreement).isEqualTo(new KeyAgreement.Unsecured(state, null));
        assertThat(((KeyAgreement.Unsecured) agreement).refusal()).isEqualTo(refusal);
    }

    @Test
    void anotherCipherIsRefusedAsSuch() {
        assertThat(new KeyAgreement.Unsecured(KmState.BAD_CRYPTO_MODE, null).refusal())
                .isEqualTo(RejectReason.CRYPTO);
    }

    @Test
    void wipedKeysAreOfNoUse() {
        callers.wipe();

        assertThatIllegalStateException().isThrownBy(() -> callers.material().unwrap(callers.kek()));
        assertThat(callers.toString()).doesNotContain("horse");
    }
}
